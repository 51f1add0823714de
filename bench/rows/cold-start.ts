// From nothing to the first answer of an installed plugin of 1.9 MB.

import { largeModule, largeScript } from '../large-module.ts';
import { openHost } from '../library.ts';
import { expectEqual } from '../measure.ts';
import { ofBoth, type Row } from '../row.ts';
import { openBareWorker } from '../sides/bare-worker.ts';
import { startedAnew } from '../sides/once.ts';
import { asNumber, newQuickJSModule, openGuest } from '../sides/quickjs.ts';
import { openSdk } from '../sides/sdk.ts';

const BYTES = 1_900_000;

export const coldStart: Row = {
  id: 'cold-start',
  name: 'cold start of an installed plugin of 1.9 MB',
  unit: 'ms',
  floor: 'a new bare worker that compiles the bytes it is sent',
  against: 'sdk',
  goals: ofBoth({ bound: 60 }),
  rounds: { runs: 15, warmUps: 2 },
  /** From `createHost`: the plugin is read from IndexedDB. */
  async cloche(given) {
    const setting = { ...given, storage: `${given.storage}-cold` };
    const host = await openHost(setting);
    await host.install(largeModule(BYTES), { id: 'large', replace: 'wipe' });
    await host.close();
    return startedAnew(async () => {
      const opened = await openHost(setting);
      await opened
        .get('large')
        ?.call('none')
        .then((output) => expectEqual(output.bytes().length, 0, 'the output'));
      expectEqual(opened.get('large')?.state, 'running', 'the state of the plugin');
      return opened;
    });
  },
  beside: {
    /** Of bytes in memory: it keeps none. */
    async sdk() {
      const data = largeModule(BYTES);
      return startedAnew(async () => {
        const plugin = await openSdk(data);
        await plugin.call('none');
        return plugin;
      });
    },
    /** With a module of its own, and as much JavaScript. */
    async quickjs() {
      const source = largeScript(BYTES);
      return startedAnew(async () => {
        const guest = openGuest(await newQuickJSModule(), source);
        expectEqual(guest.call('none', asNumber), 0, 'the answer');
        return guest;
      });
    },
    async floor() {
      const data = largeModule(BYTES);
      const start = `function* (bytes) {
        return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.none();
      }`;
      return startedAnew(async () => {
        const worker = openBareWorker(start);
        expectEqual(await worker.call(data), 0, 'the answer');
        return worker;
      });
    },
  },
};
