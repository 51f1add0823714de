// What a host counts outlives its page: of a host with `usage`, and of no other.

import { assert } from 'chai';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { guest } from '../../helpers/guests.ts';
import { closeHosts, existing, makeHost, uniqueStorage } from '../../helpers/hosts.ts';

afterEach(closeHosts);

describe('the numbers of a host with `usage`', () => {
  it('are there on the next page, and gone with the plugin', async () => {
    const storage = uniqueStorage();
    const before = await makeHost({ storage, usage: true });
    const plugin = await before.install(await guest(), { id: 'demo' });
    await plugin.call('echo', 'x');
    await rejectsCode('TRAP', plugin.call('trap'));
    await before.close();

    const host = await makeHost({ storage, usage: true });
    const again = existing(host.get('demo'));
    const usage = await host.usage?.of(again);
    assert.deepInclude(usage, { calls: 2, failures: 1 });
    assert.isNumber(usage?.p50);
    await again.uninstall();
    assert.deepInclude(await host.usage?.of(again), { calls: 0 });
  });

  it('are kept of no plugin that is only open, and stay where another tab removes some other', async () => {
    const storage = uniqueStorage();
    const before = await makeHost({ storage, usage: true });
    const opened = await before.open(await guest(), { id: 'open' });
    await opened.call('echo', 'x');
    assert.deepInclude(await before.usage?.of(opened), { calls: 1 });
    const { installation } = opened;
    await before.install(await guest(), { id: 'other' });
    await before.close();

    const host = await makeHost({ storage, usage: true });
    assert.deepInclude(await host.usage?.of({ installation }), { calls: 0 });
    await existing(host.get('other')).uninstall();
  });

  it('are kept by none that was not asked to', async () => {
    assert.isUndefined((await makeHost()).usage);
  });
});

describe('a search for the plugin that breaks an app', () => {
  it('goes on with the next page, and finds it', async () => {
    const storage = uniqueStorage();
    const ids = ['one', 'two', 'three'];
    const before = await makeHost({ storage });
    for (const id of ids) await before.install(await guest(), { id });
    await (await before.bisect()).begin();
    await before.close();

    const host = await makeHost({ storage });
    const bisect = await host.bisect();
    while (bisect.state?.found === undefined) await bisect.answer(existing(host.get('two')).active);
    assert.equal(bisect.state.found, 'two');
    await bisect.end({ keepOff: true });
    assert.deepEqual(
      ids.map((id) => existing(host.get(id)).active),
      [true, false, true],
    );
  });
});
