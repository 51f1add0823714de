// What is read of a component before the transpiler sees it, and what is refused.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClocheError } from '../../../src/errors.ts';
import { readWorld } from '../../../workers/component/world/read-world.ts';
import { printFunction, type World } from '../../../workers/component/world/wit-types.ts';
import { component, componentText } from './fixtures.ts';

const WIT = `package plugins-manager:common;
interface types {
  record route { path: string, as-task: bool }
  record manifest { name: string, routes: list<route> }
  resource thing { constructor(); use-it: func(given: option<list<u8>>) -> result<u64, string>; }
}
interface common { use types.{manifest}; get: func() -> manifest; }
world plugin {
  import types;
  import ask: func(a: tuple<u8, s64, f32, char>) -> result;
  export common;
  variant v { a, b(u32) }
  enum e { x, y }
  flags f { r, w }
  export run: func(v: v, e: e, f: f) -> option<option<string>>;
}`;

const MODULE = `(module
  (import "$root" "ask" (func (param i32 i64 f32 i32) (result i32)))
  (import "plugins-manager:common/types" "[constructor]thing" (func (result i32)))
  (import "plugins-manager:common/types" "[method]thing.use-it" (func (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 3)
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const 0)
  (func (export "plugins-manager:common/common#get") (result i32) i32.const 0)
  (func (export "run") (param i32 i32 i32 i32) (result i32) i32.const 0))`;

function listed({ imports, exports, types }: World): string[] {
  const lines = (kind: string, interfaces: World['imports']): string[] =>
    interfaces.flatMap(({ name, functions }) =>
      functions.map((fn) => `${kind} ${name}#${fn.name}: ${printFunction(fn, types)}`),
    );
  return [...lines('import', imports), ...lines('export', exports)];
}

describe('the world of a component', () => {
  it('has every type, through imports and exports of the components inside', async () => {
    const world = readWorld(await component(WIT, MODULE));
    assert.deepEqual(listed(world), [
      'import #ask: func(a: tuple<u8, s64, f32, char>) -> result',
      'import plugins-manager:common/types#[constructor]thing: func() -> own<resource-1>',
      'import plugins-manager:common/types#[method]thing.use-it: ' +
        'func(self: borrow<resource-1>, given: option<list<u8>>) -> result<u64, string>',
      'export #run: func(v: variant { a, b(u32) }, e: enum { x, y }, f: flags { r, w }) -> option<option<string>>',
      'export plugins-manager:common/common#get: ' +
        'func() -> record { name: string, routes: list<record { path: string, as-task: bool }> }',
    ]);
    assert.deepEqual(world.memories, { count: 1, initialPages: 3 });
    assert.deepEqual(
      world.imports.map(({ resources }) => resources),
      [[], ['thing']],
    );
  });

  it('prints a type that doubles with each level only as far as anybody reads', async () => {
    const levels = Array.from({ length: 40 }, (_, i) => `type t${i + 1} = tuple<t${i}, t${i}>;`).join(' ');
    const wit = `package a:b; world plugin { type t0 = string; ${levels} export run: func(a: list<t40>); }`;
    // A core function of so many parameters cannot be written; the type is there in an import of the world that nobody calls.
    const world = readWorld(await typeOnly(wit.replace('export run', 'import run')));
    const [text = ''] = listed(world);
    assert.ok(text.length < 10_000, `${text.length} characters`);
    assert.match(text, /…/);
  });
});

/** The import is encoded as a type alone. */
async function typeOnly(wit: string): Promise<Uint8Array<ArrayBuffer>> {
  const levels = Number(/t(\d+)>\);/.exec(wit)?.[1]);
  const types = Array.from({ length: levels }, (_, i) => `(type (tuple ${ref(i)} ${ref(i)}))`).join('\n');
  return componentText(`(component ${types} (type (list ${levels - 1})) (type (func (param "a" ${levels})))
    (import "run" (func (type ${levels + 1}))))`);
}

function ref(level: number): string {
  return level === 0 ? 'string' : String(level - 1);
}

describe('what is refused before the transpiler sees it', () => {
  const refused = (bytes: Uint8Array, why: RegExp): void => {
    assert.throws(
      () => readWorld(bytes),
      (thrown) => thrown instanceof ClocheError && thrown.code === 'MODULE_REJECTED' && why.test(thrown.message),
    );
  };

  const injections = ["'];alert(1);['", '`$\u007balert(1)}`', '*/alert(1)/*', 'a\\nb', '__proto__', 'a"b', 'a(b)'];
  for (const name of injections) {
    it(`M17: a core name that could be more than a name in JavaScript: ${name}`, async () => {
      const escaped = name.replaceAll(/["\\]/g, '\\$&');
      const text = `(component
        (core module $m (func (export "${escaped}")))
        (core module $n (import "m" "${escaped}" (func)))
        (core instance $i (instantiate $m))
        (core instance (instantiate $n (with "m" (instance $i)))))`;
      refused(await componentText(text), /core name/);
    });
  }

  it('more core instances, memories, components and levels than any has', async () => {
    const module = '(core module $m (memory 1))';
    const many = (count: number, item: string): string => Array.from({ length: count }, () => item).join('');
    refused(
      await componentText(`(component (core module $m) ${many(400, '(core instance (instantiate $m))')})`),
      /core instances/,
    );
    refused(await componentText(`(component ${module} ${many(9, '(core instance (instantiate $m))')})`), /memories/);
    refused(await componentText(`(component ${many(250, '(component)')})`), /components/);
    refused(await componentText('(component '.repeat(12) + ')'.repeat(12)), /nested/);
  });

  it('components that are instantiated as often as three to the power of their levels', async () => {
    const level = (inner: string): string => `(component $c ${inner} ${'(instance (instantiate $c))'.repeat(3)})`;
    const leaf = '(component $c)';
    refused(await componentText(level(level(level(level(level(level(leaf))))))), /to be instantiated/);
  });

  it('bytes that end early, wherever that is', async () => {
    const bytes = await component(WIT, MODULE);
    for (let end = 0; end < bytes.length; end += 7) {
      try {
        readWorld(bytes.subarray(0, end));
      } catch (thrown) {
        assert.ok(thrown instanceof ClocheError, String(thrown));
      }
    }
  });

  it('no byte that is another makes it throw anything else, or take long', async () => {
    const bytes = await component(WIT, MODULE);
    const began = performance.now();
    for (let at = 8; at < bytes.length; at += 3) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x5a;
      try {
        readWorld(changed);
      } catch (thrown) {
        assert.ok(thrown instanceof ClocheError, `byte ${at}: ${String(thrown)}`);
      }
    }
    assert.ok(performance.now() - began < 20_000);
  });
});
