// The signature of a single module lies in the module: in a custom section after all others, which every engine passes over.
// https://webassembly.github.io/spec/core/binary/modules.html#custom-section

import { joined } from '../util/capped-body.ts';
import { isCoreModule } from '../util/wasm-header.ts';
import { SIGNATURE_SECTION } from './package-signature.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const HEADER_BYTES = 8;
const CUSTOM = 0;

export interface SignedModule {
  /** What is signed, and run: without the signature. */
  readonly bytes: Bytes;
  /** Undefined where there is none; empty where sections follow it, so that it cannot be one of all. */
  readonly signature: Bytes | undefined;
}

/** @param bytes of anything; what is no core module has no signature */
export function splitSignature(bytes: Bytes): SignedModule {
  let at = HEADER_BYTES;
  if (!isCoreModule(bytes)) return { bytes, signature: undefined };
  while (at < bytes.length) {
    const start = at;
    const [size, content] = readSize(bytes, start + 1);
    at = content + size;
    if (at > bytes.length) break;
    const signature = bytes[start] === CUSTOM ? signatureIn(bytes.subarray(content, at)) : undefined;
    if (!signature) continue;
    const isLast = at === bytes.length;
    // Copies: a view takes all of its buffer along into storage.
    return isLast
      ? { bytes: bytes.slice(0, start), signature: signature.slice() }
      : { bytes, signature: new Uint8Array() };
  }
  return { bytes, signature: undefined };
}

/** @param module without one */
export function withSignature(module: Uint8Array, signature: Uint8Array): Bytes {
  const name = new TextEncoder().encode(SIGNATURE_SECTION);
  const size = unsignedLeb(1 + name.length + signature.length);
  return joined([module, new Uint8Array([CUSTOM, ...size, name.length, ...name, ...signature])]);
}

/** What follows the name, where it is that of a signature. */
function signatureIn(section: Bytes): Bytes | undefined {
  const { length } = SIGNATURE_SECTION;
  const isSignature =
    section[0] === length &&
    [...SIGNATURE_SECTION].every((character, at) => section[1 + at] === character.charCodeAt(0));
  return isSignature ? section.subarray(1 + length) : undefined;
}

/** An unsigned LEB128 of 32 bits, and where it ends. What is none is larger than any file. */
function readSize(bytes: Bytes, from: number): [size: number, end: number] {
  let size = 0;
  for (let index = 0; index < 5; index++) {
    const byte = bytes[from + index];
    if (byte === undefined) break;
    size += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return [size, from + index + 1];
  }
  return [Number.POSITIVE_INFINITY, from];
}

function unsignedLeb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsignedLeb(value >>> 7)];
}
