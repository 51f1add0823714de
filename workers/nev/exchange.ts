// What a plugin shares with its background instances, which live in workers of their own, or with an app: the page keeps it, and each use
// of it is one host call, that of `spawn-background` itself. A plugin that imports nothing of either keeps everything in its worker.

import { EXCHANGED_BYTES, EXCHANGED_NUMBERS, TAKING_PART } from '../../src/runtime/wire/abi/exchanged.ts';
import { trap } from '../../src/runtime/wire/abi/trap.ts';
import type { AbiFunction, AbiType } from '../../src/runtime/wire/abi/types.ts';
import { fromNumber, isRope } from '../../src/runtime/wire/abi/values.ts';
import type { WireValue } from '../../src/runtime/wire/protocol.ts';

const INTERFACE = 'nev:plugins/';
const CORE = `${INTERFACE}core`;
export const SPAWN = 'spawn-background';
export const READ_INTO = '[method]shared-buffer.read-into';

const NOTHING = new Uint8Array();

/** Whether its plugin may have several instances, or an app takes part in its channels and buffers. */
export function shares({ module: namespace, name }: WebAssembly.ModuleImportDescriptor): boolean {
  return (namespace === CORE && name === SPAWN) || (namespace.startsWith(INTERFACE) && TAKING_PART.has(name));
}

/** Whether instances have it in common; also what is only about an instance among several. */
export function isExchanged(namespace: string, name: string): boolean {
  if (namespace === CORE) return name === SPAWN || name === 'finish-background';
  if (namespace === 'nev:plugins/types') return name.includes('shared-buffer') || name.startsWith('[static]rope.');
  return namespace === 'nev:plugins/channel';
}

/** The values of the host call: its name, numbers, and bytes. */
export function exchangeArguments(name: string, given: readonly WireValue[]): WireValue[] {
  const numbers = given.flatMap((value) => (value instanceof Uint8Array || value === null ? [] : [BigInt(value)]));
  const bytes = given.filter((value) => value instanceof Uint8Array);
  return [
    new TextEncoder().encode(name),
    ...Array.from({ length: EXCHANGED_NUMBERS }, (_, i) => BigInt.asIntN(64, numbers[i] ?? 0n)),
    ...Array.from({ length: EXCHANGED_BYTES }, (_, i) => bytes[i] ?? NOTHING),
  ];
}

/** What the page has answered: bytes as they are, numbers of 64 bits, nothing for an option without a value. */
export function exchanged({ result }: AbiFunction, answer: WireValue): unknown {
  if (result === undefined) return undefined;
  const bytes = answer instanceof Uint8Array ? answer : NOTHING;
  return read(result, bytes);
}

function read(type: AbiType, bytes: Uint8Array): unknown {
  if (type === 'string' || type === 'bytes') return bytes;
  if (typeof type === 'object' && 'option' in type) {
    const [isSome] = bytes;
    return isSome ? read(type.option, bytes.subarray(1)) : undefined;
  }
  if (isRope(type)) return bytes.slice();
  if (typeof type === 'object' && 'tuple' in type)
    return type.tuple.map((item, i) => read(item, bytes.subarray(i * 8, i * 8 + 8)));
  if (bytes.length < 8) throw trap('the page gave no number');
  const number = new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, true);
  return type === 's64' ? number : fromNumber(typeof type === 'object' ? 'u32' : type, Number(number));
}
