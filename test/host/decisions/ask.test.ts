// Optional permissions: asked for when the plugin needs them, for as long as the answer says, and its call stands still meanwhile.

import { assert } from 'chai';
import type { AskPermission, Host, HostOptions, PermissionAnswer, Plugin } from '../../../src/index.ts';
import { defaultCapabilities, defineCapability } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { guest } from '../../helpers/guests.ts';
import { closeHosts, eventually, existing, makeHost, pause, uniqueStorage } from '../../helpers/hosts.ts';
import { textsOf } from '../../helpers/sentences.ts';

afterEach(closeHosts);

const items = defineCapability({
  name: 'items',
  functions: { item_count: { params: [], result: 'i64', call: () => 7 } },
});

const source = async (optional: unknown = true, more: object = {}) => ({
  wasm: await guest(
    `(func (export "count") (result i32) (call $put_u64 (call $item_count)) (i32.const 0))
     (func (export "twice") (result i32)
       (call $put_u64 (i64.add (call $item_count) (call $item_count))) (i32.const 0))`,
    '(import "extism:host/user" "item_count" (func $item_count (result i64)))',
  ),
  manifest: { cloche: 1, id: 'p', permissions: { items: { optional, reason: 'counts them' } }, ...more },
});

const hostWith = (ask?: AskPermission, more: HostOptions = {}): Promise<Host> =>
  makeHost({
    capabilities: [...defaultCapabilities(), items],
    serviceWorker: '/cloche-sw.js',
    ...(ask && { ask }),
    ...more,
  });

/** Answers one after the other, then no more. */
function answering(...answers: PermissionAnswer[]) {
  const asked: string[] = [];
  const ask: AskPermission = ({ plugin, request }) => {
    asked.push(`${plugin.id}: ${textsOf(request.sentences)?.join(' ')} ${request.reason}`);
    return answers.shift();
  };
  return { ask, asked };
}

const count = async (plugin: Plugin, name = 'count'): Promise<number> => (await plugin.call(name)).bytes()[0] ?? -1;
const QUESTION = 'p: Use items: item_count. counts them';

describe('an optional permission', () => {
  it('that was given until the page is left is taken back by a decision in another tab, also from a call that runs', async () => {
    const storage = uniqueStorage();
    const { ask, asked } = answering('session', 'no');
    const here = await hostWith(undefined, { storage });
    const there = await hostWith(ask, { storage });
    const plugin = await here.install(await source());
    await eventually(() => there.get('p') !== undefined, 'the plugin');
    const other = existing(there.get('p'));
    assert.equal(await count(other), 7);
    assert.isTrue(other.grants.has('items'));
    const spin = rejectsCode('REVOKED', other.call('spin'));
    await eventually(() => other.state === 'running' && other.stats.calls === 2, 'the call to be under way');
    // What is stored says the same as before.
    await plugin.configure({ grant: 'manifest' });
    await spin;
    assert.isFalse(other.grants.has('items'));
    await rejectsCode('PERMISSION_DENIED', count(other));
    assert.deepEqual(asked, [QUESTION, QUESTION]);
  });

  it('is not given at installation, and not at all where nobody is asked', async () => {
    const host = await hostWith();
    const plugin = await host.install(await source());
    assert.isFalse(plugin.grants.has('items'));
    assert.deepInclude(
      plugin.requests().find(({ capability }) => capability === 'items'),
      { optional: true, granted: false },
    );
    await rejectsCode('PERMISSION_DENIED', count(plugin));
  });

  it('that is given once holds for the whole call, and for no other', async () => {
    const { ask, asked } = answering('once', 'once');
    const plugin = await (await hostWith(ask)).install(await source());
    assert.equal(await count(plugin, 'twice'), 14);
    assert.deepEqual(asked, [QUESTION]);
    assert.equal(await count(plugin), 7);
    assert.lengthOf(asked, 2);
    assert.isFalse(plugin.grants.has('items'));
  });

  it('that is given for the session holds until the page is left', async () => {
    const storage = uniqueStorage();
    const { ask, asked } = answering('session');
    const plugin = await (await hostWith(ask, { storage })).install(await source());
    assert.equal(await count(plugin), 7);
    assert.equal(await count(plugin), 7);
    assert.isTrue(plugin.grants.has('items'));
    const again = answering('no');
    const later = existing((await hostWith(again.ask, { storage })).get('p'));
    assert.isFalse(later.grants.has('items'));
    assert.lengthOf(asked, 1);
  });

  it('that is given for good is kept, and is taken back with the next grant', async () => {
    const storage = uniqueStorage();
    const { ask } = answering('always');
    const plugin = await (await hostWith(ask, { storage })).install(await source());
    assert.equal(await count(plugin), 7);
    const { ask: unasked, asked } = answering();
    const later = existing((await hostWith(unasked, { storage })).get('p'));
    assert.equal(await count(later), 7);
    assert.isEmpty(asked);
    await later.configure({ grant: 'manifest' });
    assert.isFalse(later.grants.has('items'));
  });

  it('is asked for anew by a version that asks for something else of it', async () => {
    const { ask } = answering('always');
    const host = await hostWith(ask, { capabilities: defaultCapabilities() });
    const manifest = (bytes: number) => ({ cloche: 1, id: 'p', permissions: { kv: { bytes, optional: true } } });
    const wasm = await guest(
      '(func (export "get") (result i32) (drop (call $kv_get (call $alloc (i64.const 1)))) (i32.const 0))',
      '(import "extism:host/user" "kv_get" (func $kv_get (param i64) (result i64)))',
    );
    const plugin = await host.install({ wasm, manifest: manifest(10) });
    await plugin.call('get');
    assert.deepEqual(plugin.grants.get('kv'), { bytes: 10 });
    await host.install({ wasm, manifest: manifest(20) }, { replace: true });
    assert.isUndefined(plugin.pending, 'it needs no yes to be installed');
    assert.isFalse(plugin.grants.has('kv'));
  });

  it('X12: is not asked for again after a no, nor where somebody has decided on it, nor where the policy forbids it', async () => {
    const { ask, asked } = answering('no', 'always');
    const plugin = await (await hostWith(ask)).install(await source());
    for (const _ of [1, 2]) await rejectsCode('PERMISSION_DENIED', count(plugin));
    assert.lengthOf(asked, 1);
    await plugin.configure({ grant: { '+': { items: false } } });
    await rejectsCode('PERMISSION_DENIED', count(plugin));
    await plugin.configure({ grant: {} });
    await rejectsCode('PERMISSION_DENIED', count(plugin));
    assert.lengthOf(asked, 1);
    const forbidding = await hostWith(ask, { policy: { items: false } });
    await rejectsCode('PERMISSION_DENIED', count(await forbidding.install(await source())));
    assert.lengthOf(asked, 1);
  });

  it('lets the call’s deadline stand still, and what waits behind it waits', async () => {
    const { promise, resolve } = Promise.withResolvers<PermissionAnswer>();
    const host = await hostWith(() => promise, { limits: { timeoutMs: 400, startTimeoutMs: 5_000 } });
    const plugin = await host.install(await source());
    const [first, second] = [count(plugin), count(plugin)];
    await pause(900);
    resolve('session');
    assert.deepEqual(await Promise.all([first, second]), [7, 7]);
    assert.equal(plugin.stats.kills, 0);
  });

  it('that nobody answers ends with the call, when its caller goes away', async () => {
    let question: AbortSignal | undefined;
    const host = await hostWith((_, signal) => {
      question = signal;
      return new Promise(() => undefined);
    });
    const plugin = await host.install(await source());
    const caller = new AbortController();
    const call = plugin.call('count', '', { signal: caller.signal });
    while (!question) await pause(5);
    caller.abort();
    await rejectsCode('ABORTED', call);
    assert.isTrue(question.aborted);
  });
});

describe('a denied host call', () => {
  it('carries the narrowest grant that would have allowed it', async () => {
    const host = await hostWith();
    const records: unknown[] = [];
    host.addEventListener('hostcall', ({ record }) => records.push(record.needs));
    const plugin = await host.install(await source(), { grant: 'none' });
    await rejectsCode('PERMISSION_DENIED', count(plugin));
    assert.deepEqual(records, [{ items: true }]);
    const explained = await plugin.explain({ capability: 'items' });
    assert.deepInclude(explained, { allowed: false, rule: 'notGranted', needs: { items: true } });
  });
});
