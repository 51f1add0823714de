// 1 MiB into a plugin that reads all of it, 8 bytes at a time.

import data from '../guests/checksum.wat';
import { openHost } from '../library.ts';
import { expectEqual, timed, wordOf } from '../measure.ts';
import type { Row, Side } from '../row.ts';
import { openBareWorker } from '../sides/bare-worker.ts';
import { asBigInt, openGuest, quickJS } from '../sides/quickjs.ts';
import { openSdk } from '../sides/sdk.ts';

const WORDS = 131_072;
const SUM = (BigInt(WORDS) * BigInt(WORDS - 1)) / 2n;

const CHECKSUM = `
function checksum(buffer) {
  let sum = 0n;
  for (const word of new BigUint64Array(buffer)) sum += word;
  return sum;
}`;

function words(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new BigUint64Array(WORDS).map((_, i) => BigInt(i)).buffer);
}

export const largeInput: Row = {
  id: 'large-input',
  name: '1 MiB in, read word by word',
  unit: 'ms',
  floor: 'a bare worker that is sent the same and sums it in JavaScript',
  against: 'sdk',
  goals: [
    { isolation: 'process', against: 'sdk', bound: 2.5 },
    { isolation: 'origin', against: 'sdk', engine: 'chromium', bound: 5 },
    { isolation: 'origin', against: 'sdk', engine: 'firefox', bound: 15 },
  ],
  async cloche(setting) {
    const host = await openHost(setting);
    const plugin = await host.open(data);
    return side(
      async (input) => wordOf((await plugin.call('checksum', input)).bytes()),
      () => host.close(),
    );
  },
  beside: {
    async sdk() {
      const plugin = await openSdk(data);
      return side(
        async (input) => wordOf((await plugin.call('checksum', input))?.bytes()),
        () => plugin.close(),
      );
    },
    async quickjs() {
      const { vm, call, close } = openGuest(await quickJS(), CHECKSUM);
      return side(
        async ({ buffer }) => vm.newArrayBuffer(buffer).consume((given) => call('checksum', asBigInt, given)),
        close,
      );
    },
    async floor() {
      const worker = openBareWorker(
        `(() => { ${CHECKSUM}; return function* ({ buffer }) { return checksum(buffer); }; })()`,
      );
      return side(async (input) => BigInt(String(await worker.call(input))), worker.close);
    },
  },
};

async function side(sum: (input: Uint8Array<ArrayBuffer>) => Promise<bigint>, close: Side['close']): Promise<Side> {
  const input = words();
  expectEqual(await sum(input), SUM, 'the checksum');
  return { sample: () => timed(() => sum(input)), close };
}
