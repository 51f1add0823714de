// What a manifest says of a program that asks for all of WASI. Comes late: few do.

import { ROOTS } from '../files/roots.ts';
import type { GuestProgram } from '../runtime/wire/guest-contract.ts';
import { newObject } from '../util/json/untrusted-json.ts';
import { Fields } from './fields.ts';

/** Of arguments, variables or folders. */
const MOST = 100;
const TEXT = { max: 4_096, lines: true };

/**
 * Folders that are not named are the roots themselves.
 * @param value `"full"`, or `{ args?, env?, folders? }`
 * @throws {ClocheError} MANIFEST_INVALID with the path of the field
 */
export function readProgram(value: unknown): GuestProgram {
  const fields = new Fields(value === 'full' ? newObject() : value, ['wasi'], ['args', 'env', 'folders']);
  return {
    args: fields.texts('args', MOST, TEXT) ?? [],
    env: [...(fields.textMap('env', MOST, TEXT) ?? [])],
    folders: [...(fields.textMap('folders', MOST, TEXT) ?? ROOTS.map((root) => [root, root] as const))],
  };
}
