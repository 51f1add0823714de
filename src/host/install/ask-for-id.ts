// Where only the started plugin knows its id and its name, it is started for that, and ended; then it is installed as any other.

import { ClocheError } from '../../errors.ts';
import { ID_RULE, isPluginId } from '../../manifest/plugin-id.ts';
import type { PluginManifest } from '../../manifest/plugin-manifest.ts';
import { shown } from '../../util/text/shown.ts';
import type { HostContext } from '../host-context.ts';
import type { ReadPlugin } from './read-plugin.ts';
import { introspection } from './try-out.ts';

/** @throws {ClocheError} MANIFEST_INVALID for what is not an id, and whatever starting throws */
export async function askForId(
  context: HostContext,
  { manifest, settings, files }: ReadPlugin,
  signal: AbortSignal | undefined,
): Promise<Pick<PluginManifest, 'id' | 'name'>> {
  const { data, dialects } = context;
  const beginning = await data.begin(manifest.id, {}, settings.signature);
  const trial = context.make(
    manifest,
    // Nobody has consented to anything yet.
    { ...settings, grant: 'none', ...beginning, installedAt: undefined, pending: undefined },
    files,
  );
  try {
    await trial.start(signal);
    const { complete } = dialects.get(manifest.dialect).code;
    const asked = { ...introspection(trial, context, signal), note: () => undefined };
    const { id, name } = (await complete?.(trial.manifest, asked)) ?? manifest;
    if (isPluginId(id)) return { id, name };
    throw new ClocheError('MANIFEST_INVALID', `The plugin says that its id is ${shown(id)}; it should be ${ID_RULE}`);
  } finally {
    await trial.close();
  }
}
