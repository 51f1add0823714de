// Data that a call reads and writes in its worker, without asking the page each time: what it may miss, and what is kept.

import { assert } from 'chai';
import { kvDatabaseName, openKv } from '../../src/capabilities/kv/kv-store.ts';
import { type ClocheError, type Host, type HostCallRecord, kv, type Plugin } from '../../src/index.ts';
import { engine } from '../helpers/engine.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { closeHosts, eventually, existing, makeHost, pause, uniqueStorage } from '../helpers/hosts.ts';
import { COUNT, leasing } from './leased-kv.guest.ts';

describe('kv under a lease', () => {
  let storage: string;
  let host: Host;
  let plugin: Plugin;
  let records: HostCallRecord[];

  before(function () {
    // Where guests cannot wait for the page, nothing is leased to them either.
    if (!engine.jspi) this.skip();
  });
  beforeEach(async () => {
    storage = uniqueStorage();
    host = await makeHost({ storage, capabilities: [kv({ storage })] });
    plugin = await host.install(await leasing(), { id: 'leasing', grant: 'all' });
    records = [];
    host.addEventListener('hostcall', ({ record }) => records.push(record));
  });
  afterEach(closeHosts);

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
  });

  it('C1: keeps what was accepted when it is killed, in the order in which it was', async () => {
    await plugin.configure({ limits: { timeoutMs: 1_000 } });
    await rejectsCode('TIMEOUT', plugin.call('fill_and_spin'));
    assert.lengthOf(await stored(), COUNT);
  });

  it('C1: is killed while it writes, and the page stays free', async () => {
    await plugin.configure({ limits: { timeoutMs: 1_000 } });
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
