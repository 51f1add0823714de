// Works out what a component imports and exports, with all types. Types pass through imports and exports of the components
// inside, so each of these is gone through as it would be instantiated, as far as types are concerned.
// https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md

import { readModule } from '../../wasm/module.ts';
import { WasmReader } from '../../wasm/reader.ts';
import { guardComponent, readAlias, readCoreInstance, readSort } from './guard.ts';
import { interfacesOf } from './interfaces.ts';
import {
  at,
  declare,
  depthOf,
  type Extern,
  type Externs,
  externOf,
  type MemoryOf,
  newScope,
  required,
  type Scope,
} from './scope.ts';
import { componentSections, contentsOf } from './sections.ts';
import { type Resource, TypeNumbers } from './type-nodes.ts';
import { readDefinedValueType, readFunctionType, type TypeEntry } from './type-reader.ts';
import type { World } from './wit-types.ts';
import { MOST_ITEMS, WorldBudget } from './world-budget.ts';

const MOST_LEVELS = 8;

/** @throws {ClocheError} MODULE_REJECTED */
export function readWorld(bytes: Uint8Array): World {
  guardComponent(new WasmReader(bytes));
  return new WorldReader().read(bytes);
}

class WorldReader {
  readonly #budget = new WorldBudget();
  #resources = 0;
  readonly #imports = new Map<string, Extern>();

  read(bytes: Uint8Array): World {
    const exports = this.#component(new WasmReader(bytes), undefined, undefined);
    const numbers = new TypeNumbers();
    return {
      imports: interfacesOf(this.#imports, numbers),
      exports: interfacesOf(exports, numbers),
      types: numbers.types,
      memories: this.#budget.memories,
    };
  }

  /** @param given undefined for the component itself, whose imports are what its host provides */
  #component(reader: WasmReader, parent: Scope | undefined, given: Externs | undefined): Externs {
    this.#budget.component(reader);
    const scope = newScope(parent);
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
      this.#budget.item(reader);
      read(reader);
    }
    if (!reader.isAtEnd) throw reader.fail('A section is longer than what it lists');
  }

  #coreInstance(reader: WasmReader, { modules }: Scope): void {
    const index = readCoreInstance(reader, () => undefined);
    if (index === undefined) return;
    this.#budget.coreInstance(reader, at(modules, index, 'core module', reader));
  }

  #instance(reader: WasmReader, scope: Scope): Externs {
    const form = reader.u8('Instance');
    const isMade = form === 0x00;
    if (!isMade && form !== 0x01) throw reader.fail('An instance of no known form');
    const make = isMade ? at(scope.components, reader.u32('Component'), 'component', reader) : undefined;
    const items = new Map<string, Extern>();
    const count = reader.count('items of an instance', MOST_ITEMS);
    for (let i = 0; i < count; i += 1) {
      this.#budget.item(reader);
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
    const scope = newScope(parent);
    if (depthOf(scope) > MOST_LEVELS * 2) throw reader.fail('Types of instances are nested too deep');
    const exports = new Map<string, Extern>();
    const count = reader.count('declarations', MOST_ITEMS);
    for (let i = 0; i < count; i += 1) {
      this.#budget.item(reader);
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

function memoryOf(module: Uint8Array): MemoryOf {
  const own = readModule(module).memories.filter(({ isImported }) => !isImported);
  return { count: own.length, initialPages: own.reduce((sum, { initial }) => sum + initial, 0) };
}
