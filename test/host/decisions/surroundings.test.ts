// How much a guest finds of WASI and of clocks, by grant and policy, at its imports.

import { assert } from 'chai';
import type { Host, HostOptions } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { guest } from '../../helpers/guests.ts';
import { closePlugins, makeHost } from '../../helpers/hosts.ts';
import { textsOf } from '../../helpers/sentences.ts';
import { CLOCKS, FULL, MS, opened, SLEEPER, said, TIME } from '../surroundings.guest.ts';

let host: Host;
before(async () => {
  host = await makeHost();
});
afterEach(() => closePlugins(host));

describe('the clocks of a guest', () => {
  it('are in whole seconds under `coarse`, and sleeping takes its time', async () => {
    const plugin = await opened(host, SLEEPER, FULL, { clock: { mode: 'coarse' } });
    for (const clock of ['realtime', 'monotonic']) assert.equal((await said(plugin, clock)) % (1000n * MS), 0n, clock);
    assert.equal(await said(plugin, 'resolution'), 1000n * MS);
    const began = performance.now();
    assert.include([0n, 1000n * MS], await said(plugin, 'sleep', 30n * MS));
    assert.isAtLeast(performance.now() - began, 29);
    assert.isTrue((await said(plugin, 'sleep_until', 1000n * MS)) >= 1000n * MS);
  });

  it('are as the policy leaves them, whatever is granted', async () => {
    const options: HostOptions = { policy: { clock: { mode: 'coarse' } } };
    const plugin = await opened(await makeHost(options), CLOCKS, TIME, { clock: true });
    assert.equal((await said(plugin, 'realtime')) % (1000n * MS), 0n);
    const use = { capability: 'clock', mode: 'real' };
    assert.deepInclude(await plugin.explain(use), { allowed: false, decidedBy: 'policy', rule: 'mode' });
  });

  it('change with the grant, from the next call on', async () => {
    const plugin = await opened(host, CLOCKS, TIME);
    assert.isTrue((await said(plugin, 'realtime')) > 0n);
    await plugin.configure({ grant: { '+': { clock: false } } });
    assert.equal(await said(plugin, 'realtime'), 0n);
    await plugin.configure({ grant: 'manifest' });
    assert.isTrue((await said(plugin, 'realtime')) > 0n);
  });

  it('are asked for in the manifest, with a reason', async () => {
    const permissions = { clock: { mode: 'coarse', reason: 'dates its entries' } };
    const source = { wasm: await guest(CLOCKS, TIME), manifest: { cloche: 1, id: 'p', permissions } };
    const plugin = await host.open(source);
    assert.equal((await said(plugin, 'realtime')) % (1000n * MS), 0n);
    const [request] = plugin.requests();
    assert.deepInclude(request, { capability: 'clock', risk: 'low', granted: true, reason: 'dates its entries' });
    assert.deepEqual(textsOf(request?.sentences), ['Know the time, in whole seconds.']);
  });
});

describe('the WASI of a guest', () => {
  it('is all of it where its grant says nothing of it, even that of nothing', async () => {
    for (const grant of ['manifest', 'none', { kv: true }] as const) {
      const plugin = await opened(host, SLEEPER, FULL, grant);
      assert.isTrue((await said(plugin, 'monotonic')) > 0n);
      await plugin.close();
    }
  });

  it('is what programs need to start under `reduced`', async () => {
    const plugin = await opened(host, CLOCKS, TIME, { wasi: { mode: 'reduced' } });
    assert.isTrue((await said(plugin, 'monotonic')) > 0n);
    await plugin.close();
    await rejectsCode('IMPORT_MISSING', opened(host, SLEEPER, FULL, { wasi: { mode: 'reduced' } }), /the part of WASI/);
  });

  it('is nothing where it was denied, by grant or policy', async () => {
    await rejectsCode('IMPORT_MISSING', opened(host, CLOCKS, TIME, { wasi: false }), /may not use/);
    const strict = await makeHost({ policy: { wasi: false } });
    await rejectsCode('IMPORT_MISSING', opened(strict, CLOCKS, TIME, { wasi: true }), /may not use/);
    assert.equal((await (await opened(strict, '', '', { wasi: true })).call('echo', 'a')).text(), 'a');
  });
});
