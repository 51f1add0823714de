// Components for tests, made where they are used: a core module as WAT, and the WIT that it is of.

import { componentEmbed, componentNew, parse } from '@bytecodealliance/jco-transpile/wasm-tools';

/** @param wit with a world of this name; exports and imports of `module` have the core names of its functions */
export async function component(wit: string, module: string, world = 'plugin'): Promise<Uint8Array<ArrayBuffer>> {
  const binary = await parse(module);
  const embedded = await componentEmbed({ binary, witSource: wit, world });
  return new Uint8Array(await componentNew(embedded, []));
}

/** A component as text, for what no toolchain writes. */
export async function componentText(text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await parse(text));
}

/** What every module of a component needs: a memory, and an allocator that never frees. */
export const MEMORY = `
  (memory (export "memory") 1)
  (global $next (mut i32) (i32.const 8192))
  (func $realloc (export "cabi_realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $next) (i32.const 15)) (i32.const -16)))
    (global.set $next (i32.add (local.get $at) (local.get $new)))
    (block $fits
      (br_if $fits (i32.le_u (global.get $next) (i32.mul (memory.size) (i32.const 65536))))
      (br_if $fits (i32.ne (i32.const -1) (memory.grow (i32.add (i32.const 1) (i32.div_u (local.get $new) (i32.const 65536))))))
      (unreachable))
    (memory.copy (local.get $at) (local.get $old) (local.get $size))
    (local.get $at))`;

/** Of WASI's files what guests of tests use. */
export const WASI_FILESYSTEM = `package wasi:filesystem@0.2.0 {
  interface types {
    enum error-code { access, no-entry, not-permitted }
    flags path-flags { symlink-follow }
    flags open-flags { create, directory, exclusive, truncate }
    flags descriptor-flags { read, write }
    resource descriptor {
      open-at: func(path-flags: path-flags, path: string, open-flags: open-flags, %flags: descriptor-flags) -> result<descriptor, error-code>;
      write: func(buffer: list<u8>, offset: u64) -> result<u64, error-code>;
      read: func(length: u64, offset: u64) -> result<tuple<list<u8>, bool>, error-code>;
    }
  }
  interface preopens { use types.{descriptor}; get-directories: func() -> list<tuple<descriptor, string>>; }
}`;

export interface WindmillParts {
  readonly name: string;
  readonly hooks?: readonly string[];
  /** Path and handler. */
  readonly routes?: readonly (readonly [path: string, handler: string, isTask?: boolean])[];
  readonly tasks?: readonly string[];
  /** Of the world, besides `plugin-common`. */
  readonly wit?: string;
  /** In WIT, what the world imports from. */
  readonly packages?: string;
  /** Of the module: imports first. */
  readonly imports?: string;
  readonly functions?: string;
  /** What `get-manifest` does before it answers. */
  readonly before?: string;
  /** The records of the first plugins, whose routes do not say whether they run as tasks. */
  readonly isOld?: boolean;
}

/** Where the manifest lies; what a test keeps in memory is below. */
const MANIFEST_AT = 4_096;

/** A plugin of Windmill whose manifest lies in its data. */
export function windmillPlugin(parts: WindmillParts): Promise<Uint8Array<ArrayBuffer>> {
  const {
    name,
    hooks = [],
    routes = [],
    tasks = [],
    wit = '',
    packages = '',
    imports = '',
    functions = '',
    before = '',
    isOld = false,
  } = parts;
  const wits = `package plugins-manager:common;
    interface types {
      record plugin-route { path: string, handler: string${isOld ? '' : ', process-as-task: bool'} }
      record manifest { plugin-name: string, hooks: list<string>, routes: list<plugin-route>, tasks: list<string> }
    }
    interface plugin-common { use types.{manifest}; get-manifest: func() -> manifest; }
    world plugin { export plugin-common; ${wit} }
    ${packages}`;
  const data = new ManifestData();
  const root = [
    ...data.text(name),
    ...data.list(hooks.map((hook) => data.text(hook))),
    ...data.list(
      routes.map(([path, handler, isTask]) => [
        ...data.text(path),
        ...data.text(handler),
        ...(isOld ? [] : [isTask ? 1 : 0]),
      ]),
    ),
    ...data.list(tasks.map((task) => data.text(task))),
  ];
  const at = data.words(root);
  return component(
    wits,
    `(module ${imports} ${MEMORY}
      (data (i32.const ${MANIFEST_AT}) "${data.escaped}")
      (func (export "plugins-manager:common/plugin-common#get-manifest") (result i32) ${before} (i32.const ${at}))
      ${functions})`,
  );
}

class ManifestData {
  readonly #bytes: number[] = [];

  /** Pointer and length. */
  text(text: string): readonly [number, number] {
    const bytes = new TextEncoder().encode(text);
    const at = MANIFEST_AT + this.#bytes.push(...bytes) - bytes.length;
    return [at, bytes.length];
  }

  list(items: readonly (readonly number[])[]): readonly [number, number] {
    return [this.words(items.flat()), items.length];
  }

  /** Each of four bytes, as which a `bool` at the end of a record is read, too. */
  words(words: readonly number[]): number {
    while (this.#bytes.length % 4 !== 0) this.#bytes.push(0);
    const bytes = new Uint8Array(Uint32Array.from(words).buffer);
    return MANIFEST_AT + this.#bytes.push(...bytes) - bytes.length;
  }

  get escaped(): string {
    return this.#bytes.map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
  }
}

/** A core function that gives back a text or bytes that it was given. */
export const ECHO =
  '(param i32 i32) (result i32) (i32.store (i32.const 0) (local.get 0)) (i32.store (i32.const 4) (local.get 1)) (i32.const 0)';

/** The same as the `ok` or the `err` of a result. */
export const echoAs = (tag: 0 | 1): string =>
  `(param i32 i32) (result i32) (i32.store (i32.const 0) (i32.const ${tag})) (i32.store (i32.const 4) (local.get 0)) ` +
  '(i32.store (i32.const 8) (local.get 1)) (i32.const 0)';
