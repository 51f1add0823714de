// Extra fields of zip entries, as far as they can make another reader see another file than the header names.
// Format: APPNOTE.TXT 6.3, sections 4.5.3 (Zip64), 4.6.9 (Unicode path).
// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT

import { crc32 } from '../util/hash/crc32.ts';
import type { Bytes } from './fetch-bytes.ts';

const ZIP64 = 0x0001;
const UNICODE_PATH = 0x7075;
const ASI_UNIX = 0x756e;

/** What is wrong with the extra fields of an entry, or undefined. */
export function extraProblem(extra: Bytes, rawName: Bytes): string | undefined {
  const view = new DataView(extra.buffer, extra.byteOffset, extra.byteLength);
  let at = 0;
  while (at + 4 <= extra.length) {
    const id = view.getUint16(at, true);
    const next = at + 4 + view.getUint16(at + 2, true);
    if (next > extra.length) return 'has an extra field that is cut off';
    const problem = fieldProblem(id, extra.subarray(at + 4, next), rawName);
    if (problem !== undefined) return problem;
    at = next;
  }
  // Some tools pad with zeros, so that the data is aligned.
  for (; at < extra.length; at++) if (extra[at] !== 0) return 'has bytes after its extra fields';
  return undefined;
}

function fieldProblem(id: number, data: Bytes, rawName: Bytes): string | undefined {
  if (id === ZIP64) return 'has Zip64 fields, which only packages over 4 GiB need';
  if (id === UNICODE_PATH && !repeats(data, rawName)) return 'has a second name, in a Unicode path field';
  if (id === ASI_UNIX) return 'has a field that can make it a link';
  return undefined;
}

/**
 * Whether a Unicode path says the name of the header once more. Info-ZIP unpacks to this one where the checksum fits that
 * name, and to that where it does not; who does not look at the checksum, always to this one.
 */
function repeats(data: Bytes, rawName: Bytes): boolean {
  if (data.length !== 5 + rawName.length || data[0] !== 1) return false;
  const checksum = new DataView(data.buffer, data.byteOffset).getUint32(1, true);
  return checksum === crc32(rawName) && rawName.every((byte, index) => data[5 + index] === byte);
}
