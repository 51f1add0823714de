// Reads what is to be installed: the package, and what the options set for it. Nothing of it runs.

import { givenLimits } from '../../limits.ts';
import { checkedConfig, type InstallOptions, pluginIsolation } from '../../options.ts';
import { OwnSource } from '../../package/own-source.ts';
import type { PluginSource } from '../../package/package-source.ts';
import type { PluginPackage } from '../../package/read-package.ts';
import { checkedGrant } from '../../permissions/grants.ts';
import { loadChunk } from '../../util/load-chunk.ts';
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
  const lower = givenLimits(options.limits);
  const config = checkedConfig(options.config);
  const { id, signal, signature: beside } = options;
  // Before anything is waited for: its reader may have to come first.
  const own = OwnSource.of(source, limits);
  const isolation = pluginIsolation(options);
  const { readPackage } = await loadChunk(() => import('../../package/read-package.ts'));
  const read = await readPackage(own, { dialects: dialects.known, limits, signal, id, signature: beside });
  const { manifest, files, warnings, isIdMade, signature } = read;
  await dialects.load(manifest.dialect);
  for (const text of warnings) say(manifest.id, 'warn', text);
  if (signature === 'broken') say(manifest.id, 'warn', 'Its package was changed after it was signed');
  const settings = {
    grant,
    accepted: [],
    config,
    limits: lower,
    isolation,
    enabled: true,
    quarantined: false,
    signature,
  };
  return { manifest, settings, files, isIdMade };
}
