// Reads what is to be installed: the package, and what the options set for it. Nothing of it runs.

import { ClocheError } from '../../errors.ts';
import { MISSING_IMPORTS } from '../../manifest/missing-imports.ts';
import type { PluginManifest } from '../../manifest/plugin-manifest.ts';
import { checkedConfig, type InstallOptions } from '../../options.ts';
import type { Assemble } from '../../package/load-modules.ts';
import { type PluginPackage, readPackage } from '../../package/read-package.ts';
import type { PackageOrigin } from '../../registry/versions.ts';
import type { JudgedPlugin, Trust } from '../../trust/trust.ts';
import { oneOf } from '../../util/given-options.ts';
import { loadChunk } from '../../util/load-chunk.ts';
import type { TakenConfig } from '../config/take-config.ts';
import type { HostContext } from '../host-context.ts';
import type { PluginSettings } from '../settings/plugin-settings.ts';
import type { AskedInstall } from './asked-install.ts';
import { licensed } from './license.ts';
import { originOf } from './origin-of.ts';

/** Settings as the options give them. */
export type ReadSettings = Pick<
  PluginSettings,
  | 'grant'
  | 'accepted'
  | 'config'
  | 'secrets'
  | 'limits'
  | 'isolation'
  | 'missing'
  | 'enabled'
  | 'quarantined'
  | 'signature'
  | 'sha256'
>;

export interface ReadPlugin extends Pick<PluginPackage, 'manifest' | 'files' | 'isIdMade' | 'sha256'> {
  readonly from: PackageOrigin | undefined;
  /** Without the secrets of its config, which are encrypted for one installation. */
  readonly settings: ReadSettings;
  /** Those. */
  readonly seal: TakenConfig['seal'];
}

const NONE: ReadonlyMap<string, string> = new Map();

/** @throws {ClocheError} what `host.install` throws before anything of the plugin has run */
export async function readPlugin(asked: AskedInstall, context: HostContext): Promise<ReadPlugin> {
  const { source, options, settings } = asked;
  const { dialects, limits, trust, say } = context;
  const assemble = assembler(context);
  const { id, signal, signature: beside, missing: given = 'refuse' } = options;
  const missing = oneOf('missing', given, MISSING_IMPORTS);
  const read = await readPackage(source, {
    dialects: dialects.known,
    limits,
    signal,
    assemble,
    id,
    signature: beside,
  });
  const { files, warnings, isIdMade, license, signature, sha256 } = read;
  assertPinned(read.manifest.id, options.sha256, sha256);
  assertAllowed(trust, { manifest: read.manifest, sha256, signature }, options);
  const manifest = await licensed(read.manifest, license, context);
  await dialects.load(manifest.dialect, missing);
  for (const text of warnings) say(manifest.id, 'warn', text);
  if (signature === 'broken') say(manifest.id, 'warn', 'Its package was changed after it was signed');
  const { config, seal } = await takenConfig(manifest, asked, context);
  return {
    manifest,
    settings: {
      ...settings,
      missing,
      config,
      secrets: NONE,
      accepted: [],
      enabled: true,
      quarantined: false,
      signature,
      sha256: trust.keepsHash ? sha256 : undefined,
    },
    files,
    isIdMade,
    sha256,
    from: originOf(source, options.catalog),
    seal,
  };
}

/** Each text once, however often it is asked for. */
function assembler({ pool, limits }: HostContext): Assemble {
  const made = new WeakMap<Uint8Array, ReturnType<Assemble>>();
  const assembled: Assemble = async (bytes, what) => {
    const { assemble } = await loadChunk(() => import('../../runtime/wat/assembler.ts'));
    return assemble(await pool.workerHost(), { bytes, what, maxBytes: limits.moduleBytes });
  };
  return (text, what) => {
    const module = made.get(text) ?? assembled(text, what);
    made.set(text, module);
    return module;
  };
}

/** Where no config is given nobody says that it is complete: what is missing can be set once the plugin is installed. */
async function takenConfig(
  manifest: PluginManifest,
  { config, options: { replace } }: AskedInstall,
  { configs, plugins }: HostContext,
): Promise<TakenConfig> {
  const seal = async (): Promise<ReadonlyMap<string, string>> => NONE;
  if (!manifest.configSchema) return { config: checkedConfig(config), seal };
  const late = await configs.load();
  await late.checkManifest(manifest);
  if (config === undefined) return { config: NONE, seal };
  const before = replace === 'wipe' ? undefined : plugins.get(manifest.id);
  return late.take(manifest, config, before?.settings.secrets ?? NONE);
}

/** Once its id is known. @throws {ClocheError} NOT_ALLOWED, BLOCKED, FORBIDDEN, GRANT_FIXED */
export function assertAllowed(trust: Trust, plugin: JudgedPlugin, options: InstallOptions): void {
  const refusal = trust.refusal?.(plugin);
  if (refusal) throw refusal;
  trust.assertMay?.({ name: 'install', plugin: plugin.manifest.id, given: options });
}

function assertPinned(plugin: string, pinned: string | undefined, sha256: string): void {
  if (pinned === undefined || pinned === sha256) return;
  const message = `The package of plugin "${plugin}" is not the one that was accepted: its SHA-256 is ${sha256}, expected ${pinned}`;
  throw new ClocheError('HASH_MISMATCH', message, { plugin });
}
