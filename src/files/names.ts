// Names and paths as guests give them. A name is taken only in the one form that permissions are compared in.

import { climbs } from '../util/climbing-path.ts';
import { EILSEQ, ENAMETOOLONG, ENOENT, ENOTCAPABLE, Refused } from './errno.ts';

const MOST_PATH_BYTES = 4_096;
const MOST_NAME_BYTES = 255;

/** What separates elsewhere, ends a string somewhere, or cannot be seen; and halves of surrogate pairs. */
const REFUSED = /[\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export interface GivenPath {
  readonly segments: readonly string[];
  /** It ends with a slash, or in a segment of dots: it means a folder. */
  readonly meansFolder: boolean;
}

/** @throws {Refused} */
export function readPath(bytes: Uint8Array): GivenPath {
  return splitPath(textOf(bytes));
}

/** @throws {Refused} ENAMETOOLONG; EILSEQ for what is not UTF-8 */
export function textOf(bytes: Uint8Array): string {
  if (bytes.length > MOST_PATH_BYTES) throw new Refused(ENAMETOOLONG);
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Refused(EILSEQ);
  }
}

/** @throws {Refused} ENOENT for an empty one, ENOTCAPABLE for an absolute one, EILSEQ for what is no name */
export function splitPath(text: string): GivenPath {
  if (text === '') throw new Refused(ENOENT);
  if (text.startsWith('/')) throw new Refused(ENOTCAPABLE);
  const all = text.split('/');
  const segments = all.filter((segment) => segment !== '' && segment !== '.');
  for (const segment of segments) checkName(segment);
  const last = all.at(-1);
  return { segments, meansFolder: last === '' || last === '.' || last === '..' };
}

/** @throws {Refused} EILSEQ, ENAMETOOLONG */
function checkName(name: string): void {
  const isPlain = !REFUSED.test(name) && name.normalize('NFC') === name;
  // Dots and slashes behind an escape are refused, as `canonicalPath` does.
  if (!isPlain || (name !== '..' && climbs(name, 'slashes'))) throw new Refused(EILSEQ);
  if (new TextEncoder().encode(name).length > MOST_NAME_BYTES) throw new Refused(ENAMETOOLONG);
}
