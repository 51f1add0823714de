// Makes refused growth known. An engine answers the guest with -1 at the cap and tells nobody else, so `memory.grow`
// becomes a call of a function that does it, and notes in a global how much was refused last.
// https://webassembly.github.io/spec/core/exec/instructions.html#exec-memory-grow

import { growsIn, type Span } from './code.ts';
import type { ModuleOutline } from './module.ts';
import type { WasmReader } from './reader.ts';
import { type Edit, leb128 } from './rewrite.ts';
import { readerOf, type SectionName } from './sections.ts';

/** Export of the global: pages that the last `memory.grow` was refused, 0 where it was not. */
export const REFUSED_PAGES = 'cloche:refused-pages';

const I32 = 0x7f;
const CALL = 0x10;
/** An allocator has one place that grows, or a few. Each is an object here. */
const MOST_EDITS = 10_000;

/** Nothing where nothing grows. A body with an instruction that is not known here stays as it is, and notes nothing. */
export function growthEdits(bytes: Uint8Array, outline: ModuleOutline): Edit[] {
  const code = outline.sections.get('code');
  if (!code || outline.memories.length === 0) return [];
  const { types, functions, globals } = outline.counts;
  const calls = callEdits(bytes, readerOf(bytes, code), [CALL, ...leb128(functions)]);
  if (calls.length === 0 || calls.length > MOST_EDITS) return [];
  const name = [...new TextEncoder().encode(REFUSED_PAGES)];
  return [
    ...calls,
    ...added(bytes, outline, 'type', [0x60, 1, I32, 1, I32]),
    ...added(bytes, outline, 'function', leb128(types)),
    ...added(bytes, outline, 'global', [I32, 1, 0x41, 0, 0x0b]), // mutable, 0
    ...added(bytes, outline, 'export', [...leb128(name.length), ...name, 3, ...leb128(globals)]),
    ...added(bytes, outline, 'code', sized(growing(globals))),
  ];
}

/** `(func (param $pages i32) (result i32) (local $was i32) …)` */
function growing(global: number): number[] {
  return [
    ...[1, 1, I32], // one local
    ...[0x20, 0, 0x41, 0], // $pages, or 0,
    ...[0x20, 0, 0x40, 0, 0x22, 1], // grown by $pages to what was $was:
    ...[0x41, 0x7f, 0x46, 0x1b], // $pages where that is -1
    ...[0x24, ...leb128(global)],
    ...[0x20, 1, 0x0b], // $was
  ];
}

function callEdits(bytes: Uint8Array, code: WasmReader, call: readonly number[]): Edit[] {
  const edits: Edit[] = [];
  const bodies = code.u32('Number of functions');
  for (let i = 0; i < bodies; i += 1) {
    const sizeAt = code.at;
    const size = code.u32('Size of a body');
    const body = { start: code.at, end: code.at + size };
    code.skip(size, 'A body');
    const grows = growsOrNone(bytes, body);
    if (grows.length === 0 || edits.length > MOST_EDITS) continue;
    const growth = grows.reduce((sum, { start, end }) => sum + call.length - end + start, 0);
    edits.push({ start: sizeAt, end: body.start, bytes: leb128(size + growth) });
    for (const { start, end } of grows) edits.push({ start, end, bytes: call });
  }
  return edits;
}

function growsOrNone(bytes: Uint8Array, body: Span): Span[] {
  try {
    return growsIn(bytes, body);
  } catch {
    // The engine will say whether it is valid; that a refusal stays unknown there is not a reason to refuse it.
    return [];
  }
}

/** One more entry at the end of a section. Globals and exports, which a module may do without, get a section. */
function added(bytes: Uint8Array, { sections }: ModuleOutline, name: SectionName, entry: readonly number[]): Edit[] {
  const section = sections.get(name);
  if (section) {
    const reader = readerOf(bytes, section);
    const count = reader.u32('Number of entries');
    return [
      { start: section.start, end: reader.at, bytes: leb128(count + 1) },
      { start: section.end, end: section.end, bytes: entry },
    ];
  }
  const isGlobal = name === 'global';
  const following = isGlobal ? (['export', ...FOLLOWING] as const) : FOLLOWING;
  const place = Math.min(...following.map((next) => (sections.get(next)?.sizeAt ?? bytes.length + 1) - 1));
  return [{ start: place, end: place, bytes: [isGlobal ? 6 : 7, ...sized([1, ...entry])], isSection: true }];
}

/** What may come after exports; there always is code. */
const FOLLOWING: readonly SectionName[] = ['start', 'element', 'data count', 'code'];

function sized(bytes: readonly number[]): number[] {
  return [...leb128(bytes.length), ...bytes];
}
