// Deadlines: group C of the attacks, as far as engines have a say in them. The rest is in decisions/limits-time.test.ts.

import { assert } from 'chai';
import type { Host, Limits, Plugin } from '../../src/index.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { guest, SPIN, SPIN_IMPORT } from '../helpers/guests.ts';
import { closeHosts, eventually, makeHost } from '../helpers/hosts.ts';
import { assertKilled } from '../helpers/killed.ts';
import { wat } from '../helpers/wat.ts';

let host: Host;
beforeEach(async () => {
  host = await makeHost();
});
// A guest that was killed while it spun takes two seconds more of a core in Chromium, unless its host is closed.
afterEach(closeHosts);

async function open(body = '', limits: Partial<Limits> = {}): Promise<Plugin> {
  return host.open(await guest(body), { id: 'greedy', limits });
}

describe('time', function () {
  // Bounds of time on a machine that others use too: once within them is proof that they can be held.
  this.retries(2);

  it('C1: rejects with TIMEOUT when an export loops forever, and the next call works', async () => {
    const plugin = await open('', { timeoutMs: 300 });
    await assertKilled({
      host,
      plugin,
      id: 'greedy',
      code: 'TIMEOUT',
      afterMs: 300,
      exportName: 'spin',
      act: () => plugin.call('spin'),
    });
    assert.equal((await plugin.call('echo', 'again')).text(), 'again');
    assert.equal(plugin.state, 'running');
  });

  it('C2: rejects with START_TIMEOUT when the start section loops forever', async () => {
    const wasm = await wat(`(module ${SPIN_IMPORT} (func $f ${SPIN}) (start $f) (func (export "run")))`);
    // Its spare is ready then, so that booting takes no part of the limit.
    await eventually(async () => (await host.population()).spares > 0, 'a spare worker');
    await assertKilled({
      host,
      id: 'stuck',
      code: 'START_TIMEOUT',
      afterMs: 500,
      act: () => host.open(wasm, { id: 'stuck', limits: { startTimeoutMs: 500 } }),
    });
    assert.isUndefined(host.get('stuck'));
    assert.isEmpty(host.plugins);
  });

  // Last: an engine that cannot end it computes on until the page is gone.
  it('C1: rejects with TIMEOUT when the loop calls nothing, which not every engine can end', async () => {
    const plugin = await open('(func (export "tight") (loop $again (br $again)))', { timeoutMs: 200 });
    await rejectsCode('TIMEOUT', plugin.call('tight'));
    assert.equal((await plugin.call('echo', 'again')).text(), 'again');
  });
});
