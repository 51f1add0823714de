// (b) 1 MiB into a plugin that reads all of it, 8 bytes at a time.

import createPlugin from '@extism/extism';
import data from './guests/checksum.wat';
import { expectEqual, interleaved, timed } from './measure.ts';
import { builtLibrary, type Row } from './row.ts';

const WORDS = 131_072;

export async function largeInput(): Promise<Row> {
  const input = new Uint8Array(new BigUint64Array(WORDS).map((_, i) => BigInt(i)).buffer);
  const sum = (BigInt(WORDS) * BigInt(WORDS - 1)) / 2n;
  const { createHost } = await builtLibrary();
  const host = await createHost({ storage: 'bench' });
  const ours = await host.open(data);
  const theirs = await createPlugin({ wasm: [{ data }] }, { runInWorker: true });
  try {
    expectEqual(wordOf((await ours.call('checksum', input)).bytes()), sum, 'our checksum');
    expectEqual(wordOf((await theirs.call('checksum', input))?.bytes()), sum, 'their checksum');
    const { first, second } = await interleaved(
      () => timed(() => ours.call('checksum', input)),
      () => timed(() => theirs.call('checksum', input)),
    );
    return {
      name: '1 MiB in, read word by word',
      cloche: first,
      other: second,
      ratio: second / first,
      target: '6× or more',
      unit: 'ms',
    };
  } finally {
    await theirs.close();
    await host.close();
  }
}

function wordOf(bytes: Uint8Array = new Uint8Array(8)): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
}
