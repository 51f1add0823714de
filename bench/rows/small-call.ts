// A small call of a plugin with vars: the vowels of a short text, and of all texts so far.

import { exampleBytes, openHost } from '../library.ts';
import { expectEqual, timed } from '../measure.ts';
import type { Row, Side } from '../row.ts';
import { openBareWorker } from '../sides/bare-worker.ts';
import { asText, openGuest, quickJS } from '../sides/quickjs.ts';
import { openSdk } from '../sides/sdk.ts';

const CALLS = 10;
const TEXT = 'Hello, World';
const config = { vowels: 'aeiouAEIOU' };

/** The same in JavaScript, where a variable is what a var is. */
const COUNT = `
const vowels = '${config.vowels}';
let total = 0;
function countVowels(text) {
  let count = 0;
  for (const letter of text) if (vowels.includes(letter)) count += 1;
  total += count;
  return JSON.stringify({ count, total, vowels });
}`;

export const smallCall: Row = {
  id: 'small-call',
  name: 'small call, with a var',
  unit: 'ms',
  floor: 'a round trip of a bare worker that counts',
  against: 'sdk',
  goals: [
    { isolation: 'process', against: 'sdk', bound: 12 },
    { isolation: 'origin', against: 'sdk', bound: 18 },
  ],
  async cloche(setting) {
    const wasm = await exampleBytes('count-vowels');
    const host = await openHost(setting);
    const plugin = await host.open({ wasm, manifest: { config } });
    return side(
      async () => (await plugin.call('count_vowels', TEXT)).text(),
      () => host.close(),
    );
  },
  beside: {
    async sdk() {
      const plugin = await openSdk(await exampleBytes('count-vowels'), {}, { config });
      return side(
        async () => (await plugin.call('count_vowels', TEXT))?.text(),
        () => plugin.close(),
      );
    },
    async quickjs() {
      const { vm, call, close } = openGuest(await quickJS(), COUNT);
      return side(async () => vm.newString(TEXT).consume((text) => call('countVowels', asText, text)), close);
    },
    async floor() {
      const worker = openBareWorker(`(() => { ${COUNT}; return function* (text) { return countVowels(text); }; })()`);
      return side(async () => String(await worker.call(TEXT)), worker.close);
    },
  },
};

async function side(count: () => Promise<string | undefined>, close: Side['close']): Promise<Side> {
  expectEqual((JSON.parse((await count()) ?? '{}') as { count?: unknown }).count, 3, 'the count of vowels');
  return { sample: () => timed(count, CALLS), close };
}
