// `nev:plugins/types`: ropes and shared buffers. What is mounted under a path only the same plugin finds, once.

import type { Budget } from '../../../src/runtime/wire/abi/budget.ts';
import type { Mounts } from '../../../src/runtime/wire/abi/mounts.ts';
import { SharedBuffer } from '../../../src/runtime/wire/abi/shared-buffer.ts';
import { trap } from '../../../src/runtime/wire/abi/trap.ts';
import type { Memory } from '../memory.ts';
import { Rope } from '../resources/rope.ts';
import type { Selection } from '../resources/selection.ts';
import { does, gives, type LocalFunction } from './local-function.ts';

const ROPE = { borrow: 'rope' } as const;
const OWN_ROPE = { own: 'rope' } as const;
const BUFFER = { borrow: 'shared-buffer' } as const;
const OWN_BUFFER = { own: 'shared-buffer' } as const;
const CURSOR = { record: { line: 's32', column: 's32' } } as const;
const SELECTION = { record: { first: CURSOR, last: CURSOR } } as const;

export interface TypesDeps {
  readonly memory: Memory;
  readonly budget: Budget;
  readonly ropes: Mounts<Rope>;
  readonly buffers: Mounts<SharedBuffer>;
  warn(text: string): void;
}

export function localTypes({ memory, budget, ropes, buffers, warn }: TypesDeps): Record<string, LocalFunction> {
  const written = (isWritten: boolean, index: bigint): void => {
    if (!isWritten) warn(`shared-buffer: nothing was written at ${index}, since not all of it fits`);
  };
  return {
    '[constructor]shared-buffer': gives(['s64'], OWN_BUFFER, (size) => new SharedBuffer(sizeOf(size), budget)),
    '[method]shared-buffer.clone-ref': gives([BUFFER], OWN_BUFFER, (buffer) => buffer.retain()),
    '[method]shared-buffer.len': gives([BUFFER], 's64', ({ length }) => BigInt(length)),
    '[method]shared-buffer.write-string': does([BUFFER, 's64', 'bytes'], (buffer, index, bytes) =>
      written(buffer.write(Number(index), bytes), index),
    ),
    '[method]shared-buffer.write': does([BUFFER, 's64', 'bytes'], (buffer, index, bytes) =>
      written(buffer.write(Number(index), bytes), index),
    ),
    '[method]shared-buffer.read-into': does([BUFFER, 's64', 'u32', 's32'], (buffer, index, to, length) => {
      const bytes = buffer.read(Number(index), length);
      if (bytes) memory.write(to, bytes, '`read-into`');
      else warn(`shared-buffer: ${length} bytes at ${index} are not all there`);
    }),
    '[method]shared-buffer.read': gives(
      [BUFFER, 's64', 's32'],
      'bytes',
      (buffer, index, length) => buffer.read(Number(index), length)?.slice() ?? new Uint8Array(),
    ),
    '[static]shared-buffer.open': gives(['string'], { option: OWN_BUFFER }, (path) => buffers.open(path)),
    '[static]shared-buffer.mount': gives([OWN_BUFFER, 'string', 'bool'], 'string', (buffer, path, unique) =>
      buffers.mount(buffer, path, unique),
    ),

    '[constructor]rope': gives(['bytes'], OWN_ROPE, (content) => Rope.of(content, budget)),
    '[method]rope.clone': gives([ROPE], OWN_ROPE, (rope) => rope.clone()),
    '[method]rope.bytes': gives([ROPE], 's64', ({ bytes }) => BigInt(bytes.length)),
    '[method]rope.runes': gives([ROPE], 's64', ({ runes }) => BigInt(runes)),
    '[method]rope.lines': gives([ROPE], 's64', ({ lines }) => BigInt(lines)),
    '[method]rope.text': gives([ROPE], 'bytes', ({ bytes }) => bytes),
    '[method]rope.slice': gives([ROPE, 's64', 's64', 'bool'], OWN_ROPE, (rope, a, b, inclusive) =>
      rope.slice(Number(a), Number(b), inclusive),
    ),
    '[method]rope.slice-selection': gives([ROPE, SELECTION, 'bool'], OWN_ROPE, (rope, { first, last }, inclusive) =>
      rope.slicePoints(first, last, inclusive),
    ),
    '[method]rope.find': gives([ROPE, 'bytes', 's64'], { option: 's64' }, (rope, sub, start) => {
      const found = rope.find(sub, Number(start));
      return found === undefined ? undefined : BigInt(found);
    }),
    '[method]rope.slice-points': gives([ROPE, CURSOR, CURSOR], OWN_ROPE, (rope, a, b) => rope.slicePoints(a, b, false)),
    '[method]rope.line-length': gives([ROPE, 's64'], 's64', (rope, line) => BigInt(rope.lineLength(Number(line)))),
    '[method]rope.rune-at': gives([ROPE, CURSOR], 'u32', (rope, cursor) => rope.runeAt(cursor)),
    '[method]rope.byte-at': gives([ROPE, CURSOR], 'u8', (rope, cursor) => rope.byteAt(cursor)),
    '[method]rope.find-all': gives([ROPE, 'string'], { list: SELECTION }, (rope, regex): Selection[] => {
      const found = rope.findAll(regex);
      if (!found) warn(`rope: ${JSON.stringify(regex)} is not a regular expression, so nothing was found`);
      return found ?? [];
    }),
    '[static]rope.open': gives(['string'], { option: OWN_ROPE }, (path) => ropes.open(path)),
    '[static]rope.mount': gives([OWN_ROPE, 'string', 'bool'], 'string', (rope, path, unique) =>
      ropes.mount(rope, path, unique),
    ),
  };
}

function sizeOf(size: bigint): number {
  if (size < 0n) throw trap(`a shared buffer cannot have ${size} bytes`);
  return Number(size);
}
