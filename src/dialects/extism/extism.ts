// Extism plugins: modules with or without a manifest. What runs one is here, since most plugins are bare modules; what reads a
// manifest is loaded with the first.

import { camelCase } from '../../manifest/fields.ts';
import { bareDraft, type Place } from '../../manifest/manifest-draft.ts';
import { isCoreModule } from '../../package/module-magic.ts';
import { loadChunk } from '../../util/load-chunk.ts';
import type { Dialect, DialectCode } from '../dialect.ts';
import { loadHttp } from '../windshift/load.ts';
import { extismFunctions } from './functions.ts';
import { EXTISM_KEYS, isExtismKey } from './keys.ts';
import { extismGuest, requestsByImport } from './runs.ts';

const code: DialectCode = {
  async read(evidence, options) {
    if (evidence.kind === 'bytes') return bareDraft('extism');
    const { readExtism } = await loadChunk(() => import('./manifest.ts'));
    return readExtism(evidence.manifest, options);
  },
  guest: ({ instance }) => extismGuest(instance),
  requests: requestsByImport,
  functions: extismFunctions,
};

export const extism: Dialect = {
  name: 'extism',
  label: 'Extism',
  marks: '`wasm`, a list',
  keys: [...EXTISM_KEYS, ...EXTISM_KEYS.map(camelCase)],
  manifestFile: 'extism.json',
  recognise(evidence) {
    if (evidence.kind === 'bytes') return isCoreModule(evidence.bytes) ? 'place' : undefined;
    const { manifest, place, file } = evidence;
    const { wasm } = manifest;
    // Beside a module Cloche's own form may list more modules, too.
    if (wasm !== undefined && typeof wasm !== 'string' && place !== 'inline') return 'mark';
    return file === 'extism.json' || fits(Object.keys(manifest), place) ? 'place' : undefined;
  },
  load: async () => code,
  http: { load: loadHttp },
};

/** Everything in the manifest is optional, where its module is given. */
function fits(keys: readonly string[], place: Place): boolean {
  return keys.every(isExtismKey) && (keys.length > 0 || place === 'inline' || place === 'beside');
}
