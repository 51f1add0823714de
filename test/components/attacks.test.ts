// Hostile components that are refused or ended, and who goes on beside them. What runs in their worker is in component.test.ts.

import { assert } from 'chai';
import type { Host, Plugin } from '../../src/index.ts';
import { component, componentText, ECHO, MEMORY } from '../helpers/component.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { closeHosts, makeHost, uniqueStorage } from '../helpers/hosts.ts';
import { looking, lookOf, poisoned } from './poisoned.ts';

const LIMITS = { memoryBytes: 4 << 20, exchangeBytes: 1 << 20, timeoutMs: 1_000 };

/** What runs on beside each of them. */
const bystander = (): Promise<Uint8Array<ArrayBuffer>> =>
  component(
    'package a:b; world plugin { export echo: func(x: string) -> string; }',
    `(module ${MEMORY} (func (export "echo") ${ECHO}))`,
  );

describe('a hostile component', function () {
  // What transpiles is built when it is first asked for.
  this.timeout(120_000);
  const storage = uniqueStorage();
  let host: Host;
  let beside: Plugin;
  before(async () => {
    // What transpiles is built when it is first asked for.
    host = await makeHost({ storage, limits: LIMITS });
    beside = await host.open(await bystander(), { id: 'beside' });
  });
  afterEach(async () => {
    assert.equal((await beside.call('echo', 'still here')).text(), 'still here');
    assert.notProperty(globalThis, 'evil');
    await Promise.all(host.plugins.filter((plugin) => plugin !== beside).map((plugin) => plugin.close()));
  });
  after(closeHosts);

  it('M17: whose core names are JavaScript is refused, and none of it runs', async () => {
    const code = "']; globalThis.evil = 1; ['";
    const attacks = [
      `(core module $n (import "${code}" "f" (func))) (core instance $i (export "f" (func $f)))
       (core instance (instantiate $n (with "${code}" (instance $i))))`,
      `(core module $n (import "m" "${code}" (func))) (core instance $i (export "${code}" (func $f)))
       (core instance (instantiate $n (with "m" (instance $i))))`,
      `(core module $n (func (export "*/ globalThis.evil = 1; /*"))) (core instance $i (instantiate $n))
       (alias core export $i "*/ globalThis.evil = 1; /*" (core func))`,
    ];
    for (const attack of attacks) {
      const bytes = await componentText(
        `(component (core module $m (func (export "f"))) (core instance $j (instantiate $m))
          (alias core export $j "f" (core func $f)) ${attack})`,
      );
      await rejectsCode('MODULE_REJECTED', host.open(bytes), /core name/);
    }
  });

  it('M19: of 400 core instances is refused before anything of it is compiled', async () => {
    const many = '(core instance (instantiate $m))'.repeat(400);
    await rejectsCode(
      'MODULE_REJECTED',
      host.open(await componentText(`(component (core module $m) ${many})`)),
      /core instances/,
    );
  });

  it('M20: whose memories together pass the limit is refused, or grows no further', async () => {
    const two = (pages: number): Promise<Uint8Array<ArrayBuffer>> => {
      const module = (name: string): string =>
        `(core module $${name} (memory (export "memory") ${pages})
          (func (export "grow") (result i32)
            (loop $on (br_if $on (i32.ne (i32.const -1) (memory.grow (i32.const 1))))) (memory.size)))
        (core instance $i${name} (instantiate $${name}))
        (func (export "grow-${name}") (result u32) (canon lift (core func $i${name} "grow")))`;
      return componentText(`(component ${module('a')} ${module('b')})`);
    };
    await rejectsCode('MODULE_REJECTED', host.open(await two(33)), /66 pages, more than its limit of 64/);
    const plugin = await host.open(await two(20), { id: 'two' });
    const sizes = [(await plugin.call('grow-a')).json(), (await plugin.call('grow-b')).json()] as number[];
    assert.isAtLeast(Math.min(...sizes), 21);
    assert.isAtMost(
      sizes.reduce((sum, pages) => sum + pages),
      64,
    );
  });

  it('M21: with an export that a promise would call is refused; other names of JavaScript are only names', async () => {
    const named = (...names: string[]): Promise<Uint8Array<ArrayBuffer>> =>
      component(
        `package a:b; world plugin { ${names.map((name) => `export %${name}: func() -> u32;`).join(' ')} }`,
        `(module ${MEMORY} ${names.map((name) => `(func (export "${name}") (result i32) (i32.const 7))`).join(' ')})`,
      );
    await rejectsCode('MODULE_REJECTED', host.open(await named('then')), /`then`/);
    const names = ['constructor', 'to-string', 'value-of', 'prototype'];
    const plugin = await host.open(await named(...names), { id: 'names' });
    for (const name of names) assert.equal((await plugin.call(name)).json(), 7, name);
    for (const other of ['hasOwnProperty', '__proto__', 'then'])
      await rejectsCode('EXPORT_MISSING', plugin.call(other));
    const bytes = await named('proto');
    const at = indicesOf(bytes, 'proto');
    for (const start of at) bytes.set(new TextEncoder().encode('__pr_'), start);
    await rejectsCode('MODULE_REJECTED', host.open(bytes));
  });

  it('M21: with a method that a promise would call is refused', async () => {
    const bytes = await component(
      `package a:b; interface things { resource thing { constructor(); then: func(); } }
      world plugin { export things; }`,
      `(module
        (import "[export]a:b/things" "[resource-new]thing" (func $new (param i32) (result i32))) ${MEMORY}
        (func (export "a:b/things#[constructor]thing") (result i32) (call $new (i32.const 1)))
        (func (export "a:b/things#[method]thing.then") (param i32)))`,
    );
    await rejectsCode('MODULE_REJECTED', host.open(bytes), /`then`/);
  });

  it('M18: it may hang, at once or in a call, and is ended', async () => {
    const hangs = await poisoned(host, storage, looking('for (;;);'));
    await rejectsCode('TIMEOUT', lookOf(hangs));
    const waits = await poisoned(host, storage, 'clocheGlue(() => () => new Promise(() => {}));');
    await rejectsCode('TIMEOUT', lookOf(waits));
  });

  it('is refused where its bytes are not a component, and takes nobody with it', async () => {
    const whole = await bystander();
    await rejectsCode('MODULE_REJECTED', host.open(whole.slice(0, whole.length - 30)), /cut off/);
  });
});

function indicesOf(bytes: Uint8Array, text: string): number[] {
  const wanted = [...new TextEncoder().encode(text)];
  return [...bytes.keys()].filter((at) => wanted.every((byte, index) => bytes[at + index] === byte));
}
