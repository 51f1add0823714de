// Renames what a module exports and the modules it imports from.

import { cut } from '../cut.ts';
import type { ModuleOutline, Name } from './module.ts';
import { rejected } from './reader.ts';
import { type Edit, leb128 } from './rewrite.ts';

/** Ours alone: `cloche:host` for the kernel, `cloche:_start` for exports that a linker must not see. */
const OURS = 'cloche:';

export type Renames = ReadonlyMap<string, string>;

/** @throws {ClocheError} MODULE_REJECTED when a plugin's module uses a name that starts with `cloche:`. */
export function refuseOurNames({ imports, exports }: ModuleOutline): void {
  for (const { module, name } of imports) {
    const ours = [module.text, name].find((text) => text.startsWith(OURS));
    if (ours !== undefined) throw rejected(`Import by ${JSON.stringify(cut(ours))}, a reserved name`, module.start);
  }
  for (const { name } of exports) {
    if (name.text.startsWith(OURS)) {
      throw rejected(`Export ${JSON.stringify(cut(name.text))}, a reserved name`, name.start);
    }
  }
}

export function exportEdits({ exports }: ModuleOutline, renames: Renames): Edit[] {
  return exports.flatMap(({ name }) => rename(name, renames));
}

/** Changes the module of each import, never the name in it. */
export function importModuleEdits({ imports }: ModuleOutline, renames: Renames): Edit[] {
  return imports.flatMap(({ module }) => rename(module, renames));
}

function rename({ text, start, end }: Name, renames: Renames): Edit[] {
  const to = renames.get(text);
  if (to === undefined) return [];
  const bytes = new TextEncoder().encode(to);
  return [{ start, end, bytes: [...leb128(bytes.length), ...bytes] }];
}
