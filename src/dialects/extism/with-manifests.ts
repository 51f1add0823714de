// Extism plugins, also by their manifests.

import { camelCase } from '../../manifest/fields.ts';
import type { Place } from '../../manifest/manifest-draft.ts';
import type { Dialect } from '../dialect.ts';
import type { bareExtism } from './extism.ts';
import { EXTISM_KEYS, isExtismKey } from './keys.ts';
import { readExtism } from './manifest.ts';

/** @param bare as every page has it: importing it here would part it from there */
export const extismWithManifests = (bare: typeof bareExtism): Dialect => ({
  ...bare,
  keys: [...EXTISM_KEYS, ...EXTISM_KEYS.map(camelCase)],
  manifestFile: 'extism.json',
  recognise(evidence) {
    if (evidence.kind === 'bytes') return bare.recognise(evidence);
    const { manifest, place, file } = evidence;
    const { wasm } = manifest;
    // Beside a module Cloche's own form may list more modules, too.
    if (wasm !== undefined && typeof wasm !== 'string' && place !== 'inline') return 'mark';
    return file === 'extism.json' || fits(Object.keys(manifest), place) ? 'place' : undefined;
  },
  async load() {
    const code = await bare.load();
    return {
      ...code,
      read: (evidence, options) =>
        evidence.kind === 'bytes' ? code.read(evidence, options) : readExtism(evidence.manifest, options),
    };
  },
});

/** Everything in the manifest is optional, where its module is given. */
function fits(keys: readonly string[], place: Place): boolean {
  return keys.every(isExtismKey) && (keys.length > 0 || place === 'inline' || place === 'beside');
}
