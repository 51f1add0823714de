// What a host function is told of the instance that calls it: which it is, and when it ends.

import { assert } from 'chai';
import { defineCapability, type Host, type HostCallContext, type HostOptions, type Plugin } from '../../src/index.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { guest } from '../helpers/guests.ts';
import { closeHosts, eventually, makeHost } from '../helpers/hosts.ts';

afterEach(closeHosts);

/** The ids of the instances that opened something, and of those that have ended since. */
interface Seen {
  readonly opened: number[];
  readonly ended: number[];
}

function transactions(seen: Seen, onEnd?: () => unknown) {
  return defineCapability({
    name: 'transactions',
    functions: {
      open: {
        params: [],
        call: (_args, { instance }: HostCallContext) => {
          if (!seen.opened.includes(instance.id)) {
            instance.onEnd(() => {
              seen.ended.push(instance.id);
              return onEnd?.();
            });
          }
          seen.opened.push(instance.id);
        },
      },
    },
  });
}

const opening = guest(
  `(func (export "open") (result i32) (call $open) (i32.const 0))
   (func (export "open_and_trap") (result i32) (call $open) (unreachable))
   (func (export "open_and_spin") (result i32) (call $open) (loop $spin (call $open) (br $spin)) (i32.const 0))`,
  '(import "extism:host/user" "open" (func $open))',
);

async function opened(
  options: HostOptions = {},
  manifest: Record<string, unknown> = {},
  onEnd?: () => unknown,
): Promise<{ host: Host; plugin: Plugin; seen: Seen }> {
  const seen: Seen = { opened: [], ended: [] };
  const host = await makeHost({
    capabilities: [transactions(seen, onEnd)],
    serviceWorker: '/cloche-sw.js',
    ...options,
  });
  const plugin = await host.open(
    {
      wasm: await opening,
      manifest: {
        cloche: 1,
        id: 'opener',
        name: 'Opener',
        version: '1.0.0',
        permissions: { transactions: true },
        ...manifest,
      },
    },
    { grant: 'all' },
  );
  return { host, plugin, seen };
}

describe('the instance of a host call', () => {
  it('is the same from call to call, and has not ended', async () => {
    const { plugin, seen } = await opened();
    await plugin.call('open');
    await plugin.call('open');
    const [first] = seen.opened;
    assert.deepEqual(seen, { opened: [first, first], ended: [] } as unknown);
  });

  it('ends with a trap, before the caller hears of that; the next call comes from another', async () => {
    const { plugin, seen } = await opened();
    const endedByThen = plugin.call('open_and_trap').then(
      () => undefined,
      () => [...seen.ended],
    );
    assert.deepEqual(await endedByThen, seen.opened);
    await plugin.call('open');
    const [first, second] = seen.opened;
    assert.notEqual(first, second);
    assert.deepEqual(seen.ended, [first]);
  });

  it('ends with each call, where the manifest says `per-call`', async () => {
    const { plugin, seen } = await opened({}, { instance: 'per-call' });
    await plugin.call('open');
    await plugin.call('open');
    assert.equal(new Set(seen.opened).size, 2);
    assert.deepEqual(seen.ended, seen.opened);
  });

  it('ends when the plugin is killed', async () => {
    const { plugin, seen } = await opened();
    await rejectsCode('TIMEOUT', plugin.call('open_and_spin', undefined, { timeoutMs: 200 }));
    assert.deepEqual(seen.ended, [...new Set(seen.opened)]);
  });

  it('ends when a call is aborted', async () => {
    const { plugin, seen } = await opened();
    const controller = new AbortController();
    const call = plugin.call('open_and_spin', undefined, { signal: controller.signal });
    const aborted = rejectsCode('ABORTED', call);
    await eventually(() => seen.opened.length > 0, 'it to run');
    controller.abort();
    await aborted;
    assert.deepEqual(seen.ended, [...new Set(seen.opened)]);
  });

  it('ends when the plugin sleeps', async () => {
    const { host, plugin, seen } = await opened({ live: 1 });
    await plugin.call('open');
    await host.open(await guest(), { id: 'other' });
    assert.equal(plugin.state, 'asleep');
    assert.deepEqual(seen.ended, seen.opened);
  });

  for (const [what, end] of [
    ['is reset', ({ plugin }) => plugin.reset()],
    ['is closed', ({ plugin }) => plugin.close()],
    ['goes with its host', ({ host }) => host.close()],
  ] as const satisfies readonly [string, (stage: { host: Host; plugin: Plugin }) => Promise<void>][]) {
    it(`ends when the plugin ${what}`, async () => {
      const stage = await opened();
      await stage.plugin.call('open');
      await end(stage);
      assert.deepEqual(stage.seen.ended, stage.seen.opened);
    });
  }

  for (const [what, fail] of [
    ['throws', () => fails()],
    ['rejects', async () => fails()],
  ] as const) {
    it(`ends for all who asked, also when one ${what}; the log of the plugin says so`, async () => {
      const { host, plugin, seen } = await opened({}, {}, fail);
      await plugin.call('open');
      await plugin.reset();
      assert.deepEqual(seen.ended, seen.opened);
      const said = (): boolean =>
        host.logs('opener').some(({ text }) => /`open` failed at the end.*no disk/.test(text));
      await eventually(said, 'a line in its log');
      await plugin.call('open');
      assert.lengthOf(seen.opened, 2);
    });
  }
});

function fails(): never {
  throw new Error('no disk');
}
