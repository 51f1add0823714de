// How the life of a plugin's worker ends, and what is there again afterwards.

import { assert } from 'chai';
import type { Plugin } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { guest } from '../../helpers/guests.ts';
import { closeHosts, eventually, makeHost, pause } from '../../helpers/hosts.ts';

afterEach(closeHosts);

describe('close', () => {
  it('settles a call that waits for a free place', async () => {
    const host = await makeHost({ live: 1 });
    const spinner = await host.open(await guest(), { id: 'spinner' });
    const settled = spinner.call('spin').catch((thrown: unknown) => thrown);
    const waiting = host.open(await guest(), { id: 'waiting' });
    await pause(100);
    const began = performance.now();
    const [plugin] = host.plugins.filter(({ id }) => id === 'waiting');
    assert.isUndefined(plugin, 'it is not there before it has started');
    await Promise.all([rejectsCode('CLOSED', waiting), host.close()]);
    assert.isBelow(performance.now() - began, 500);
    await settled;
  });
});

describe('disable', () => {
  it('ends the running call, and the calls that wait do not start it again', async () => {
    const host = await makeHost();
    const plugin = await host.open(await guest(), { id: 'switched' });
    const calls = Promise.allSettled([plugin.call('spin'), plugin.call('echo', 'a'), plugin.call('echo', 'b')]);
    await pause(100);
    await plugin.disable();
    const codes = (await calls).map((result) => (result.status === 'rejected' ? result.reason.code : 'ok'));
    assert.deepEqual(codes, ['ABORTED', 'DISABLED', 'DISABLED']);
    assert.equal(plugin.state, 'off');
    await eventually(async () => (await host.population()).plugins === 0, 'no worker of a plugin');
  });
});

describe('sleep', () => {
  it('puts a plugin to sleep after `idleMs`, and the next call wakes it', async () => {
    const host = await makeHost({ idleMs: 1_000 });
    const plugin = await host.open(await guest(), { id: 'sleepy' });
    await plugin.call('echo', 'x');
    assert.equal(plugin.state, 'running');
    await pause(600);
    await plugin.call('echo', 'x');
    await pause(500);
    assert.equal(plugin.state, 'running', 'a call begins the time anew');
    await eventually(() => plugin.state === 'asleep', 'it to sleep');
    await eventually(async () => (await host.population()).plugins === 0, 'no worker of a plugin');
    assert.equal((await plugin.call('echo', 'y')).text(), 'y');
    assert.equal(plugin.stats.kills, 0);
  });

  it('keeps to `live` places with more plugins than places, and all are served', async () => {
    const host = await makeHost({ live: 2 });
    const source = await guest();
    const plugins: Plugin[] = [];
    for (const id of ['a', 'b', 'c', 'd']) plugins.push(await host.open(source, { id }));
    const running = (): string[] => plugins.filter(({ state }) => state === 'running').map(({ id }) => id);
    assert.deepEqual(running(), ['c', 'd'], 'the two that were idle longest sleep');
    await plugins[0]?.call('echo');
    assert.deepEqual(running(), ['a', 'd']);
    const outputs = await Promise.all(
      plugins.flatMap((plugin) => ['1', '2'].map(async (text) => (await plugin.call('echo', plugin.id + text)).text())),
    );
    assert.deepEqual(outputs, ['a1', 'a2', 'b1', 'b2', 'c1', 'c2', 'd1', 'd2']);
    assert.isAtMost(running().length, 2);
    assert.isAtMost((await host.population()).plugins, 2);
  });
});

describe('reset and reload', () => {
  it('start the guest’s memory anew', async () => {
    const host = await makeHost();
    const plugin = await host.open(
      await guest(`(global $n (mut i64) (i64.const 0))
        (func (export "count") (result i32)
          (global.set $n (i64.add (global.get $n) (i64.const 1))) (call $put_u64 (global.get $n)) (i32.const 0))`),
      { id: 'counter' },
    );
    const count = async () => (await plugin.call('count')).bytes()[0];
    assert.deepEqual([await count(), await count()], [1, 2]);
    await plugin.reset();
    assert.equal(plugin.state, 'asleep');
    assert.equal(await count(), 1);
    await plugin.reload();
    assert.equal(plugin.state, 'running');
    assert.equal(await count(), 1);
  });
});
