// Data that a call reads and writes in its worker, without asking the page each time: what it may miss, and what is kept.

import { assert } from 'chai';
import { kvDatabaseName, openKv } from '../../src/capabilities/kv/kv-store.ts';
import { type ClocheError, type Host, type HostCallRecord, kv, type Plugin } from '../../src/index.ts';
import { engine } from '../helpers/engine.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { eventually, existing, makeHost, pause, uniqueStorage } from '../helpers/hosts.ts';
import { endSpinners } from '../helpers/killed.ts';
import { COUNT, leasing } from './leased-kv.guest.ts';
import { bytes, endWorkers, takeOver } from './taken-over-worker.ts';

describe('kv under a lease', () => {
  const storage = uniqueStorage();
  let host: Host;
  let plugin: Plugin;
  let records: HostCallRecord[];

  before(async function () {
    // Where guests cannot wait for the page, nothing is leased to them either.
    if (!engine.jspi) this.skip();
    host = await makeHost({ storage, capabilities: [kv({ storage })] });
    host.addEventListener('hostcall', ({ record }) => records.push(record));
  });
  beforeEach(async () => {
    plugin = await host.install(await leasing(), { id: 'leasing', grant: 'all' });
    records = [];
  });
  afterEach(() => host.get('leasing')?.uninstall({ wipe: true }));

  const number = async (name: string, of = plugin) =>
    new DataView((await of.call(name)).bytes().buffer).getBigInt64(0, true);

  /** Keys as another tab sees them. */
  async function stored(): Promise<string[]> {
    const store = openKv(plugin.installation, { storage });
    const keys = await store.keys();
    store.close();
    return keys;
  }

  it('reads what is there, and tells of it in one record', async () => {
    await plugin.call('fill');
    records.length = 0;
    assert.equal(await number('sum'), BigInt(COUNT * 4));
    const leased = records.filter(({ leasedCalls }) => leasedCalls !== undefined);
    assert.lengthOf(leased, 1);
    const [{ leasedCalls = 0, ...record }] = leased as [HostCallRecord];
    assert.isAbove(leasedCalls, COUNT / 2);
    assert.deepInclude(record, {
      plugin: 'leasing',
      capability: 'kv',
      name: 'kv_get',
      requestBytes: leasedCalls * 4,
      answerBytes: leasedCalls * 4,
      outcome: 'ok',
    });
    assert.equal(records.length - 1 + leasedCalls, COUNT);
  });

  it('writes and deletes: each is told of, and stored when the call resolves', async () => {
    assert.equal(await number('fill'), 0n);
    assert.lengthOf(records, COUNT);
    assert.isTrue(records.every(({ name, outcome }) => name === 'kv_set' && outcome === 'ok'));
    assert.lengthOf(await stored(), COUNT);
    assert.equal(await number('sum'), BigInt(COUNT * 4));
    assert.equal(await number('clear'), BigInt(COUNT));
    assert.isEmpty(await stored());
  });

  it('hears of a full quota when it is full, as ever, and what was accepted is stored', async () => {
    await plugin.configure({ limits: { storageBytes: 100 * 8 } });
    assert.equal(await number('fill'), BigInt(COUNT - 100));
    assert.lengthOf(await stored(), 100);
  });

  it('sees its own writes through `kv_update` and `kv_list`, and what these wrote', async () => {
    assert.equal((await plugin.call('exchange')).text(), '2');
    assert.deepEqual((await plugin.call('list')).json(), ['a']);
  });

  it('sees after a while what another tab writes', async () => {
    const other = await makeHost({ storage, capabilities: [kv({ storage })] });
    await eventually(() => other.get('leasing') !== undefined, 'the other tab to see it');
    const answer = plugin.call('await');
    await eventually(() => records.length > 3, 'it to read');
    await pause(50);
    await existing(other.get('leasing')).call('tell');
    assert.equal((await answer).text(), '1');
    await other.close();
  });

  it('C1: keeps what was accepted when it is killed, in the order in which it was', async () => {
    await plugin.configure({ limits: { timeoutMs: 700 } });
    await rejectsCode('TIMEOUT', plugin.call('fill_and_spin'));
    endSpinners();
    assert.lengthOf(await stored(), COUNT);
  });

  it('C1: is killed while it writes, and the page stays free', async () => {
    await plugin.configure({ limits: { timeoutMs: 700 } });
    const code = await plugin.call('fill_for_ever').then(
      () => 'answered',
      (thrown: ClocheError) => thrown.code,
    );
    // It asks the page now and then, and may be waiting for it when its time is over.
    assert.oneOf(code, ['TIMEOUT', 'HOST_TIMEOUT']);
    assert.lengthOf(await stored(), COUNT);
    assert.equal(await number('sum'), BigInt(COUNT * 4));
  });

  it('keeps what was accepted until its grant was revoked, and the call rejects with REVOKED', async () => {
    const call = plugin.call('fill_for_ever');
    await eventually(() => records.length > 50, 'it to write');
    await Promise.all([rejectsCode('REVOKED', call), plugin.configure({ grant: 'none' })]);
    const heard = records.filter(({ outcome }) => outcome === 'ok').length;
    assert.lengthOf(await stored(), Math.min(heard, COUNT));
  });

  it('keeps nothing when its plugin is uninstalled with its data while it writes', async () => {
    const call = plugin.call('fill_for_ever');
    await eventually(() => records.length > 50, 'it to write');
    await Promise.all([rejectsCode('CLOSED', call), plugin.uninstall({ wipe: true })]);
    const names = (await indexedDB.databases()).map(({ name }) => name);
    assert.notInclude(names, kvDatabaseName(storage, plugin.installation));
  });
});

describe('a worker that answers host calls itself', () => {
  afterEach(endWorkers);

  it('H11: is ended at the first of a hundred thousand that its lease does not allow', async () => {
    const { lease, worker, outcome, told } = await takeOver();
    const calls = await lease();
    told.length = 0;
    const source = `onmessage = ({ ports: [port], data }) => {
      for (let i = 0; i < 100_000; i++) port.postMessage(data);
    }`;
    const url = URL.createObjectURL(new Blob([source]));
    const flooder = new Worker(url);
    flooder.postMessage({ type: 'ONE_WAY', index: 1, args: [bytes('a'), bytes('x')], answer: 0n }, [worker]);
    assert.equal(await outcome(), 'PROTOCOL_VIOLATION');
    flooder.terminate();
    URL.revokeObjectURL(url);
    assert.lengthOf(told, calls);
  });
});
