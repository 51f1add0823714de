// (a) A small call of a plugin with vars: count-vowels on a short text.

import createPlugin from '@extism/extism';
import { expectEqual, interleaved, timed } from './measure.ts';
import { builtLibrary, exampleBytes, type Row } from './row.ts';

const CALLS = 10;
const TEXT = 'Hello, World';

export async function smallCall(): Promise<Row> {
  const data = await exampleBytes('count-vowels');
  const { createHost } = await builtLibrary();
  const host = await createHost({ storage: 'bench', limits: { busyMsPerMinute: 60_000 } });
  const ours = await host.open({ wasm: data, manifest: { config: { vowels: 'aeiouAEIOU' } } });
  const theirs = await createPlugin({ wasm: [{ data }] }, { runInWorker: true, config: { vowels: 'aeiouAEIOU' } });
  try {
    expectEqual(countOf((await ours.call('count_vowels', TEXT)).text()), 3, 'our count');
    expectEqual(countOf((await theirs.call('count_vowels', TEXT))?.text()), 3, 'their count');
    const { first, second } = await interleaved(
      () => timed(() => ours.call('count_vowels', TEXT), CALLS),
      () => timed(() => theirs.call('count_vowels', TEXT), CALLS),
    );
    return {
      name: 'small call, with a var',
      cloche: first,
      other: second,
      ratio: second / first,
      target: '8× or more',
      unit: 'ms',
    };
  } finally {
    await theirs.close();
    await host.close();
  }
}

function countOf(text = '{}'): unknown {
  return (JSON.parse(text) as { count?: unknown }).count;
}
