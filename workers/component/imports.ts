// Everything that a component imports, as the glue takes it: WASI, the functions of the page, and a word for the rest.

import { ClocheError } from '../../src/errors.ts';
import type { FunctionShape } from '../../src/runtime/wire/protocol.ts';
import { type AskPage, hostImport, isForComponents, missingImport } from './host-imports.ts';
import { refusals } from './refusals.ts';
import { withoutVersion } from './transpiler/async-names.ts';
import { camel, type Values } from './values/values.ts';
import type { Interfaces } from './wasi/preview2.ts';
import type { WitInterface, World } from './world/wit-types.ts';

export interface ImportDeps {
  readonly world: World;
  readonly functions: readonly FunctionShape[];
  readonly wasi: Interfaces;
  readonly values: Values;
  readonly ask: AskPage;
  readonly crossing: () => void;
}

export type ImportObject = Record<string, Record<string, unknown>>;

export function importObject(deps: ImportDeps): ImportObject {
  const imports: ImportObject = Object.create(null) as ImportObject;
  for (const one of deps.world.imports) {
    if (one.name === '') {
      for (const fn of one.functions) imports[fn.name] = { default: functionsOf(one, deps)[camel(fn.name)] };
      continue;
    }
    const name = withoutVersion(one.name);
    imports[name] = { ...imports[name], ...interfaceOf(one, deps) };
  }
  return imports;
}

/** @throws {ClocheError} IMPORT_MISSING for what nothing provides and no error result tells of */
export function checkImports({ imports, types }: World, functions: readonly FunctionShape[], wasi: Interfaces): void {
  const missing = imports.flatMap(({ name, functions: imported }) => {
    if (name.startsWith('wasi:') || wasi.has(withoutVersion(name))) return [];
    return imported
      .filter((fn) => indexOf(name, fn.name, functions) < 0 && !missingImport(name, fn, types, () => undefined))
      .map((fn) => `\`${name === '' ? fn.name : `${name}/${fn.name}`}\``);
  });
  if (missing.length === 0) return;
  throw new ClocheError(
    'IMPORT_MISSING',
    `The component imports ${missing.slice(0, 20).join(', ')}, which nothing provides`,
  );
}

function interfaceOf(one: WitInterface, deps: ImportDeps): Record<string, unknown> {
  const name = withoutVersion(one.name);
  const known = deps.wasi.get(name);
  if (known) return { ...known };
  return name.startsWith('wasi:') ? refusals(one, deps.world.types, deps.crossing) : functionsOf(one, deps);
}

function functionsOf(one: WitInterface, deps: ImportDeps): Record<string, unknown> {
  const { world, functions, crossing } = deps;
  return Object.fromEntries(
    one.functions.map((fn) => {
      const index = indexOf(one.name, fn.name, functions);
      const place = one.name === '' ? fn.name : `${one.name}/${fn.name}`;
      const call =
        index < 0
          ? missingImport(place, fn, world.types, crossing)
          : hostImport(fn, index, { ...deps, types: world.types });
      return [camel(fn.name), call];
    }),
  );
}

function indexOf(module: string, name: string, functions: readonly FunctionShape[]): number {
  const unversioned = withoutVersion(module);
  return functions.findIndex(
    (fn) => fn.name === name && (fn.namespace === module || fn.namespace === unversioned) && isForComponents(fn),
  );
}
