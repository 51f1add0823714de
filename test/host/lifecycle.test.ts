// How the life of a plugin's worker ends where engines have a say in it. The rest is in decisions/lifecycle.test.ts.

import { assert } from 'chai';
import { createHost, type Plugin } from '../../src/index.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { guest, SPIN, SPIN_IMPORT } from '../helpers/guests.ts';
import { closeHosts, makeHost, pause, uniqueStorage } from '../helpers/hosts.ts';
import { wat } from '../helpers/wat.ts';

afterEach(closeHosts);

describe('close', () => {
  it('settles every pending promise with CLOSED: running, waiting, starting', async () => {
    const host = await makeHost();
    const plugin = await host.open(await guest(), { id: 'busy' });
    const pending = [
      plugin.call('spin'),
      plugin.call('echo', 'waits'),
      plugin.start(),
      host.open(await wat(`(module ${SPIN_IMPORT} (func $f ${SPIN}) (start $f))`), { id: 'starting' }),
    ];
    const settled = Promise.allSettled(pending);
    await pause(200);
    await host.close();
    const codes = (await settled).map((result) => (result.status === 'rejected' ? result.reason.code : 'ok'));
    assert.deepEqual(codes, ['CLOSED', 'CLOSED', 'CLOSED', 'CLOSED']);
    await rejectsCode('CLOSED', plugin.call('echo'));
    await rejectsCode('CLOSED', host.open(await guest(), { id: 'late' }));
    await host.close();
  });

  it('removes its frame from the page', async () => {
    const frames = document.querySelectorAll('iframe').length;
    const host = await createHost({ storage: uniqueStorage() });
    await host.open(await guest(), { id: 'a' });
    assert.equal(document.querySelectorAll('iframe').length, frames + 1);
    await host.close();
    assert.equal(document.querySelectorAll('iframe').length, frames);
  });
});

describe('as many plugins as may live at once', () => {
  it('do', async function () {
    this.timeout(120_000);
    const host = await makeHost({ live: 60 });
    const source = await guest();
    const plugins: Plugin[] = [];
    for (let i = 0; i < 60; i++) plugins.push(await host.open(source, { id: `p${i}` }));
    const outputs = await Promise.all(plugins.map(async (plugin) => (await plugin.call('echo', plugin.id)).text()));
    assert.deepEqual(
      outputs,
      plugins.map(({ id }) => id),
    );
    assert.isEmpty(plugins.filter(({ state }) => state !== 'running'));
    await plugins[0]?.close();
    await (await host.open(source, { id: 'another' })).call('echo');
  });
});

describe('the page', () => {
  it('may throw the cell out: the next call opens another', async () => {
    const host = await makeHost({ hostCalls: 'none' });
    const plugin = await host.open(await guest(), { id: 'survivor' });
    for (const frame of document.querySelectorAll('iframe[title="Cloche"]')) frame.remove();
    assert.equal(plugin.state, 'asleep');
    assert.equal((await plugin.call('echo', 'x')).text(), 'x');
  });
});
