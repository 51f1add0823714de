// Where the sections of a module stand. Their sizes must add up to the file, or nothing is read.
// https://webassembly.github.io/spec/core/binary/modules.html#sections

import { rejected, WasmReader } from './reader.ts';

/** By id. Order is left to the engine; that each comes once is not, since only one is rewritten. */
const NAMES = [
  'custom',
  'type',
  'import',
  'function',
  'table',
  'memory',
  'global',
  'export',
  'start',
  'element',
  'code',
  'data',
  'data count',
  'tag',
] as const;

export type SectionName = (typeof NAMES)[number];

/** Far above any debug build; a million empty sections would only cost time. */
const MOST_CUSTOM_SECTIONS = 10_000;

export interface Section {
  readonly name: SectionName;
  /** Where the size stands; the contents are `[start, end)`. */
  readonly sizeAt: number;
  readonly start: number;
  readonly end: number;
}

/** All sections but custom ones, in the order of the file. */
export type Sections = ReadonlyMap<SectionName, Section>;

export function readSections(bytes: Uint8Array): Sections {
  checkPreamble(bytes);
  const sections = new Map<SectionName, Section>();
  const reader = new WasmReader(bytes, 8);
  let custom = 0;
  while (!reader.isAtEnd) {
    const section = readSection(reader);
    if (section.name === 'custom') {
      custom += 1;
      if (custom > MOST_CUSTOM_SECTIONS) {
        throw reader.fail(`Expected at most ${MOST_CUSTOM_SECTIONS} custom sections`);
      }
    } else if (sections.has(section.name)) {
      throw rejected(`Expected one ${section.name} section, got a second`, section.sizeAt - 1);
    } else {
      sections.set(section.name, section);
    }
  }
  return sections;
}

/** A reader that cannot leave the section. */
export function readerOf(bytes: Uint8Array, section: Section): WasmReader {
  return new WasmReader(bytes, section.start, section.end);
}

function readSection(reader: WasmReader): Section {
  const at = reader.at;
  const id = reader.u8('Section');
  const name = NAMES[id];
  if (name === undefined) throw rejected(`Unknown section ${id}`, at);
  const sizeAt = reader.at;
  const size = reader.u32(`Size of the ${name} section`);
  const start = reader.at;
  reader.skip(size, `The ${name} section`);
  return { name, sizeAt, start, end: reader.at };
}

function checkPreamble(bytes: Uint8Array): void {
  const [a, b, c, d, version, ...rest] = bytes.subarray(0, 8);
  if (a !== 0x00 || b !== 0x61 || c !== 0x73 || d !== 0x6d) {
    const hint = looksLikeText(bytes) ? 'WebAssembly text, which has to be assembled first' : 'none';
    throw rejected(`Expected a WebAssembly module, got ${hint}`, 0);
  }
  if (version === 0x0d && rest[0] === 0 && rest[1] === 1 && rest[2] === 0) {
    throw rejected('Expected a core WebAssembly module, got a component', 4);
  }
  if (version !== 1 || rest.length !== 3 || rest.some((byte) => byte !== 0)) {
    throw rejected('Expected version 1 of the WebAssembly format', 4);
  }
}

/** Text starts with `(module`, or with a comment: `;;` or `(;`. */
function looksLikeText(bytes: Uint8Array): boolean {
  const start = String.fromCharCode(...bytes.subarray(0, 64)).trimStart();
  return /^(?:\(\s*module|;;|\(;)/.test(start);
}
