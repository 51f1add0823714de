// The dialects that this version of Cloche knows. A new one is a folder beside this file, and an entry in the list.

import { isJsonObject, type JsonObject } from '../util/json/untrusted-json.ts';
import { cloche } from './cloche/cloche.ts';
import type { Dialect } from './dialect.ts';
import type { bareExtism } from './extism/extism.ts';
import { extismWithManifests } from './extism/with-manifests.ts';
import { nev } from './nev/nev.ts';
import { windmill } from './windmill/windmill.ts';
import { windshift } from './windshift/windshift.ts';

/** Known, so as not to take its plugins for another's, and not run yet. */
const navidrome: Dialect = {
  name: 'navidrome',
  label: 'Navidrome',
  marks: '`permissions` with a `reason`',
  recognise(evidence) {
    if (evidence.kind !== 'manifest') return undefined;
    const { manifest, place } = evidence;
    const isOne =
      !('wasm' in manifest) &&
      hasReasons(manifest) &&
      (place !== 'inline' || 'website' in manifest || 'experimental' in manifest);
    return isOne ? 'mark' : undefined;
  },
};

/** Of two that see a mark of theirs the first has it. @param bare what every page has of Extism's */
export const known = (bare: typeof bareExtism): Dialect[] => [
  cloche,
  nev,
  extismWithManifests(bare),
  windshift,
  windmill,
  navidrome,
];

function hasReasons({ permissions }: JsonObject): boolean {
  return (
    isJsonObject(permissions) && Object.values(permissions).some((asked) => isJsonObject(asked) && 'reason' in asked)
  );
}
