// Reads what is to be installed: the package, and what the options set for it. Nothing of it runs.

import { ClocheError } from '../../errors.ts';
import { type PluginPackage, readPackage } from '../../package/read-package.ts';
import type { HostContext } from '../host-context.ts';
import type { PluginSettings } from '../plugin-settings.ts';
import type { AskedInstall } from './asked-install.ts';

/** Settings as the options give them. */
export type ReadSettings = Pick<
  PluginSettings,
  'grant' | 'accepted' | 'config' | 'limits' | 'isolation' | 'enabled' | 'quarantined' | 'signature'
>;

export interface ReadPlugin extends Pick<PluginPackage, 'manifest' | 'files' | 'isIdMade' | 'sha256'> {
  readonly settings: ReadSettings;
}

/** @throws {ClocheError} what `host.install` throws before anything of the plugin has run */
export async function readPlugin(
  { source, options, settings }: AskedInstall,
  { dialects, limits, say }: HostContext,
): Promise<ReadPlugin> {
  const { id, signal, signature: beside } = options;
  const read = await readPackage(source, { dialects: dialects.known, limits, signal, id, signature: beside });
  const { manifest, files, warnings, isIdMade, signature, sha256 } = read;
  assertPinned(manifest.id, options.sha256, sha256);
  await dialects.load(manifest.dialect);
  for (const text of warnings) say(manifest.id, 'warn', text);
  if (signature === 'broken') say(manifest.id, 'warn', 'Its package was changed after it was signed');
  return {
    manifest,
    settings: { ...settings, accepted: [], enabled: true, quarantined: false, signature },
    files,
    isIdMade,
    sha256,
  };
}

function assertPinned(plugin: string, pinned: string | undefined, sha256: string): void {
  if (pinned === undefined || pinned === sha256) return;
  const message = `The package of plugin "${plugin}" is not the one that was accepted: its SHA-256 is ${sha256}, expected ${pinned}`;
  throw new ClocheError('HASH_MISMATCH', message, { plugin });
}
