// Reads what is to be installed: the package, and what the options set for it. Nothing of it runs.

import { givenLimits } from '../../limits.ts';
import { checkedConfig, type InstallOptions, pluginIsolation } from '../../options.ts';
import type { PluginSource } from '../../package/package-source.ts';
import { type PluginPackage, readPackage } from '../../package/read-package.ts';
import { checkedGrant } from '../../permissions/grants.ts';
import type { HostContext } from '../host-context.ts';
import type { PluginSettings } from '../plugin-settings.ts';

/** Settings as the options give them. */
export type ReadSettings = Pick<
  PluginSettings,
  'grant' | 'accepted' | 'config' | 'limits' | 'isolation' | 'enabled' | 'quarantined' | 'signature'
>;

export interface ReadPlugin extends Pick<PluginPackage, 'manifest' | 'files' | 'isIdMade'> {
  readonly settings: ReadSettings;
}

/** @throws {ClocheError} what `host.install` throws before anything of the plugin has run */
export async function readPlugin(
  source: PluginSource,
  options: InstallOptions,
  { capabilities, dialects, limits, say }: HostContext,
): Promise<ReadPlugin> {
  const { grant: given = 'manifest' } = options;
  const grant = checkedGrant(given, capabilities);
  const own = givenLimits(options.limits);
  const config = checkedConfig(options.config);
  const { id, signal, signature: beside } = options;
  const read = await readPackage(source, { dialects: dialects.known, limits, signal, id, signature: beside });
  const { manifest, files, warnings, isIdMade, signature } = read;
  await dialects.load(manifest.dialect);
  for (const text of warnings) say(manifest.id, 'warn', text);
  if (signature === 'broken') say(manifest.id, 'warn', 'Its package was changed after it was signed');
  const isolation = pluginIsolation(options);
  const settings = {
    grant,
    accepted: [],
    config,
    limits: own,
    isolation,
    enabled: true,
    quarantined: false,
    signature,
  };
  return { manifest, settings, files, isIdMade };
}
