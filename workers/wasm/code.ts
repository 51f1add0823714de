// Walks the instructions of a function body, to find one among them. What they mean is the engine's business.
// https://webassembly.github.io/spec/core/binary/instructions.html

import { rejected, WasmReader } from './reader.ts';
import { readHeapType, readValueType } from './types.ts';

const MEMORY_GROW = 0x40;
const MOST_GROWS = 100;

/** Of the body `[start, end)`, behind its size. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The `memory.grow` of a body.
 * @throws {ClocheError} MODULE_REJECTED for an instruction that is not known here, which an engine may still know, and
 * for more of them than any allocator has.
 */
export function growsIn(bytes: Uint8Array, { start, end }: Span): Span[] {
  if (!mayGrow(bytes, start, end)) return [];
  const reader = new WasmReader(bytes, start, end);
  times(reader, () => skip(reader, 'iv'));
  const found: Span[] = [];
  while (!reader.isAtEnd) {
    const at = reader.at;
    const first = reader.u8('Instruction');
    const opcode = first < 0xfc ? first : first * 0x1000 + reader.u32('Instruction');
    const shape = SHAPES.get(opcode);
    if (shape === undefined) throw rejected(`Unknown instruction 0x${opcode.toString(16)}`, at);
    skip(reader, shape);
    if (opcode === MEMORY_GROW) found.push({ start: at, end: reader.at });
    if (found.length > MOST_GROWS) throw rejected(`Expected at most ${MOST_GROWS} \`memory.grow\` in a function`, at);
  }
  return found;
}

/** Whether the two bytes of the instruction are there at all, as themselves or as anything else: mostly they are not. */
function mayGrow(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end - 1; at += 1) {
    if (bytes[at] === MEMORY_GROW && bytes[at + 1] === 0) return true;
  }
  return false;
}

/**
 * What follows the instructions, a letter for each immediate as `skip` reads them. Those with a prefix have it before
 * three digits of their own. Of garbage collection there is nothing here.
 */
const SHAPES: ReadonlyMap<number, string> = shapes({
  '': '0-1 5 a-b f 19-1b 45-c4 d1 d3-d4 fc000-fc007 fd00e-fd014 fd023-fd053 fd05e-fd113',
  i: '7-9 c-d 10 12 14-15 18 20-26 3f-40 d2 d5-d6 fc009 fc00b fc00d fc00f-fc011',
  ii: '11 13 fc008 fc00a fc00c fc00e',
  b: '2-4 6', // block, loop, if, try
  bC: '1f', // try_table
  Li: 'e', // br_table
  V: '1c', // select of a type
  n: '41-42',
  '4': '43',
  '8': '44',
  h: 'd0', // ref.null
  m: '28-3e fd000-fd00b fd05c-fd05d fe000-fe002 fe010-fe04e',
  '88': 'fd00c-fd00d', // v128.const, i8x16.shuffle
  '1': 'fd015-fd022 fe003', // lanes, atomic.fence
  m1: 'fd054-fd05b',
});

function skip(reader: WasmReader, shape: string): void {
  for (const immediate of shape) {
    switch (immediate) {
      case 'i':
        reader.u32('Index');
        break;
      case 'n':
        reader.skipSigned('Number', 10);
        break;
      case 'm':
        // The seventh bit of the alignment says that a memory follows.
        skip(reader, reader.u32('Alignment') & 0x40 ? 'in' : 'n');
        break;
      case 'b': {
        // Nothing, a value type, or the index of a type.
        const byte = reader.bytes[reader.at];
        skip(reader, byte === 0x63 || byte === 0x64 ? 'v' : 'n');
        break;
      }
      case 'v':
        readValueType(reader);
        break;
      case 'h':
        readHeapType(reader);
        break;
      case 'L':
        times(reader, () => skip(reader, 'i'));
        break;
      case 'V':
        times(reader, () => skip(reader, 'v'));
        break;
      case 'C':
        times(reader, () => skip(reader, reader.u8('Kind of a catch') < 2 ? 'ii' : 'i'));
        break;
      default:
        reader.skip(Number(immediate), 'Constant');
    }
  }
}

function times(reader: WasmReader, run: () => void): void {
  for (let left = reader.u32('Number of entries'); left > 0; left -= 1) run();
}

function shapes(table: Readonly<Record<string, string>>): ReadonlyMap<number, string> {
  const map = new Map<number, string>();
  for (const [shape, codes] of Object.entries(table)) {
    for (const range of codes.split(' ')) {
      const [first = 0, last = first] = range.split('-').map((digits) => Number.parseInt(digits, 16));
      for (let code = first; code <= last; code += 1) map.set(code, shape);
    }
  }
  return map;
}
