// The clocks of a guest and its sleep, by grant, at its imports. What else grant and policy leave of WASI is in
// decisions/surroundings.test.ts.

import { assert } from 'chai';
import type { Host } from '../../src/index.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { packed } from '../helpers/guests.ts';
import { closePlugins, makeHost } from '../helpers/hosts.ts';
import { FULL, MS, opened, SLEEPER, said } from './surroundings.guest.ts';

let host: Host;
before(async () => {
  host = await makeHost({ limits: { timeoutMs: 20_000 } });
});
afterEach(() => closePlugins(host));

describe('the clocks of a guest', () => {
  for (const [what, options] of [
    ['says nothing', {}],
    ['gives all of it', { grant: { clock: true } }],
  ] as const) {
    it(`are those of the page where its grant ${what}`, async () => {
      const plugin = await opened(host, SLEEPER, FULL, 'grant' in options ? options.grant : undefined);
      const now = BigInt(Date.now()) * MS;
      const told = await said(plugin, 'realtime');
      assert.isTrue(told >= now - 1000n * MS && told <= now + 60_000n * MS, `${told} at ${now}`);
      assert.isTrue(
        (await said(plugin, 'monotonic')) % (1000n * MS) !== 0n ||
          (await said(plugin, 'monotonic')) % (1000n * MS) !== 0n,
      );
      assert.equal(await said(plugin, 'resolution'), 5_000n);
    });
  }

  it('stand at 0 under `none`, and pass only what it sleeps', async () => {
    const plugin = await opened(host, SLEEPER, FULL, { clock: false });
    assert.deepEqual([await said(plugin, 'realtime'), await said(plugin, 'monotonic')], [0n, 0n]);
    await plugin.call('echo');
    assert.equal(await said(plugin, 'monotonic'), 0n);
    const began = performance.now();
    const slept = await said(plugin, 'sleep', 30n * MS);
    assert.isAtLeast(performance.now() - began, 29);
    assert.isTrue(slept > 29n * MS && slept < 31n * MS, `${slept}`);
    const until = await said(plugin, 'sleep_until', 20n * MS);
    assert.isTrue(until > 19n * MS && until < 21n * MS, `${until}`);
  });
});

describe('the WASI of a guest', () => {
  it('is taken away at once, also from a call that runs', async () => {
    const plugin = await opened(host, SLEEPER, FULL);
    await plugin.start();
    const running = plugin.call('sleep', packed(15_000n * MS));
    const rejected = rejectsCode('REVOKED', running);
    await plugin.configure({ grant: { '+': { wasi: false } } });
    await rejected;
    await rejectsCode('IMPORT_MISSING', plugin.call('echo'));
  });
});
