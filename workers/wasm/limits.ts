// Caps what a module can take, before an engine sees it: every memory and table gets a maximum in
// the binary, so that `grow` answers -1 at the limit without any of our code running.

import type { ModuleFacts, ModuleLimits } from '../../src/runtime/wire/protocol.ts';
import { growthEdits } from './growth.ts';
import { type ModuleOutline, readModule, type SizedEntry } from './module.ts';
import { exportEdits, importModuleEdits, type Renames, refuseOurNames } from './names.ts';
import { rejected } from './reader.ts';
import { applyEdits, type Edit, leb128 } from './rewrite.ts';

/** What no engine allows; a lowered maximum must not make a broken module valid. */
const PAGES_OF_32_BITS = 65_536;

export interface RewriteOptions {
  readonly limits: ModuleLimits;
  /** Names of exports and what to call them instead. */
  readonly renameExports?: Renames;
  /** Modules that imports come from and what to call them instead. */
  readonly renameImportModules?: Renames;
  /** Whether refused growth becomes known, see `growth.ts`. @default false */
  readonly noteGrowth?: boolean;
}

export interface RewrittenModule {
  /** The very same object if nothing had to change. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** As the module came, before any renaming. */
  readonly facts: Omit<ModuleFacts, 'name'>;
  /** How many memories it has of its own. */
  readonly memories: number;
}

/**
 * Writes limits and names into a module, and tells what it imports and exports.
 * Everything else stays byte for byte. Takes time for the headers, not for the code.
 * @throws {ClocheError} MODULE_REJECTED when the module is broken or cannot be limited.
 */
export function rewriteModule(given: Uint8Array, options: RewriteOptions): RewrittenModule {
  // Shared memory could change between reading and compiling, and engines do not take it.
  const bytes = given.buffer instanceof ArrayBuffer ? (given as Uint8Array<ArrayBuffer>) : new Uint8Array(given);
  const outline = readModule(bytes);
  refuseOurNames(outline);
  const edits = [
    ...limitEdits(outline, options.limits),
    ...exportEdits(outline, options.renameExports ?? new Map()),
    ...importModuleEdits(outline, options.renameImportModules ?? new Map()),
    ...(options.noteGrowth ? growthEdits(bytes, outline) : []),
  ];
  const memories = outline.memories.filter(({ isImported }) => !isImported).length;
  return { bytes: applyEdits(bytes, outline.sections, edits), facts: factsOf(outline), memories };
}

function limitEdits({ memories, tables }: ModuleOutline, limits: ModuleLimits): Edit[] {
  const { memoryPages, growthPages, tableElements } = limits;
  const pages: Cap = { what: 'memory', unit: 'pages', cap: memoryPages, growth: growthPages, option: 'memoryBytes' };
  const elements: Cap = {
    what: 'table',
    unit: 'elements',
    cap: tableElements,
    growth: tableElements,
    option: 'tableElements',
  };
  for (const memory of memories) {
    if ((memory.maximum ?? 0) > PAGES_OF_32_BITS) {
      throw rejected(`Expected a memory of at most 65536 pages, got ${memory.maximum}`, memory.start);
    }
  }
  return [...memories.flatMap((memory) => limit(memory, pages)), ...tables.flatMap((table) => limit(table, elements))];
}

interface Cap {
  readonly what: string;
  readonly unit: string;
  readonly cap: number;
  /** How far it may grow beyond what it starts with, within the cap. */
  readonly growth: number;
  /** The option of `limits.ts` that raises it. */
  readonly option: string;
}

/**
 * An imported memory or table keeps its type. Whoever provides it was limited when it was made, and
 * so has a maximum no higher than natively: it links wherever it linked before. A maximum of ours
 * in the import's type could only make linking fail.
 */
function limit(size: SizedEntry, { what, unit, cap, growth, option }: Cap): Edit[] {
  if (size.initial > cap) {
    throw rejected(
      `The module ${size.isImported ? 'imports' : 'starts with'} a ${what} of ${size.initial} ${unit}, ` +
        `more than its limit of ${cap}; raise \`${option}\` to allow it`,
      size.start,
    );
  }
  const { start, end, initial } = size;
  const highest = Math.min(cap, initial + growth);
  if (size.isImported || (size.maximum !== null && size.maximum <= highest)) return [];
  return [{ start, end, bytes: [0x01, ...leb128(initial), ...leb128(highest)] }];
}

function factsOf({ imports, exports }: ModuleOutline): RewrittenModule['facts'] {
  return {
    imports: imports.map(({ module, name, kind, type }) => ({
      module: module.text,
      name,
      kind,
      type,
    })),
    exports: exports.map(({ name, kind, type, callable }) => ({
      name: name.text,
      kind,
      type,
      callable,
    })),
  };
}
