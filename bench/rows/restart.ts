// A plugin ready again after a kill, against making a new one.

import { exampleBytes, openHost } from '../library.ts';
import { expectEqual, pause } from '../measure.ts';
import { ofBoth, type Row } from '../row.ts';
import { openBareWorker } from '../sides/bare-worker.ts';
import { startedAnew } from '../sides/once.ts';
import { asNumber, asText, openGuest, quickJS } from '../sides/quickjs.ts';
import { openSdk } from '../sides/sdk.ts';

const HELLO = 'Hello from a fresh instance.';
const DEADLINE_MS = 200;
/**
 * Chromium keeps a killed worker spinning for 2 s: without a pause they would share the cores with what is measured. The spare
 * worker that the last start has used up is replaced meanwhile.
 */
const PAUSE_MS = 2_600;

const GUEST = `
function hello() { return '${HELLO}'; }
function run() { for (;;); }`;

export const restart: Row = {
  id: 'restart',
  name: 'ready again after a kill',
  unit: 'ms',
  floor: 'a new bare worker, and its first answer',
  against: 'sdk',
  goals: ofBoth({ bound: 4 }),
  rounds: { runs: 20, warmUps: 1 },
  /** From the kill to the answer of the next call; the killed worker of Chromium still has one core. */
  async cloche(setting) {
    const { ClocheError } = setting.library;
    const host = await openHost(setting);
    const plugin = await host.open({ wasm: await exampleBytes('loop'), manifest: {} }, { id: 'loop' });
    return {
      async sample() {
        // Three kills a minute quarantine a plugin; lifting that is not part of a restart.
        await plugin.enable();
        const killed = new Promise<number>((resolve) =>
          host.addEventListener('kill', () => resolve(performance.now()), { once: true }),
        );
        const call = plugin.call('run', '', { timeoutMs: DEADLINE_MS });
        const error: unknown = await call.catch((thrown: unknown) => thrown);
        expectEqual(error instanceof ClocheError && error.code, 'TIMEOUT', 'the end of an endless loop');
        expectEqual((await plugin.call('hello')).text(), HELLO, 'the answer after a kill');
        const took = performance.now() - (await killed);
        await pause(PAUSE_MS);
        return took;
      },
      close: () => host.close(),
    };
  },
  beside: {
    /** It cannot end a loop: a new plugin and its first call, with nothing killed before. */
    async sdk() {
      const data = await exampleBytes('loop');
      return startedAnew(async () => {
        const plugin = await openSdk(data);
        expectEqual((await plugin.call('hello'))?.text(), HELLO, 'the first answer');
        return plugin;
      });
    },
    async quickjs() {
      const module = await quickJS();
      return {
        async sample() {
          const guest = openGuest(module, GUEST, {}, DEADLINE_MS);
          const stopped = stopOf(() => guest.call('run', asNumber));
          const began = performance.now();
          expectEqual(stopped.includes('interrupted'), true, 'the end of an endless loop to be an interruption');
          guest.close();
          const next = openGuest(module, GUEST);
          expectEqual(next.call('hello', asText), HELLO, 'the answer after a kill');
          const took = performance.now() - began;
          next.close();
          return took;
        },
        close: () => undefined,
      };
    },
    async floor() {
      return startedAnew(async () => {
        const worker = openBareWorker(`function* () { return '${HELLO}'; }`);
        expectEqual(await worker.call(), HELLO, 'the first answer');
        return worker;
      });
    },
  },
};

function stopOf(run: () => unknown): string {
  try {
    run();
  } catch (thrown) {
    return String(thrown);
  }
  return 'none';
}
