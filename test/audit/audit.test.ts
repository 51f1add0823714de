// The audit of a host: every host call and what people do, whatever becomes of either, and nothing lost in silence.

import { assert } from 'chai';
import { AuditStore } from '../../src/audit/audit-store.ts';
import { HostCallEvent } from '../../src/events.ts';
import type { ActEntry, AuditEntry, AuditLog, Host, HostCallEntry, HostOptions, KillEntry } from '../../src/index.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { guest, SPIN } from '../helpers/guests.ts';
import { closeHosts, existing, makeHost, pause, uniqueStorage } from '../helpers/hosts.ts';
import { keeper } from '../helpers/keeper.ts';
import { withIndexedDb } from '../helpers/with-indexed-db.ts';
import { configured } from '../host/config/configured-guest.ts';

afterEach(closeHosts);

const MANIFEST = { cloche: 1, id: 'keeper', version: '2.1', wasm: 'main.wasm', permissions: { kv: true } };
const source = async (more: object = {}) => ({ wasm: await keeper(), manifest: { ...MANIFEST, ...more } });
const open = (more: HostOptions = {}): Promise<Host> =>
  makeHost({ serviceWorker: '/cloche-sw.js', audit: { who: () => 'ann' }, ...more });

function auditOf({ audit }: Host): AuditLog {
  if (!audit) throw new Error('Expected the host to have an audit');
  return audit;
}

async function entriesOf(host: Host, filter?: object): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  for await (const entry of auditOf(host).entries(filter)) entries.push(entry);
  return entries;
}

const isCall = (entry: AuditEntry): entry is HostCallEntry => entry.kind === 'call';
const isAct = (entry: AuditEntry): entry is ActEntry => entry.kind === 'act';

async function callsOf(host: Host): Promise<HostCallEntry[]> {
  return (await entriesOf(host)).filter(isCall);
}

async function actsOf(host: Host): Promise<string[]> {
  return (await entriesOf(host)).filter(isAct).map(({ act, plugin, who, outcome, detail }) => {
    return [act, plugin, who, outcome, JSON.stringify(detail ?? {})].join(' ');
  });
}

describe('the audit', () => {
  it('is not there unless it is asked for', async () => {
    const host = await open({ audit: false });
    assert.isUndefined(host.audit);
    await rejectsCode('OPTION_INVALID', open({ audit: { entires: 5 } as never }), /entires/);
    await rejectsCode('OPTION_INVALID', open({ audit: null as never }));
    await rejectsCode('OPTION_INVALID', open({ audit: { bytes: 5 } }), /bytes/);
  });

  it('has host calls that were allowed, folded, with how many, how long and how large', async () => {
    const host = await open();
    const plugin = await host.install(await source());
    const before = Date.now();
    for (let i = 0; i < 3; i++) await plugin.call('set', 'abc');
    const [call, ...others] = await callsOf(host);
    assert.deepEqual(others, []);
    const { time, until, durationMs, longestMs, requestBytes, answerBytes, count, order, ...rest } =
      call as HostCallEntry;
    assert.deepEqual(rest, { kind: 'call', plugin: 'keeper', capability: 'kv', name: 'kv_set', outcome: 'ok' });
    assert.deepEqual([count, requestBytes], [3, 18]);
    assert.isAtLeast(time, before - 1);
    assert.isAtLeast(until, time);
    assert.isAtLeast(durationMs, longestMs);
    assert.isAtLeast(answerBytes, 0);
    assert.isAtLeast(order, 0);
  });

  it('has host calls that were denied, and which rule denied them', async () => {
    const host = await open();
    const plugin = await host.install(await source(), { grant: 'none' });
    await rejectsCode('PERMISSION_DENIED', plugin.call('set', 'abc'));
    const [call] = await callsOf(host);
    assert.deepInclude(call, { outcome: 'PERMISSION_DENIED', count: 1 });
    assert.deepInclude(call?.decision, { decidedBy: 'grant', rule: 'notGranted' });
  });

  it('has kills: of whom, why, in which export and after how long, and is asked for by plugin', async () => {
    const host = await open();
    const wasm = await guest(`(func (export "spin_on") (result i32) ${SPIN} (i32.const 0))`);
    const manifest = { ...MANIFEST, id: 'spinner', permissions: {} };
    const plugin = await host.install({ wasm, manifest }, { limits: { timeoutMs: 100 } });
    await rejectsCode('TIMEOUT', plugin.call('spin_on'));
    const [entry, ...others] = (await entriesOf(host, { plugin: 'spinner' })).filter(({ kind }) => kind === 'kill');
    assert.deepEqual(others, []);
    const { time, afterMs, message, order, ...rest } = entry as KillEntry;
    assert.deepEqual(rest, { kind: 'kill', plugin: 'spinner', code: 'TIMEOUT', exportName: 'spin_on' });
    assert.match(message, /"spinner".*100 ms/);
    assert.isAtLeast(afterMs, 100);
    assert.approximately(time, Date.now(), 60_000);
    assert.isAtLeast(order, 0);
    assert.isEmpty((await entriesOf(host, { plugin: 'keeper' })).filter(({ kind }) => kind === 'kill'));
  });

  it('marks calls that the worker has answered itself as its own word', async () => {
    const host = await open();
    const plugin = await host.install(await source());
    await plugin.call('set', 'abc');
    await plugin.call('get', 'abc');
    const told: number[] = [];
    host.addEventListener('hostcall', ({ record }) => told.push(record.leasedCalls ?? 0));
    await plugin.call('get', 'abc');
    const byWorker = (await callsOf(host)).filter((call) => call.byWorker);
    const sum = byWorker.reduce((total, { count }) => total + count, 0);
    assert.isAtLeast(
      sum,
      told.reduce((total, count) => total + count, 0),
    );
  });

  it('has what people do, by name and choice, with who and how it ended', async () => {
    const host = await open();
    const plugin = await host.install(await source(), { grant: { kv: true }, config: { token: 's3cret' } });
    await rejectsCode('ALREADY_INSTALLED', host.install(await source()));
    await plugin.configure({ config: { token: 'other s3cret' }, limits: { timeoutMs: 900 } });
    await plugin.configure({ grant: 'none' });
    await plugin.disable();
    await plugin.enable();
    await rejectsCode('UPDATE_CHANGED', plugin.accept('f'.repeat(64)));
    await plugin.uninstall({ wipe: true });
    assert.deepEqual(await actsOf(host), [
      'install keeper ann ok {"config":["token"],"grant":["kv"],"version":"2.1"}',
      'install keeper ann ALREADY_INSTALLED {}',
      'configure keeper ann ok {"config":["token"],"limits":["timeoutMs"]}',
      'configure keeper ann ok {"grant":"none"}',
      'disable keeper ann ok {}',
      'enable keeper ann ok {}',
      `accept keeper ann UPDATE_CHANGED {"sha256":"${'f'.repeat(64)}"}`,
      'uninstall keeper ann ok {"wipe":"true"}',
    ]);
    assert.notInclude(await (await auditOf(host).export()).text(), 's3cret');
  });

  it('has the answers of a person to an optional permission, once each', async () => {
    const optional = { kv: { optional: true, reason: 'keeps it' } };
    const host = await open({ ask: () => 'no' });
    const plugin = await host.install(await source({ permissions: optional }));
    await rejectsCode('PERMISSION_DENIED', plugin.call('set', 'a'));
    await rejectsCode('PERMISSION_DENIED', plugin.call('set', 'a'));
    const answers = (await actsOf(host)).filter((text) => text.startsWith('answer'));
    assert.deepEqual(answers, ['answer keeper ann ok {"capability":"kv","answer":"no"}']);
  });

  it('says where nobody can tell who it was', async () => {
    const audit = {
      who: () => {
        throw new Error('no session');
      },
    };
    const host = await open({ audit });
    await host.install(await source());
    assert.match((await actsOf(host)).join(), /audit\.who` has thrown/);
    const nameless = await open({ audit: true });
    await nameless.install(await source());
    assert.isUndefined((await entriesOf(nameless)).find(isAct)?.who);
  });

  it('stays over a reload, and two hosts write one log', async () => {
    const storage = uniqueStorage();
    const first = await open({ storage });
    const plugin = await first.install(await source());
    const second = await open({ storage, audit: { who: () => 'bob' } });
    await plugin.disable();
    await existing(second.get('keeper')).enable();
    await first.close();
    await second.close();
    const again = await open({ storage });
    const acts = (await entriesOf(again)).filter(isAct);
    assert.deepEqual(acts.map(({ act, who }) => `${act} ${who}`).sort(), ['disable ann', 'enable bob', 'install ann']);
    assert.equal(new Set(acts.map(({ order }) => order)).size, 3);
  });

  it('is exported as lines of JSON', async () => {
    const host = await open();
    const plugin = await host.install(await source());
    await plugin.call('set', 'a');
    const blob = await auditOf(host).export({ plugin: 'keeper' });
    assert.equal(blob.type, 'application/x-ndjson');
    const text = await blob.text();
    assert.isTrue(text.endsWith('\n'));
    const kinds = text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as AuditEntry).kind);
    assert.deepEqual(kinds, ['act', 'call']);
  });

  it('keeps the order where the clock goes back', async () => {
    const host = await open();
    const plugin = await host.install(await source());
    const { now } = Date;
    try {
      Date.now = () => 5;
      await plugin.disable();
    } finally {
      Date.now = now;
    }
    await plugin.enable();
    const acts = (await entriesOf(host)).filter(isAct);
    assert.deepEqual(
      acts.map(({ act }) => act),
      ['install', 'disable', 'enable'],
    );
    assert.equal(acts[1]?.time, 5);
  });

  it('writes at most once a second', async () => {
    const storage = uniqueStorage();
    const host = await open({ storage });
    const plugin = await host.install(await source());
    const end = performance.now() + 1_600;
    while (performance.now() < end) {
      await plugin.call('set', 'a');
      await pause(50);
    }
    const store = new AuditStore(storage, { mostEntries: 100, mostBytes: 65_536 });
    const { keys } = await store.outline();
    store.close();
    assert.isAtLeast(keys.length, 1);
    assert.isAtMost(keys.length, 3);
  });

  it('S7: waits where it cannot be stored, is told in its status and not to the plugin, and is stored later', async () => {
    const host = await open();
    const plugin = await host.install(await source(), { grant: 'none' });
    const audit = auditOf(host);
    const broken = {
      open() {
        throw new DOMException('broken', 'UnknownError');
      },
    };
    await withIndexedDb({ value: broken }, async () => {
      await rejectsCode('PERMISSION_DENIED', plugin.call('set', 'a'));
      await audit.flush();
    });
    const { waiting, failedWrites, error, lost } = audit.status;
    assert.deepEqual([waiting, failedWrites, error?.code, lost.entries], [2, 1, 'STORAGE_FAILED', 0]);
    assert.deepEqual(
      (await entriesOf(host)).map(({ kind }) => kind),
      ['act', 'call'],
    );
    assert.deepInclude(audit.status, { waiting: 0, error: undefined });
  });

  it('goes on, and ends with its host, after a write that nothing can be made of', async () => {
    const host = await open();
    const audit = auditOf(host);
    const call = { plugin: 'p', time: 1, capability: 'kv', name: 'f', requestBytes: 0, answerBytes: 0, outcome: 'ok' };
    const decision = { decidedBy: 'grant', rule: 'allow', entry: 1n };
    host.dispatchEvent(new HostCallEvent({ ...call, durationMs: 1, needs: undefined, decision } as never));
    await audit.flush();
    assert.deepInclude(audit.status, { waiting: 1, failedWrites: 1 });
    assert.deepInclude(audit.status.error, { code: 'STORAGE_FAILED' });
    await host.close();
  });

  it('is not read after its host was closed', async () => {
    const host = await open();
    const audit = auditOf(host);
    await host.close();
    await rejectsCode('CLOSED', audit.export(), /before/);
  });

  it('tells what was lost where too much could not be stored', async () => {
    const host = await open();
    const audit = auditOf(host);
    const broken = {
      open() {
        throw new DOMException('broken', 'UnknownError');
      },
    };
    await withIndexedDb({ value: broken }, async () => {
      for (let i = 0; i < 6; i++) {
        for (let n = 0; n < 2_000; n++) audit.watch({ name: 'enable', plugin: `p${n}` }, async () => undefined);
        await Promise.resolve();
        await audit.flush();
      }
    });
    const entries = await entriesOf(host);
    const dropped = entries.filter((entry) => entry.kind === 'dropped');
    assert.deepEqual(
      dropped.map(({ reason, entries }) => [reason, entries]),
      [['memory', 2_000]],
    );
    assert.lengthOf(entries.filter(isAct), 10_000);
  });

  it('has no secret of a plugin in it, whoever says it', async () => {
    const secret = 'sk-live-0123456789';
    const schema = { type: 'object', properties: { token: { type: 'string', writeOnly: true } } };
    const host = await open({ audit: { who: () => `ann ${secret}` } });
    const plugin = await host.install(await configured({ schema }), { config: { token: secret } });
    await plugin.configure({ config: { token: secret } });
    const text = await (await auditOf(host).export()).text();
    assert.notInclude(text, secret);
    assert.include(text, 'ann {{secret:token}}');
  });

  it('takes out of each text what the app wants nobody to read', async () => {
    const host = await open({ audit: { who: () => 'ann', redact: (text) => text.replaceAll('ann', 'a.') } });
    await host.install(await source());
    assert.deepEqual(
      (await entriesOf(host)).filter(isAct).map(({ who }) => who),
      ['a.'],
    );
  });
});
