// (e) 1,000 writes and 1,000 reads of the key-value store in one call, against one batch of idb-keyval.

import { createStore, getMany, setMany } from 'idb-keyval';
import data from './guests/kv.wat';
import { expectEqual, median, timed } from './measure.ts';
import { builtLibrary, type Row } from './row.ts';

const COUNT = 1_000;
const BYTES = 100;
const RUNS = 20;
const WARM_UPS = 3;

/** Medians in ms: all of a call, the same call with host functions that do nothing, and the batch. */
interface Times {
  readonly whole: number;
  readonly empty: number;
  readonly batch: number;
}

export async function kvBatch(): Promise<Row[]> {
  const { createHost, defineCapability, kv } = await builtLibrary();
  const value = new Uint8Array(BYTES);
  const nothing = defineCapability({
    name: 'nothing',
    functions: {
      no_get: { params: ['text'], result: 'bytes', call: () => value.slice() },
      no_set: { params: ['text', 'bytes'], result: 'i64', call: () => 0n },
    },
  });
  const host = await createHost({
    storage: 'bench',
    capabilities: [kv({ storage: 'bench' }), nothing],
    limits: { busyMsPerMinute: 60_000, timeoutMs: 60_000 },
  });
  // Only what is installed is kept in IndexedDB.
  const ours = await host.install(data, { id: 'kv', replace: 'wipe', grant: 'all' });
  const batch = createStore('bench-batch', 'kv');
  const keys = Array.from({ length: COUNT }, (_, i) => `k${String(i).padStart(3, '0')}`);
  const entries = keys.map((key): [string, Uint8Array] => [key, value]);
  const expect = async (name: string, sum: number): Promise<void> => {
    const { buffer } = (await ours.call(name)).bytes();
    expectEqual(new DataView(buffer).getBigInt64(0, true), BigInt(sum), `what \`${name}\` counts`);
  };
  try {
    const writes = await inTurn(
      () => expect('sets', 0),
      () => expect('tells', 0),
      () => setMany(entries, batch),
    );
    const reads = await inTurn(
      () => expect('gets', COUNT * BYTES),
      () => expect('asks', COUNT * BYTES),
      async () => expectEqual((await getMany(keys, batch)).length, COUNT, 'what the batch reads'),
    );
    return [
      ...rowsOf('1,000 kv writes in one call / one batch', writes, '2× or less'),
      ...rowsOf('1,000 kv reads in one call / one batch', reads, '1× or less'),
    ];
  } finally {
    await ours.uninstall({ wipe: true });
    await host.close();
  }
}

async function inTurn(...actions: (() => Promise<void>)[]): Promise<Times> {
  const samples = actions.map((): number[] => []);
  for (let i = -WARM_UPS; i < RUNS; i++) {
    for (const [of, action] of actions.entries()) {
      const took = await timed(action);
      if (i >= 0) samples[of]?.push(took);
    }
  }
  const [whole = Number.NaN, empty = Number.NaN, batch = Number.NaN] = samples.map(median);
  return { whole, empty, batch };
}

function rowsOf(name: string, { whole, empty, batch }: Times, target: string): Row[] {
  const row = (title: string, ms: number): Row => ({
    name: title,
    cloche: ms,
    other: batch,
    ratio: ms / batch,
    target,
    unit: 'ms',
  });
  return [row(name, whole), row('the same without its host calls', whole - empty)];
}
