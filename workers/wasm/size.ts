// The sizes that memories and tables declare, and the kinds of them that Cloche cannot cap.
// https://webassembly.github.io/spec/core/binary/types.html#limits

import { rejected, type WasmReader } from './reader.ts';

/** A memory in pages of 64 KiB, or a table in elements; `[start, end)` are the bytes that say so. */
export interface Size {
  readonly start: number;
  readonly end: number;
  readonly initial: number;
  readonly maximum: number | null;
}

const HAS_MAXIMUM = 0x01;
const SHARED = 0x02;
const WIDE = 0x04;
const PAGE_SIZE = 0x08;

/** @throws {ClocheError} MODULE_REJECTED for what is shared, has 64-bit indices or pages of its own size. */
export function readSize(reader: WasmReader, what: 'memory' | 'table'): Size {
  const start = reader.at;
  const flags = reader.u8(`Size of a ${what}`);
  const refuse = (reason: string) => rejected(`Expected a plain ${what}, got ${reason}`, start);
  if (flags & SHARED) throw refuse('a shared one: plugins run in one thread');
  if (flags & WIDE) throw refuse(`a 64-bit one (${what}64), which engines do not agree on yet`);
  if (flags & PAGE_SIZE) throw refuse('one with pages of its own size, which engines do not know yet');
  if (flags > HAS_MAXIMUM) throw refuse(`unknown flags 0x${flags.toString(16)}`);
  const initial = reader.u32(`Initial size of a ${what}`);
  const maximum = flags & HAS_MAXIMUM ? reader.u32(`Maximum of a ${what}`) : null;
  return { start, end: reader.at, initial, maximum };
}

export function printSize({ initial, maximum }: Size): string {
  return `${initial}..${maximum ?? ''}`;
}
