// Works out what a component imports and exports, with all types. Types pass through imports and exports of the components
// inside, so each of these is gone through as it would be instantiated, as far as types are concerned.
// https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md

import { readModule } from '../../wasm/module.ts';
import { rejected, WasmReader } from '../../wasm/reader.ts';
import { guardComponent, readAlias, readCoreInstance, readSort, type Sort } from './guard.ts';
import { componentSections, contentsOf } from './sections.ts';
import { type FunctionNode, type Resource, TypeNumbers } from './type-nodes.ts';
import { readDefinedValueType, readFunctionType, type TypeEntry } from './type-reader.ts';
import type { WitInterface, World } from './wit-types.ts';

/** What has a name: given to a component, or taken from one. */
type Extern =
  | { readonly is: 'func'; readonly type: FunctionNode }
  | { readonly is: 'type'; readonly type: TypeEntry<Externs> }
  | { readonly is: 'instance'; readonly externs: Externs }
  | { readonly is: 'component'; readonly make: Definition };
type Externs = ReadonlyMap<string, Extern>;
type Definition = (given: Externs) => Externs;

interface Scope {
  readonly parent: Scope | undefined;
  readonly types: TypeEntry<Externs>[];
  readonly funcs: FunctionNode[];
  readonly instances: Externs[];
  readonly components: Definition[];
  /** Undefined for one that is not to be had, such as an imported module. */
  readonly modules: MemoryOf[];
}

interface MemoryOf {
  readonly count: number;
  readonly initialPages: number;
}

/** Components that are instantiated, each as often as it is: what is nested can double with each level. */
const MOST_INSTANTIATED = 200;
/** Engines take a while for each. Real ones have some ten. */
const MOST_CORE_INSTANCES = 200;
/** What one plugin takes of the engine's room, others do not get: see `compile-modules.ts`. */
const MOST_MEMORIES = 8;
const MOST_ITEMS = 20_000;
const MOST_LEVELS = 8;

/** @throws {ClocheError} MODULE_REJECTED */
export function readWorld(bytes: Uint8Array): World {
  guardComponent(new WasmReader(bytes));
  return new WorldReader().read(bytes);
}

class WorldReader {
  #instantiated = 0;
  #coreInstances = 0;
  #memories = 0;
  #initialPages = 0;
  #items = 0;
  #resources = 0;
  readonly #imports = new Map<string, Extern>();

  read(bytes: Uint8Array): World {
    const exports = this.#component(new WasmReader(bytes), undefined, undefined);
    const numbers = new TypeNumbers();
    return {
      imports: interfacesOf(this.#imports, numbers),
      exports: interfacesOf(exports, numbers),
      types: numbers.types,
      memories: { count: this.#memories, initialPages: this.#initialPages },
    };
  }

  /** @param given undefined for the component itself, whose imports are what its host provides */
  #component(reader: WasmReader, parent: Scope | undefined, given: Externs | undefined): Externs {
    this.#instantiated += 1;
    if (this.#instantiated > MOST_INSTANTIATED) {
      throw reader.fail(`Expected at most ${MOST_INSTANTIATED} components to be instantiated`);
    }
    const scope: Scope = { parent, types: [], funcs: [], instances: [], components: [], modules: [] };
    const exports = new Map<string, Extern>();
    for (const { name, reader: section } of componentSections(reader)) {
      switch (name) {
        case 'core module':
          scope.modules.push(memoryOf(contentsOf(section)));
          break;
        case 'component': {
          const { bytes, at, end } = section;
          scope.components.push((args) => this.#component(new WasmReader(bytes, at, end), scope, args));
          break;
        }
        case 'core instance':
          this.#each(section, (one) => this.#coreInstance(one, scope));
          break;
        case 'instance':
          this.#each(section, (one) => scope.instances.push(this.#instance(one, scope)));
          break;
        case 'alias':
          this.#each(section, (one) => this.#alias(one, scope));
          break;
        case 'type':
          this.#each(section, (one) => scope.types.push(this.#type(one, scope)));
          break;
        case 'canon':
          this.#each(section, (one) => this.#canon(one, scope));
          break;
        case 'import':
          this.#each(section, (one) => {
            const key = readExternName(one);
            const extern = this.#described(one, scope, given ? required(given, key, one) : undefined);
            if (!given) this.#imports.set(key, extern);
            declare(scope, extern);
          });
          break;
        case 'export':
          this.#each(section, (one) => {
            const key = readExternName(one);
            const found = externOf(scope, readSort(one), one.u32('Export'), one);
            const extern = one.u8('Type of an export') === 0x01 ? this.#described(one, scope, found) : found;
            exports.set(key, extern);
            declare(scope, extern);
          });
          break;
        case 'start':
          throw section.fail('The component has a start function of its own, which no toolchain writes');
        case 'custom':
        case 'core type':
          break;
      }
    }
    return exports;
  }

  #each(reader: WasmReader, read: (reader: WasmReader) => void): void {
    const count = reader.count('items in a section', MOST_ITEMS);
    for (let i = 0; i < count; i += 1) {
      this.#count(reader);
      read(reader);
    }
    if (!reader.isAtEnd) throw reader.fail('A section is longer than what it lists');
  }

  /** All together: sections may be many, and components be instantiated more than once. */
  #count(reader: WasmReader): void {
    this.#items += 1;
    if (this.#items > MOST_ITEMS * 5) throw reader.fail(`Expected at most ${MOST_ITEMS * 5} items in a component`);
  }

  #coreInstance(reader: WasmReader, { modules }: Scope): void {
    const index = readCoreInstance(reader, () => undefined);
    if (index === undefined) return;
    const memory = at(modules, index, 'core module', reader);
    this.#coreInstances += 1;
    this.#memories += memory.count;
    this.#initialPages += memory.initialPages;
    if (this.#coreInstances > MOST_CORE_INSTANCES) {
      throw reader.fail(`Expected at most ${MOST_CORE_INSTANCES} core instances`);
    }
    if (this.#memories > MOST_MEMORIES)
      throw reader.fail(`Expected at most ${MOST_MEMORIES} memories in all core instances`);
  }

  #instance(reader: WasmReader, scope: Scope): Externs {
    const form = reader.u8('Instance');
    const isMade = form === 0x00;
    if (!isMade && form !== 0x01) throw reader.fail('An instance of no known form');
    const make = isMade ? at(scope.components, reader.u32('Component'), 'component', reader) : undefined;
    const items = new Map<string, Extern>();
    const count = reader.count('items of an instance', MOST_ITEMS);
    for (let i = 0; i < count; i += 1) {
      this.#count(reader);
      const key = isMade ? reader.name('name of an argument') : readExternName(reader);
      items.set(key, externOf(scope, readSort(reader), reader.u32('Item'), reader));
    }
    return make ? make(items) : items;
  }

  #alias(reader: WasmReader, scope: Scope): void {
    const alias = readAlias(reader);
    if (alias.of === 'core') return;
    if (alias.of === 'export') {
      const instance = at(scope.instances, alias.instance, 'instance', reader);
      declare(scope, required(instance, alias.name, reader));
      return;
    }
    let outer: Scope | undefined = scope;
    for (let level = 0; level < alias.levels && level < MOST_LEVELS * 2; level += 1) outer = outer?.parent;
    if (!outer) throw reader.fail('An alias leads out of the component');
    if (alias.sort === 'core module') scope.modules.push(at(outer.modules, alias.index, 'core module', reader));
    else declare(scope, externOf(outer, alias.sort, alias.index, reader));
  }

  #canon(reader: WasmReader, scope: Scope): void {
    const kind = reader.u8('Canonical function');
    switch (kind) {
      case 0x00: {
        reader.skip(1, 'Canonical function');
        reader.u32('Core function');
        readOptions(reader);
        const type = at(scope.types, reader.u32('Type of a function'), 'type', reader);
        if (type.is !== 'func') throw reader.fail('A function of a type that is not one');
        scope.funcs.push(type.type);
        return;
      }
      case 0x01:
        reader.skip(1, 'Canonical function');
        reader.u32('Function');
        readOptions(reader);
        return;
      case 0x02:
      case 0x03:
      case 0x04:
        reader.u32('Resource');
        return;
      default:
        throw reader.fail(
          `The component uses a canonical function of asynchronous components (0x${kind.toString(16)}); those of WASI 0.2 run here`,
        );
    }
  }

  #type(reader: WasmReader, scope: Scope): TypeEntry<Externs> {
    const start = reader.at;
    switch (reader.u8('Type')) {
      case 0x3f: {
        reader.skip(1, 'Representation of a resource');
        if (reader.u8('Destructor') === 0x01) reader.u32('Destructor');
        return { is: 'resource', type: this.#resource() };
      }
      case 0x40:
        return { is: 'func', type: readFunctionType(reader, scope.types) };
      case 0x41:
      case 0x42: {
        // Gone through each time that it is used, as each instance has resources of its own.
        const from = reader.at;
        this.#declared(reader, scope, new Map());
        const { bytes, at: end } = reader;
        return {
          is: 'instance',
          make: () => this.#declared(new WasmReader(bytes, from, end), scope, new Map()),
        };
      }
      default:
        reader.at = start;
        return { is: 'value', type: readDefinedValueType(reader, scope.types) };
    }
  }

  #resource(): Resource {
    this.#resources += 1;
    return { id: this.#resources - 1 };
  }

  /** The declarations of a type of instances or of components. @returns what one exports */
  #declared(reader: WasmReader, parent: Scope, given: Externs): Externs {
    const scope: Scope = { parent, types: [], funcs: [], instances: [], components: [], modules: [] };
    if (depthOf(scope) > MOST_LEVELS * 2) throw reader.fail('Types of instances are nested too deep');
    const exports = new Map<string, Extern>();
    const count = reader.count('declarations', MOST_ITEMS);
    for (let i = 0; i < count; i += 1) {
      this.#count(reader);
      const kind = reader.u8('Declaration');
      if (kind === 0x01) scope.types.push(this.#type(reader, scope));
      else if (kind === 0x02) this.#alias(reader, scope);
      else if (kind === 0x03 || kind === 0x04) {
        const key = readExternName(reader);
        const extern = this.#described(reader, scope, given.get(key));
        if (kind === 0x04) exports.set(key, extern);
        declare(scope, extern);
      } else throw reader.fail('A declaration of no known kind, or a type of core modules');
    }
    return exports;
  }

  /** @param bound what stands there; undefined where it is only described */
  #described(reader: WasmReader, scope: Scope, bound: Extern | undefined): Extern {
    const kind = reader.u8('Kind of an import or export');
    switch (kind) {
      case 0x01: {
        const type = at(scope.types, reader.u32('Type'), 'type', reader);
        if (type.is !== 'func') throw reader.fail('A function of a type that is not one');
        return bound?.is === 'func' ? bound : { is: 'func', type: type.type };
      }
      case 0x03: {
        if (reader.u8('Bound of a type') === 0x00) {
          const type = at(scope.types, reader.u32('Type'), 'type', reader);
          return bound?.is === 'type' ? bound : { is: 'type', type };
        }
        return bound?.is === 'type' ? bound : { is: 'type', type: { is: 'resource', type: this.#resource() } };
      }
      case 0x04:
      case 0x05: {
        const type = at(scope.types, reader.u32('Type'), 'type', reader);
        if (type.is !== 'instance') throw reader.fail('An instance of a type that is not one');
        if (bound) return bound;
        if (kind === 0x04) throw reader.fail('The component wants another component, which nobody provides');
        return { is: 'instance', externs: type.make() };
      }
      case 0x00:
        throw reader.fail('The component wants a core module, which nobody provides');
      default:
        throw reader.fail('An import or export of no known kind');
    }
  }
}

function depthOf(scope: Scope): number {
  let depth = 0;
  for (let one: Scope | undefined = scope; one; one = one.parent) depth += 1;
  return depth;
}

function declare(scope: Scope, extern: Extern): void {
  if (extern.is === 'func') scope.funcs.push(extern.type);
  else if (extern.is === 'type') scope.types.push(extern.type);
  else if (extern.is === 'instance') scope.instances.push(extern.externs);
  else scope.components.push(extern.make);
}

function externOf(scope: Scope, sort: Sort, index: number, reader: WasmReader): Extern {
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

function required(externs: Externs, name: string, reader: WasmReader): Extern {
  const found = externs.get(name);
  if (found) return found;
  throw reader.fail(`Nothing is named ${JSON.stringify(name.slice(0, 100))} there`);
}

function at<T>(space: readonly T[], index: number, what: string, reader: WasmReader): T {
  const found = space[index];
  if (found !== undefined) return found;
  throw rejected(`There is no ${what} ${index}`, reader.at);
}

function memoryOf(module: Uint8Array): MemoryOf {
  const own = readModule(module).memories.filter(({ isImported }) => !isImported);
  return { count: own.length, initialPages: own.reduce((sum, { initial }) => sum + initial, 0) };
}

function readExternName(reader: WasmReader): string {
  const form = reader.u8('Form of a name');
  if (form > 0x01) throw reader.fail('A name of no known form');
  return reader.name('name of an import or export');
}

/** By code: those that an index follows. */
const OPTIONS_WITH_INDEX: ReadonlySet<number> = new Set([0x03, 0x04, 0x05]);

function readOptions(reader: WasmReader): void {
  const count = reader.count('options', 20);
  for (let i = 0; i < count; i += 1) {
    const option = reader.u8('Option');
    if (OPTIONS_WITH_INDEX.has(option)) reader.u32('Option');
    else if (option > 0x02) throw reader.fail('The component has asynchronous functions; those of WASI 0.2 run here');
  }
}

function interfacesOf(externs: Externs, numbers: TypeNumbers): World['imports'] {
  const own = interfaceOf('', externs, numbers);
  const others = [...externs].flatMap(([name, extern]) =>
    extern.is === 'instance' ? [interfaceOf(name, extern.externs, numbers)] : [],
  );
  return own.functions.length > 0 ? [own, ...others] : others;
}

function interfaceOf(name: string, externs: Externs, numbers: TypeNumbers): WitInterface {
  const resources = [...externs].flatMap(([key, { is, ...extern }]) =>
    is === 'type' && 'type' in extern && 'is' in extern.type && extern.type.is === 'resource' ? [key] : [],
  );
  return { name, functions: functionsOf(externs, numbers), resources };
}

function functionsOf(externs: Externs, numbers: TypeNumbers): WitInterface['functions'] {
  return [...externs].flatMap(([name, extern]) => {
    if (extern.is !== 'func') return [];
    const { params, result } = extern.type;
    const own = params.map(([param, type]) => [param, numbers.of(type)] as const);
    return [{ name, params: own, result: result === null ? null : numbers.of(result) }];
  });
}
