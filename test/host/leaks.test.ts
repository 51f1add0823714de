// H18: whatever a plugin's life opens is closed when it ends, whichever way it ends.

import { assert } from 'chai';
import { createHost, type Host, type Plugin } from '../../src/index.ts';
import { guest } from '../helpers/guests.ts';
import { eventually, pause, uniqueStorage } from '../helpers/hosts.ts';
import { wat } from '../helpers/wat.ts';

/** 1,000 rounds in all; starting a worker takes most of the time. */
const ROUNDS = { calls: 400, lives: 250, aborts: 100, failures: 150, sleeps: 50, hosts: 50 };

interface Counts {
  workers: number;
  frames: number;
  urls: number;
}

/** Blob URLs that are not revoked yet. Those of the cell's own realm go with its frame. */
const urls = new Set<string>();
const native = { create: URL.createObjectURL, revoke: URL.revokeObjectURL };

before(() => {
  URL.createObjectURL = (object) => {
    const url = native.create.call(URL, object);
    urls.add(url);
    return url;
  };
  URL.revokeObjectURL = (url) => {
    urls.delete(url);
    native.revoke.call(URL, url);
  };
});
after(() => {
  URL.createObjectURL = native.create;
  URL.revokeObjectURL = native.revoke;
});

async function counts(host?: Host): Promise<Counts> {
  return {
    workers: (await host?.population()) ?? 0,
    frames: document.querySelectorAll('iframe').length,
    urls: urls.size,
  };
}

async function roundsOf(count: number, round: (i: number) => Promise<unknown>, atOnce = 1): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await round(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

describe('H18: nothing is left over', function () {
  this.timeout(120_000);
  let host: Host;
  let wasm: Uint8Array<ArrayBuffer>;
  let baseline: Counts;

  beforeEach(async () => {
    wasm = await guest();
    const generous = { busyMsPerMinute: 60_000, startTimeoutMs: 60_000 };
    host = await createHost({ storage: uniqueStorage(), live: 64, limits: generous });
    // Once through everything that is made once: cell, spare, compiled module.
    await (await host.open(wasm, { id: 'first' })).close();
    await eventually(async () => (await host.population()) === 1, 'the spare');
    baseline = await counts(host);
  });
  afterEach(async () => {
    await host.close();
    assert.equal((await counts()).frames, 0);
    assert.equal((await counts()).urls, 0);
  });

  const backAtBaseline = (): Promise<void> =>
    eventually(async () => {
      const now = await counts(host);
      return now.workers === baseline.workers && now.frames === baseline.frames && now.urls === baseline.urls;
    }, 'workers, frames and URLs to be as before');

  it(`after ${ROUNDS.calls} calls`, async () => {
    const plugin = await host.open(wasm, { id: 'caller' });
    await eventually(async () => (await host.population()) === 2, 'the worker and the spare');
    const during = await counts(host);
    await roundsOf(ROUNDS.calls, () => plugin.call('echo', 'x'));
    assert.deepEqual(await counts(host), during);
    await plugin.close();
    await backAtBaseline();
  });

  it(`after ${ROUNDS.lives} lives of open, call and close`, async () => {
    await roundsOf(
      ROUNDS.lives,
      async (i) => {
        const plugin = await host.open(wasm, { id: `p${i}` });
        await plugin.call('echo', 'x');
        await plugin.close();
      },
      2,
    );
    assert.isEmpty(host.plugins);
    await backAtBaseline();
  });

  it(`after ${ROUNDS.aborts} calls that are ended in their middle`, async () => {
    // A spinning thread costs Chromium 2 s each, so most of them wait in the queue, or start, when they are ended.
    const plugin = await host.open(wasm, { id: 'ended' });
    await roundsOf(ROUNDS.aborts, async (i) => {
      const spins = i % 50 === 0;
      const controller = new AbortController();
      const call = plugin.call(spins ? 'spin' : 'echo', 'x', { signal: controller.signal });
      if (spins) await pause(20);
      controller.abort();
      await call.then(
        () => assert.fail('it was not ended'),
        (thrown: { code: string }) => assert.equal(thrown.code, 'ABORTED'),
      );
    });
    await plugin.close();
    await backAtBaseline();
  });

  it(`after ${ROUNDS.failures} starts that fail`, async () => {
    const trapping = await wat('(module (func $f unreachable) (start $f))');
    const missing = await wat('(module (import "a" "b" (func)))');
    const codes = new Map<string, number>();
    await roundsOf(
      ROUNDS.failures,
      (i) =>
        host.open(i % 2 === 0 ? trapping : missing, { id: `p${i}` }).then(
          () => assert.fail('it started'),
          ({ code }: { code: string }) => codes.set(code, (codes.get(code) ?? 0) + 1),
        ),
      2,
    );
    assert.deepEqual([...codes].sort(), [
      ['IMPORT_MISSING', ROUNDS.failures / 2],
      ['START_FAILED', ROUNDS.failures / 2],
    ]);
    assert.isEmpty(host.plugins);
    await backAtBaseline();
  });

  it(`after ${ROUNDS.sleeps} resets and starts`, async () => {
    const plugin: Plugin = await host.open(wasm, { id: 'sleeper' });
    await roundsOf(ROUNDS.sleeps, async () => {
      await plugin.reset();
      await plugin.call('echo', 'x');
    });
    await plugin.close();
    await backAtBaseline();
  });

  it(`after ${ROUNDS.hosts} hosts`, async () => {
    await roundsOf(ROUNDS.hosts, async (i) => {
      const other = await createHost({ storage: uniqueStorage() });
      if (i % 5 === 0) await (await other.open(wasm, { id: 'p' })).call('echo', 'x');
      await other.close();
      assert.equal(await other.population(), 0);
    });
    await backAtBaseline();
  });

  it('lets go of the outputs of earlier calls', async () => {
    const plugin = await host.open(wasm, { id: 'large' });
    const outputs: WeakRef<Uint8Array>[] = [];
    const call = async (): Promise<WeakRef<Uint8Array>> =>
      new WeakRef((await plugin.call('echo', new Uint8Array(1 << 20))).bytes());
    for (let i = 0; i < 20; i++) outputs.push(await call());
    await eventually(
      async () => {
        // Nothing here may ask for a collection, so there has to be a reason for one.
        for (let i = 0; i < 20; i++) await call();
        return outputs.filter((ref) => ref.deref() !== undefined).length <= 10;
      },
      'outputs of earlier calls to be collected',
      60_000,
    );
    await plugin.close();
  });
});
