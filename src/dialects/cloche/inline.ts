// What the page itself writes beside a module: Cloche's own manifest without its mark, in which the keys of Extism's stand
// for what they ask there.

import { unknownKey } from '../../manifest/fields.ts';
import type { ManifestDraft, ReadOptions } from '../../manifest/manifest-draft.ts';
import { invalid, type JsonObject, newObject } from '../../util/json/untrusted-json.ts';
import { EXTISM_KEYS, isExtismKey } from '../extism/keys.ts';
import { readExtism } from '../extism/manifest.ts';
import { clocheKeys } from './keys.ts';
import { readImplied } from './manifest.ts';

/** @throws {ClocheError} MANIFEST_INVALID with the path of the field, and for a key that neither of them has */
export function readInline(manifest: JsonObject, options: ReadOptions): ManifestDraft {
  const keys = clocheKeys().filter((key) => key !== 'cloche');
  const own = newObject();
  const extism = newObject();
  for (const [key, value] of Object.entries(manifest)) {
    if (keys.includes(key)) own[key] = value;
    else if (isExtismKey(key)) extism[key] = value;
    else throw unknownKey([key], [...keys, ...EXTISM_KEYS.filter((other) => !keys.includes(other))]);
  }
  const draft = readImplied(own, options);
  const { permissions, limits, warnings } = readExtism(extism, { mainGiven: true });
  return {
    ...draft,
    permissions: joined(draft.permissions, permissions),
    limits: merged(draft.limits, limits),
    warnings,
  };
}

function joined(own: ManifestDraft['permissions'], extism: ManifestDraft['permissions']): ManifestDraft['permissions'] {
  if (extism.length > 0 && own.some(({ capability }) => capability === 'http')) {
    throw invalid(['allowed_hosts'], 'says again what `permissions.http` says: leave one out');
  }
  return [...own, ...extism];
}

function merged(own: ManifestDraft['limits'], extism: ManifestDraft['limits']): ManifestDraft['limits'] {
  const twice = Object.keys(extism).find((key) => Object.hasOwn(own, key));
  if (twice !== undefined)
    throw invalid(['limits', twice], 'is given twice: `memory` and `timeout_ms` are limits as well');
  return { ...own, ...extism };
}
