// (c) A plugin ready again after a kill, against making a new one.

import createPlugin from '@extism/extism';
import { expectEqual, interleaved, timed } from './measure.ts';
import { builtLibrary, exampleBytes, type Row } from './row.ts';

const HELLO = 'Hello from a fresh instance.';
/** Long enough for the spare worker that the last start has used up to be replaced. */
const DEADLINE_MS = 200;
/** Chromium keeps a killed worker spinning for 2 s: without a pause they would share the cores with what is measured. */
const PAUSE_MS = 2_600;
const RUNS = 30;

export async function restart(): Promise<Row> {
  const data = await exampleBytes('loop');
  const { createHost, ClocheError } = await builtLibrary();
  const host = await createHost({ storage: 'bench' });
  const ours = await host.open({ wasm: data, manifest: {} }, { id: 'loop' });

  /** From the kill to the answer of the next call; the killed worker of Chromium still has one core. */
  const afterKill = async (): Promise<number> => {
    // Three kills a minute quarantine a plugin; lifting that is not part of a restart.
    await ours.enable();
    const killed = new Promise<number>((resolve) =>
      host.addEventListener('kill', () => resolve(performance.now()), { once: true }),
    );
    const error: unknown = await ours.call('run', '', { timeoutMs: DEADLINE_MS }).catch((thrown: unknown) => thrown);
    expectEqual(error instanceof ClocheError && error.code, 'TIMEOUT', 'the end of an endless loop');
    expectEqual((await ours.call('hello')).text(), HELLO, 'our answer after a kill');
    const took = performance.now() - (await killed);
    await pause(PAUSE_MS);
    return took;
  };

  /** A new plugin and its first call, with nothing killed before and nothing closed within the time. */
  const fromScratch = async (): Promise<number> => {
    let close = async (): Promise<void> => undefined;
    const took = await timed(async () => {
      const plugin = await createPlugin({ wasm: [{ data }] }, { runInWorker: true });
      close = () => plugin.close();
      expectEqual((await plugin.call('hello'))?.text(), HELLO, 'their first answer');
    });
    await close();
    return took;
  };

  try {
    const { first, second } = await interleaved(afterKill, fromScratch, { runs: RUNS, warmUps: 1 });
    return {
      name: 'ready again after a kill / a new plugin',
      cloche: first,
      other: second,
      ratio: second / first,
      target: '5× or more',
      unit: 'ms',
    };
  } finally {
    await host.close();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
