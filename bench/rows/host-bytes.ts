// 1 MiB through a host function that hands it back.

import data from '../guests/host-bytes.wat';
import { openHost } from '../library.ts';
import { expectEqual, timed, wordOf } from '../measure.ts';
import type { Row, Side } from '../row.ts';
import { openBareWorker } from '../sides/bare-worker.ts';
import { asBigInt, openGuest, quickJS } from '../sides/quickjs.ts';
import { openSdk, readAt } from '../sides/sdk.ts';

const ECHO = `
function* echo() {
  const words = new BigUint64Array(131072);
  words[0] = 40n;
  words[words.length - 1] = 2n;
  const back = new BigUint64Array(yield words.buffer);
  return back[0] + back[back.length - 1];
}`;

const GUEST = `${ECHO}
function run() {
  const going = echo();
  return going.next(bench_echo(going.next().value)).value;
}`;

export const hostBytes: Row = {
  id: 'host-bytes',
  name: '1 MiB through a host function and back',
  unit: 'ms',
  floor: 'a bare worker that is answered with what it sends',
  against: 'sdk',
  rounds: { runs: 30 },
  async cloche(setting) {
    const capability = setting.library.defineCapability({
      name: 'bench',
      functions: { bench_echo: { params: ['bytes'], result: 'bytes', call: ([bytes]) => bytes } },
    });
    const host = await openHost(setting, { capabilities: [capability] });
    const plugin = await host.open(data);
    return side(
      async () => wordOf((await plugin.call('echo')).bytes()),
      () => host.close(),
    );
  },
  beside: {
    async sdk() {
      const plugin = await openSdk(data, { bench_echo: (context, at = 0n) => context.store(readAt(context, at)) });
      return side(
        async () => wordOf((await plugin.call('echo'))?.bytes()),
        () => plugin.close(),
      );
    },
    async quickjs() {
      const { call, close } = openGuest(await quickJS(), GUEST, {
        bench_echo: (vm, given = vm.undefined) => {
          const lent = vm.getArrayBuffer(given);
          return lent.consume(({ value }) => vm.newArrayBuffer(value.slice().buffer));
        },
      });
      return side(async () => call('run', asBigInt), close);
    },
    async floor() {
      const worker = openBareWorker(`(() => { ${ECHO}; return echo; })()`, (buffer) => buffer);
      return side(async () => BigInt(String(await worker.call())), worker.close);
    },
  },
};

async function side(echo: () => Promise<bigint>, close: Side['close']): Promise<Side> {
  expectEqual(await echo(), 42n, 'what comes back');
  return { sample: () => timed(echo), close };
}
