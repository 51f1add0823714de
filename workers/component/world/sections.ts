// The sections of a component, which may come in any order and any number, and hold components themselves.
// https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md

import { rejected, WasmReader } from '../../wasm/reader.ts';

/** By id; the last stands for values, which nothing makes yet. */
const NAMES = [
  'custom',
  'core module',
  'core instance',
  'core type',
  'component',
  'instance',
  'alias',
  'type',
  'canon',
  'start',
  'import',
  'export',
] as const;

export type ComponentSectionName = (typeof NAMES)[number];

export interface ComponentSection {
  readonly name: ComponentSectionName;
  readonly reader: WasmReader;
}

/** Far above what tools write, who add a custom section or two to each module. */
const MOST_SECTIONS = 10_000;

const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];

/** @param reader of the whole component, from its preamble on */
export function* componentSections(reader: WasmReader): Generator<ComponentSection> {
  for (const byte of PREAMBLE) {
    if (reader.u8('Preamble of a component') !== byte) throw reader.fail('This is not a component of version 0d');
  }
  for (let count = 0; !reader.isAtEnd; count += 1) {
    if (count === MOST_SECTIONS) throw reader.fail(`Expected at most ${MOST_SECTIONS} sections in a component`);
    const at = reader.at;
    const name = NAMES[reader.u8('Section')];
    if (!name) throw rejected('A section of no known kind in a component', at);
    const size = reader.u32(`Size of a ${name} section`);
    const start = reader.at;
    reader.skip(size, `A ${name} section`);
    yield { name, reader: new WasmReader(reader.bytes, start, reader.at) };
  }
}

/** The bytes that a section consists of. */
export function contentsOf({ bytes, at, end }: WasmReader): Uint8Array {
  return bytes.subarray(at, end);
}
