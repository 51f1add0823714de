// What a component has at one point of it: a space for each sort of thing, which it names by number, and what it imports or exports by
// name.

import { rejected, type WasmReader } from '../../wasm/reader.ts';
import type { Sort } from './guard.ts';
import type { FunctionNode } from './type-nodes.ts';
import type { TypeEntry } from './type-reader.ts';

/** What has a name: given to a component, or taken from one. */
export type Extern =
  | { readonly is: 'func'; readonly type: FunctionNode }
  | { readonly is: 'type'; readonly type: TypeEntry<Externs> }
  | { readonly is: 'instance'; readonly externs: Externs }
  | { readonly is: 'component'; readonly make: Definition };
export type Externs = ReadonlyMap<string, Extern>;
export type Definition = (given: Externs) => Externs;

export interface Scope {
  readonly parent: Scope | undefined;
  readonly types: TypeEntry<Externs>[];
  readonly funcs: FunctionNode[];
  readonly instances: Externs[];
  readonly components: Definition[];
  /** Undefined for one that is not to be had, such as an imported module. */
  readonly modules: MemoryOf[];
}

export interface MemoryOf {
  readonly count: number;
  readonly initialPages: number;
}

export function newScope(parent: Scope | undefined): Scope {
  return { parent, types: [], funcs: [], instances: [], components: [], modules: [] };
}

export function depthOf(scope: Scope): number {
  let depth = 0;
  for (let one: Scope | undefined = scope; one; one = one.parent) depth += 1;
  return depth;
}

export function declare(scope: Scope, extern: Extern): void {
  if (extern.is === 'func') scope.funcs.push(extern.type);
  else if (extern.is === 'type') scope.types.push(extern.type);
  else if (extern.is === 'instance') scope.instances.push(extern.externs);
  else scope.components.push(extern.make);
}

export function externOf(scope: Scope, sort: Sort, index: number, reader: WasmReader): Extern {
  switch (sort) {
    case 'func':
      return { is: 'func', type: at(scope.funcs, index, sort, reader) };
    case 'type':
      return { is: 'type', type: at(scope.types, index, sort, reader) };
    case 'instance':
      return { is: 'instance', externs: at(scope.instances, index, sort, reader) };
    case 'component':
      return { is: 'component', make: at(scope.components, index, sort, reader) };
    default:
      throw reader.fail(`A ${sort} is imported or exported, which nobody can use here`);
  }
}

export function required(externs: Externs, name: string, reader: WasmReader): Extern {
  const found = externs.get(name);
  if (found) return found;
  throw reader.fail(`Nothing is named ${JSON.stringify(name.slice(0, 100))} there`);
}

export function at<T>(space: readonly T[], index: number, what: string, reader: WasmReader): T {
  const found = space[index];
  if (found !== undefined) return found;
  throw rejected(`There is no ${what} ${index}`, reader.at);
}
