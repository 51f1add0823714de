// Reads what is to be installed: the package, and what the options set for it. Nothing of it runs.

import { type PluginPackage, readPackage } from '../../package/read-package.ts';
import type { HostContext } from '../host-context.ts';
import type { PluginSettings } from '../plugin-settings.ts';
import type { AskedInstall } from './asked-install.ts';

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
  { source, options, settings }: AskedInstall,
  { dialects, limits, say }: HostContext,
): Promise<ReadPlugin> {
  const { id, signal, signature: beside } = options;
  const read = await readPackage(source, { dialects: dialects.known, limits, signal, id, signature: beside });
  const { manifest, files, warnings, isIdMade, signature } = read;
  await dialects.load(manifest.dialect);
  for (const text of warnings) say(manifest.id, 'warn', text);
  if (signature === 'broken') say(manifest.id, 'warn', 'Its package was changed after it was signed');
  return {
    manifest,
    settings: { ...settings, accepted: [], enabled: true, quarantined: false, signature },
    files,
    isIdMade,
  };
}
