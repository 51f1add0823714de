// An event that wakes a hundred sleeping plugins.

import data from '../guests/listener.wat';
import { HUNDRED, openHundred, tellAll } from '../hundred.ts';
import { inParallel, pause, timed } from '../measure.ts';
import { ofBoth, type Row, type Side } from '../row.ts';
import { openBareWorker } from '../sides/bare-worker.ts';
import type { Opened } from '../sides/once.ts';
import { asNumber, openGuest, quickJS } from '../sides/quickjs.ts';
import { openSdk } from '../sides/sdk.ts';

/** For the workers that a host keeps ready: the app has been there for a while. */
const SETTLE_MS = 500;

export const event: Row = {
  id: 'event',
  name: 'event to 100 sleeping plugins',
  unit: 'ms',
  floor: '100 new bare workers that answer once',
  against: 'sdk',
  goals: ofBoth({ bound: 1_200 }),
  rounds: { runs: 7, warmUps: 1 },
  async cloche(setting) {
    const host = await openHundred(setting);
    await host.close();
    return {
      async sample() {
        const opened = await openHundred(setting);
        await pause(SETTLE_MS);
        const took = await timed(() => tellAll(opened));
        await opened.close();
        return took;
      },
      close: () => undefined,
    };
  },
  beside: {
    sdk: async () =>
      hundredTimes(async () => {
        const plugin = await openSdk(data);
        await plugin.call('on_event');
        return plugin;
      }),
    async quickjs() {
      const module = await quickJS();
      return hundredTimes(async () => {
        const guest = openGuest(module, 'function on_event() { return 0; }');
        guest.call('on_event', asNumber);
        return guest;
      });
    },
    floor: async () =>
      hundredTimes(async () => {
        const worker = openBareWorker('function* () { return 0; }');
        await worker.call();
        return worker;
      }),
  },
};

/** As many at a time as there are cores; each ends when it has answered. */
async function hundredTimes(start: () => Promise<Opened>): Promise<Side> {
  const numbers = Array.from({ length: HUNDRED }, (_, i) => i);
  const all = (): Promise<void> => inParallel(numbers, async () => (await start()).close());
  return { sample: () => timed(all), close: () => undefined };
}
