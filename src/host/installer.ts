// The rules of installing: what is read and tried first, what an update keeps, and what refuses a second plugin of one id.

import type { Capability } from '../capabilities/capability.ts';
import { completeManifest } from '../dialects/complete-manifest.ts';
import { ClocheError, messageOf } from '../errors.ts';
import type { LogWriter } from '../extensions/context.ts';
import { givenLimits, type Limits } from '../limits.ts';
import { checkedConfig, type InstallOptions } from '../options.ts';
import type { PluginSource } from '../package/package-source.ts';
import { type PluginPackage, readPackage } from '../package/read-package.ts';
import { checkedGrant } from '../permissions/grants.ts';
import { DESCRIBING } from '../runtime/running-call.ts';
import { oneOf } from '../util/given-options.ts';
import type { Plugin } from './plugin.ts';
import type { PluginSettings, SettingsChange } from './plugin-context.ts';

interface InstallContext {
  readonly capabilities: readonly Capability[];
  readonly limits: Limits;
  readonly say: LogWriter;
}

/** Settings as the options give them. */
type ReadSettings = Pick<PluginSettings, 'grant' | 'config' | 'limits' | 'enabled' | 'quarantined'>;

export interface ReadPlugin extends Pick<PluginPackage, 'manifest' | 'files'> {
  readonly settings: ReadSettings;
}

/** @throws {ClocheError} what `host.install` throws before anything of the plugin has run */
export async function readInstallation(
  source: PluginSource,
  options: InstallOptions,
  { capabilities, limits, say }: InstallContext,
): Promise<ReadPlugin> {
  const { grant: given = 'manifest' } = options;
  const grant = checkedGrant(given, capabilities);
  const own = givenLimits(options.limits);
  const config = checkedConfig(options.config);
  const { manifest, files, warnings } = await readPackage(source, { limits, signal: options.signal, id: options.id });
  for (const text of warnings) say(manifest.id, 'warn', text);
  const settings = { grant, config, limits: own, enabled: true, quarantined: false };
  return { manifest, settings, files };
}

/** Starts a new plugin, and lets it say of itself what its manifest does not. One that cannot start is closed again. */
export async function tryOut(plugin: Plugin, say: LogWriter, signal: AbortSignal | undefined): Promise<void> {
  try {
    await plugin.inspect(signal);
    // Imports are known now, and with them what an Extism plugin asks for. Whatever is granted: a scope that shows only
    // when somebody looks at it would be in the way of all who look.
    plugin.checkRequests();
    await plugin.start(signal);
    const note = (text: string): void => say(plugin.id, 'warn', text);
    plugin.describe(await completeManifest(plugin.manifest, (name) => ask(plugin, name, say, signal), note));
  } catch (thrown) {
    await plugin.close();
    throw thrown;
  }
}

/** What a plugin says of itself. It may have nothing to say, and is none the worse for that. */
async function ask(
  plugin: Plugin,
  name: string,
  say: LogWriter,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | undefined> {
  if (!(await plugin.exports()).some((exported) => exported.name === name)) return undefined;
  try {
    return (await plugin.call(name, undefined, { context: DESCRIBING, ...(signal && { signal }) })).bytes();
  } catch (thrown) {
    if (signal?.aborted) throw thrown;
    say(plugin.id, 'warn', `\`${name}\` failed, so what it would have said is missing: ${messageOf(thrown)}`);
    return undefined;
  }
}

/** What an update changes. What a user decided stays: a revoked grant stays revoked, a plugin that is off stays off. */
export function updateOf({ grant, config, limits }: ReadSettings, options: InstallOptions): SettingsChange {
  return {
    ...(options.grant !== undefined && { grant }),
    ...(options.config !== undefined && { config }),
    ...(options.limits !== undefined && { limits }),
    quarantined: false,
  };
}

/**
 * What may become of a plugin that has the id.
 * @throws {ClocheError} OPTION_INVALID, also for keeping what nobody can keep
 */
export function checkedReplace({ replace = false, data = 'empty' }: InstallOptions): 'keep' | 'wipe' | false {
  const word = typeof replace === 'boolean' ? replace && 'keep' : replace;
  const checked = word === false ? word : oneOf('replace', word, ['keep', 'wipe']);
  if (oneOf('data', data, ['empty', 'keep']) === 'keep' && checked === 'wipe') {
    throw new ClocheError('OPTION_INVALID', "`replace: 'wipe'` starts empty, so it cannot go with `data: 'keep'`");
  }
  return checked;
}
