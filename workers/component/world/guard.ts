// What is looked at before the transpiler sees a component: how much there is of everything, and every name that the
// transpiler writes into JavaScript. It does not escape those of core modules, so only characters pass that cannot end a string,
// a comment or a template.

import { type ModuleOutline, readModule } from '../../wasm/module.ts';
import { rejected, type WasmReader } from '../../wasm/reader.ts';
import { componentSections, contentsOf } from './sections.ts';

const SAFE_NAME = /^[A-Za-z0-9_$.:/@#|[\]<>+-]*$/;
/** What ends or begins a comment. */
const COMMENT = /\*\/|\/\*|\/\/|-->|<!--/;

/** Composed components nest four or five deep. */
const MOST_DEPTH = 8;
const MOST_COMPONENTS = 200;
const MOST_MODULES = 100;
/** Of core modules, aliases and arguments together; a Rust plugin of 1.5 MB has some 150. */
const MOST_NAMES = 20_000;
const MOST_NAME_LENGTH = 1_000;

/** @throws {ClocheError} MODULE_REJECTED */
export function guardComponent(reader: WasmReader): void {
  new Guard().component(reader, 1);
}

class Guard {
  #components = 0;
  #modules = 0;
  #names = 0;

  component(reader: WasmReader, depth: number): void {
    if (depth > MOST_DEPTH) throw reader.fail(`Expected components to be nested at most ${MOST_DEPTH} deep`);
    this.#components += 1;
    if (this.#components > MOST_COMPONENTS) throw reader.fail(`Expected at most ${MOST_COMPONENTS} components`);
    for (const { name, reader: section } of componentSections(reader)) {
      if (name === 'core module') this.#module(section);
      else if (name === 'component') this.component(section, depth + 1);
      else if (name === 'core instance') this.#coreInstances(section);
      else if (name === 'alias') this.#aliases(section);
    }
  }

  #module(section: WasmReader): void {
    this.#modules += 1;
    if (this.#modules > MOST_MODULES) throw section.fail(`Expected at most ${MOST_MODULES} core modules`);
    const { imports, exports }: ModuleOutline = readModule(contentsOf(section));
    for (const { module, name } of imports) {
      this.#name(module.text, section);
      this.#name(name, section);
    }
    for (const { name } of exports) this.#name(name.text, section);
  }

  #coreInstances(section: WasmReader): void {
    const count = section.count('core instances', MOST_NAMES);
    for (let i = 0; i < count; i += 1) readCoreInstance(section, (name) => this.#name(name, section));
  }

  #aliases(section: WasmReader): void {
    const count = section.count('aliases', MOST_NAMES);
    for (let i = 0; i < count; i += 1) {
      const alias = readAlias(section);
      if ('name' in alias) this.#name(alias.name, section);
    }
  }

  #name(name: string, { at }: WasmReader): void {
    this.#names += 1;
    if (this.#names > MOST_NAMES) throw rejected(`Expected at most ${MOST_NAMES} names in a component`, at);
    if (name.length > MOST_NAME_LENGTH) throw rejected(`A name of ${name.length} characters in a component`, at);
    if (SAFE_NAME.test(name) && !COMMENT.test(name) && name !== '__proto__') return;
    throw rejected(
      `A core name of other characters than those that toolchains write: ${JSON.stringify(name.slice(0, 80))}`,
      at,
    );
  }
}

/** The module of one that is instantiated; undefined for one that is made of items. */
export function readCoreInstance(reader: WasmReader, name: (text: string) => void): number | undefined {
  const form = reader.u8('Core instance');
  if (form === 0x00) {
    const module = reader.u32('Module of a core instance');
    const count = reader.count('arguments', MOST_NAMES);
    for (let i = 0; i < count; i += 1) {
      name(reader.name('name of an argument'));
      reader.skip(1, 'Kind of an argument');
      reader.u32('Argument');
    }
    return module;
  }
  if (form !== 0x01) throw reader.fail('A core instance of no known form');
  const count = reader.count('items', MOST_NAMES);
  for (let i = 0; i < count; i += 1) {
    name(reader.name('name of an item'));
    reader.skip(1, 'Kind of an item');
    reader.u32('Item');
  }
  return undefined;
}

/** `core` sorts are those below 0x100. */
export type Sort = 'core' | 'core module' | 'func' | 'value' | 'type' | 'component' | 'instance';
const SORTS: readonly Sort[] = ['core', 'func', 'value', 'type', 'component', 'instance'];
const CORE_MODULE = 0x11;

export function readSort(reader: WasmReader): Sort {
  const sort = SORTS[reader.u8('Sort')];
  if (!sort) throw reader.fail('A sort of no known kind');
  if (sort !== 'core') return sort;
  return reader.u8('Core sort') === CORE_MODULE ? 'core module' : 'core';
}

export type Alias =
  | { readonly of: 'export'; readonly instance: number; readonly name: string }
  | { readonly of: 'core'; readonly name: string }
  | { readonly sort: Sort; readonly of: 'outer'; readonly levels: number; readonly index: number };

export function readAlias(reader: WasmReader): Alias {
  const sort = readSort(reader);
  const target = reader.u8('Target of an alias');
  if (target === 0x00 || target === 0x01) {
    const instance = reader.u32('Instance of an alias');
    const name = reader.name('name of an alias');
    return target === 0x00 ? { of: 'export', instance, name } : { of: 'core', name };
  }
  if (target !== 0x02) throw reader.fail('An alias of no known form');
  return { sort, of: 'outer', levels: reader.u32('Level of an alias'), index: reader.u32('Index of an alias') };
}
