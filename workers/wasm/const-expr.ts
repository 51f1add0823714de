// Constant expressions stand between what Cloche wants to read: initial values of globals and tables.
// https://webassembly.github.io/spec/core/valid/instructions.html#constant-expressions

import { rejected, type WasmReader } from './reader.ts';
import { readHeapType } from './types.ts';

const END = 0x0b;

/** Opcodes without immediates: i32 and i64 add, sub, mul of the extended constant expressions. */
const PLAIN: ReadonlySet<number> = new Set([0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e]);

/** Passes over one constant expression, its `end` included. Types are the engine's business. */
export function skipConstExpr(reader: WasmReader): void {
  for (;;) {
    const at = reader.at;
    const opcode = reader.u8('Constant expression');
    if (opcode === END) return;
    if (PLAIN.has(opcode)) continue;
    if (opcode === 0x41) reader.skipSigned('i32.const', 5);
    else if (opcode === 0x42) reader.skipSigned('i64.const', 10);
    else if (opcode === 0x43) reader.skip(4, 'f32.const');
    else if (opcode === 0x44) reader.skip(8, 'f64.const');
    else if (opcode === 0x23) reader.u32('global.get');
    else if (opcode === 0xd0) readHeapType(reader);
    else if (opcode === 0xd2) reader.u32('ref.func');
    else if (opcode === 0xfd) skipVector(reader, at);
    else if (opcode === 0xfb) skipGc(reader, at);
    else throw unknown(opcode, at);
  }
}

function skipVector(reader: WasmReader, at: number): void {
  const opcode = reader.u32('Vector instruction');
  if (opcode !== 12) throw unknown(opcode, at);
  reader.skip(16, 'v128.const');
}

/** struct.new, array.new and their kin; then any.convert_extern, extern.convert_any, ref.i31. */
function skipGc(reader: WasmReader, at: number): void {
  const opcode = reader.u32('GC instruction');
  if ([0, 1, 6, 7].includes(opcode)) {
    reader.u32('Type of a new object');
  } else if (opcode === 8) {
    reader.u32('Type of a new array');
    reader.u32('Length of a new array');
  } else if (![26, 27, 28].includes(opcode)) {
    throw unknown(opcode, at);
  }
}

function unknown(opcode: number, at: number): Error {
  return rejected(`Instruction 0x${opcode.toString(16)} is not a constant expression`, at);
}
