// What a call has written is stored before it settles, however it ends.

import { assert } from 'chai';
import { kvDatabaseName, openKv } from '../../src/capabilities/kv/kv-store.ts';
import { defineCapability, type Host, kv, type Plugin } from '../../src/index.ts';
import { engine } from '../helpers/engine.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { guest, SPIN } from '../helpers/guests.ts';
import { eventually, existing, makeHost, uniqueStorage } from '../helpers/hosts.ts';
import { endSpinners } from '../helpers/killed.ts';
import { wat } from '../helpers/wat.ts';
import type { Tab } from './tab.ts';

const WRITES = 50;

/** `$write`: 50 keys of one letter each, from "0" on, which are their own values. */
const IMPORTS = '(import "extism:host/user" "kv_set" (func $kv_set (param i64 i64) (result i64)))';
const WRITE = `
  (func $write (local $i i32) (local $block i64)
    (loop $next
      (local.set $block (call $alloc (i64.const 1)))
      (call $store_u8 (local.get $block) (i32.add (i32.const 48) (local.get $i)))
      (drop (call $kv_set (local.get $block) (local.get $block)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const ${WRITES})))))`;

/** Writes, and then ends in one way or another. */
const writer = ({ waits }: { waits: boolean }) =>
  guest(
    `${WRITE}
     (func (export "write") (result i32) (call $write) (i32.const 0))
     (func (export "write_and_trap") (result i32) (call $write) (unreachable))
     (func (export "write_and_fail") (result i32) (call $write) (i32.const 1))
     (func (export "write_and_spin") (result i32) (call $write) ${SPIN} (i32.const 0))
     ${waits ? '(func (export "write_and_wait") (result i32) (call $write) (call $wait) (i32.const 0))' : ''}`,
    `${IMPORTS} ${waits ? '(import "extism:host/user" "wait" (func $wait))' : ''}`,
  );

/** Writes while it starts. */
const early = () =>
  wat(`(module
    (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
    (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
    ${IMPORTS} ${WRITE}
    (func (export "_initialize") (call $write))
    (func (export "nothing") (result i32) (i32.const 0)))`);

describe('what a call has written', () => {
  const storage = uniqueStorage();
  let host: Host;
  let plugin: Plugin;

  /** What the page does when the guest has written, and waits for it. */
  let onWait: () => Promise<void>;

  before(async function () {
    // Where guests cannot wait for the page, nothing is kept for them either.
    if (!engine.jspi) this.skip();
    host = await openHost();
  });
  beforeEach(async () => {
    plugin = await host.install(await writer({ waits: true }), { id: 'writer', grant: 'all' });
  });
  afterEach(() => host.get('writer')?.uninstall({ wipe: true }));

  function openHost(): Promise<Host> {
    const wait = defineCapability({ name: 'wait', functions: { wait: { params: [], call: () => onWait() } } });
    return makeHost({ storage, capabilities: [kv({ storage }), wait] });
  }

  /** Keys as another tab sees them. */
  async function stored(installation = plugin.installation): Promise<number> {
    const store = openKv(installation, { storage });
    const [{ length }, usage] = [await store.keys(), await store.usage()];
    store.close();
    assert.deepEqual(usage, { bytes: 2 * length, keys: length }, 'the total is true');
    return length;
  }

  /** A call that has written and waits for ever. */
  async function waiting(): Promise<{ call: Promise<unknown> }> {
    const call = await new Promise<Promise<unknown>[]>((resolve) => {
      const calls: Promise<unknown>[] = [];
      onWait = () => {
        resolve(calls);
        return new Promise(() => undefined);
      };
      calls.push(plugin.call('write_and_wait'));
    });
    const [one] = call;
    return { call: one as Promise<unknown> };
  }

  it('is stored when it resolves', async () => {
    await plugin.call('write');
    assert.equal(await stored(), WRITES);
  });

  for (const [code, name] of [
    ['TRAP', 'write_and_trap'],
    ['PLUGIN_ERROR', 'write_and_fail'],
  ] as const) {
    it(`is stored when it rejects with ${code}`, async () => {
      await rejectsCode(code, plugin.call(name));
      assert.equal(await stored(), WRITES);
    });
  }

  it('is stored when it is killed at its deadline', async () => {
    // Long enough for all its host calls on a busy machine, so that it is the spinning which ends it.
    await plugin.configure({ limits: { timeoutMs: 1_000 } });
    await rejectsCode('TIMEOUT', plugin.call('write_and_spin'));
    endSpinners();
    assert.equal(await stored(), WRITES);
  });

  it('is stored when its grant is revoked', async () => {
    const { call } = await waiting();
    await Promise.all([rejectsCode('REVOKED', call), plugin.configure({ grant: 'none' })]);
    assert.equal(await stored(), WRITES);
  });

  it('is stored when its host is closed', async () => {
    const { call } = await waiting();
    await Promise.all([rejectsCode('CLOSED', call), host.close()]);
    host = await openHost();
    assert.equal(await stored(), WRITES);
  });

  it('is found by the version that takes its place meanwhile', async () => {
    const { call } = await waiting();
    const ended = call.catch(() => undefined);
    await host.install(await writer({ waits: false }), { id: 'writer', replace: 'keep', grant: 'all' });
    await ended;
    assert.equal(await stored(existing(host.get('writer')).installation), WRITES);
  });

  it('is gone, and stays gone, when its plugin is uninstalled with its data', async () => {
    const { call } = await waiting();
    await Promise.all([rejectsCode('CLOSED', call), plugin.uninstall({ wipe: true })]);
    const names = (await indexedDB.databases()).map(({ name }) => name);
    assert.notInclude(names, kvDatabaseName(storage, plugin.installation));
  });

  it('is stored before a plugin that writes while it starts is ready', async () => {
    const starting = await host.install(await early(), { id: 'early', grant: 'all' });
    assert.equal(await stored(starting.installation), WRITES);
  });

  describe('S7: to a database that refuses it', () => {
    const { put } = IDBObjectStore.prototype;
    beforeEach(() => {
      const name = kvDatabaseName(storage, plugin.installation);
      // The first few are stored one by one, and told to the guest one by one.
      let spared = 10;
      IDBObjectStore.prototype.put = function (...args) {
        if (this.transaction.db.name === name && spared-- <= 0) throw new DOMException('full', 'QuotaExceededError');
        return put.apply(this, args);
      };
    });
    afterEach(() => {
      IDBObjectStore.prototype.put = put;
    });

    it('S7: lets the call reject with STORAGE_FAILED, and the next one is as good as ever', async () => {
      const { failures } = plugin.stats;
      await rejectsCode(
        'STORAGE_FAILED',
        plugin.call('write'),
        /plugin "writer".* \d+ accepted writes were not stored: .*full/i,
      );
      assert.isBelow(await stored(), WRITES);
      assert.deepEqual([plugin.stats.failures, plugin.stats.kills, plugin.state], [failures + 1, 0, 'running']);
      IDBObjectStore.prototype.put = put;
      await plugin.call('write');
      assert.equal(await stored(), WRITES);
    });
  });

  it('is found by another tab when its own died, whose lock ends with it', async () => {
    const frame = document.createElement('iframe');
    frame.srcdoc = '<script type="module" src="/test/host/tab.ts"></script>';
    const ready = new Promise((done) => addEventListener('message', done, { once: true }));
    document.body.append(frame);
    await ready;
    const tab = frame.contentWindow as unknown as Tab;
    await host.install(await writer({ waits: false }), { id: 'writer', replace: 'keep', grant: 'all' });
    await tab.start(storage);
    await tab.repeat('writer', 'write', 1);
    void tab.repeat('writer', 'write_and_spin', 1);
    const { locks } = navigator;
    const lock = `cloche:${kvDatabaseName(storage, plugin.installation)}:memory`;
    await eventually(async () => ((await locks.query()).held ?? []).some(({ name }) => name === lock), 'its lock');
    frame.remove();
    await existing(host.get('writer')).call('write');
    assert.equal(await stored(), WRITES);
  });
});
