// (d) A call with one host function, against the same messages with a bare worker.

import { type BareWorker, openBareWorker, openFramedWorker } from './bare-worker.ts';
import data from './guests/one-host-call.wat';
import { interleaved, timed } from './measure.ts';
import { builtLibrary, type Row } from './row.ts';

const CALLS = 20;

const add = (a: bigint, b: bigint): bigint => a + b;

export async function hostCall(): Promise<Row[]> {
  const { createHost, defineCapability } = await builtLibrary();
  const capability = defineCapability({
    name: 'bench',
    functions: { bench_add: { params: ['i64', 'i64'], result: 'i64', call: ([a, b]) => add(a, b) } },
  });
  const host = await createHost({ storage: 'bench', capabilities: [capability], limits: { busyMsPerMinute: 60_000 } });
  const ours = await host.open(data);
  const bare = openBareWorker(add);
  const framed = await openFramedWorker(add);
  const against = (worker: BareWorker, name: 'once' | 'none') =>
    interleaved(
      () => timed(() => ours.call(name), CALLS),
      () => timed(() => worker.call(name), CALLS),
    );
  const row = ({ first, second }: { first: number; second: number }, name: string, target: string): Row => ({
    name,
    cloche: first,
    other: second,
    ratio: first / second,
    target,
    unit: 'ms',
  });
  try {
    return [
      row(await against(bare, 'once'), 'call with a host call / two bare round trips', '1.5× or less'),
      row(await against(framed, 'once'), 'the same / two round trips from an opaque frame', '-'),
      row(await against(bare, 'none'), 'empty call / one bare round trip', '-'),
    ];
  } finally {
    bare.close();
    framed.close();
    await host.close();
  }
}
