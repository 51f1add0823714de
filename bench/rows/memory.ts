// What a plugin takes: alive, of all processes of the browser; asleep, of the page's heap.

import type { QuickJSContext } from 'quickjs-emscripten-core';
import { HUNDRED, openHundred, tellAll } from '../hundred.ts';
import { exampleBytes, openHost } from '../library.ts';
import { pause } from '../measure.ts';
import { probe } from '../probes.ts';
import { ofBoth, type Row, type Side } from '../row.ts';
import { openBareWorker } from '../sides/bare-worker.ts';
import type { Opened } from '../sides/once.ts';
import { openGuest, quickJS } from '../sides/quickjs.ts';
import { openSdk } from '../sides/sdk.ts';

/** Beside a first one, which pays for what all share. */
const MORE = 10;
const TEXT = 'Hello, World';
/** Workers start and end, and processes give back, a little later than they say. */
const SETTLE_MS = 1_000;
const IDLE_MS = 1_000;

export const memoryAlive: Row = {
  id: 'memory-alive',
  name: 'memory of a live plugin',
  unit: 'KiB',
  floor: 'a bare worker',
  against: 'sdk',
  needs: 'browserKiB',
  rounds: { runs: 5, warmUps: 1 },
  async cloche(setting) {
    const wasm = await exampleBytes('count-vowels');
    return {
      async sample() {
        const host = await openHost(setting, { live: MORE + 1 });
        const open = async (number: number): Promise<void> => {
          const plugin = await host.open({ wasm, manifest: {} }, { id: `p${number}` });
          await plugin.call('count_vowels', TEXT);
        };
        try {
          return await eachOf(open);
        } finally {
          await host.close();
          await pause(SETTLE_MS);
        }
      },
      close: () => undefined,
    };
  },
  beside: {
    async sdk() {
      const data = await exampleBytes('count-vowels');
      return eachOpened(async () => {
        const plugin = await openSdk(data);
        await plugin.call('count_vowels', TEXT);
        return plugin;
      });
    },
    /** By its own count: what a runtime gives back stays with the module, where the next one takes it. */
    async quickjs() {
      const { vm, close } = openGuest(await quickJS(), 'function none() { return 0; }');
      return { sample: async () => usedKiB(vm), close };
    },
    floor: async () =>
      eachOpened(async () => {
        const worker = openBareWorker('function* () { return 0; }');
        await worker.call();
        return worker;
      }),
  },
};

export const memoryAsleep: Row = {
  id: 'memory-asleep',
  name: 'memory of a sleeping plugin, of the page’s heap',
  unit: 'KiB',
  goals: ofBoth({ bound: 64 }),
  needs: 'pageHeapKiB',
  rounds: { runs: 3, warmUps: 1 },
  async cloche(setting) {
    return {
      async sample() {
        const none = await openHost({ ...setting, storage: `${setting.storage}-none` });
        const before = await probe('pageHeapKiB');
        await none.close();
        const host = await openHundred(setting, { idleMs: IDLE_MS });
        await tellAll(host);
        while (host.plugins.some(({ state }) => state !== 'asleep')) await pause(IDLE_MS / 10);
        const after = await probe('pageHeapKiB');
        await host.close();
        return (after - before) / HUNDRED;
      },
      close: () => undefined,
    };
  },
};

function usedKiB(vm: QuickJSContext): number {
  const usage = vm.runtime.computeMemoryUsage().consume((handle) => vm.dump(handle) as { memory_used_size: number });
  return usage.memory_used_size / 1_024;
}

function eachOpened(open: () => Promise<Opened>): Side {
  return {
    async sample() {
      const opened: Opened[] = [];
      const each = await eachOf(async () => {
        opened.push(await open());
      });
      for (const one of opened) await one.close();
      await pause(SETTLE_MS);
      return each;
    },
    close: () => undefined,
  };
}

/** KiB for each but the first. */
async function eachOf(open: (number: number) => Promise<void>): Promise<number> {
  await open(0);
  await pause(SETTLE_MS);
  const before = await probe('browserKiB');
  for (let i = 1; i <= MORE; i++) await open(i);
  await pause(SETTLE_MS);
  return ((await probe('browserKiB')) - before) / MORE;
}
