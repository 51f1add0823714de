// The admin's list of a hundred installed plugins, of which as many are awake as a host keeps, and the first call of one that sleeps.

import type { Host } from '../../src/index.ts';
import { HUNDRED, openHundred, tellAll } from '../hundred.ts';
import { expectEqual, timed } from '../measure.ts';
import { ofBoth, type Row } from '../row.ts';

const LIVE = 8;
/** One frame of a screen of 60 Hz, in ms. */
const FRAME_MS = 16;

export const list: Row = {
  id: 'list',
  name: 'list of 100 plugins, its longest frame',
  unit: 'ms',
  goals: ofBoth({ bound: FRAME_MS }),
  rounds: { runs: 10, warmUps: 2 },
  async cloche(setting) {
    await import(/* @vite-ignore */ new URL('/dist/admin.js', location.href).href);
    const host = await openAwake(setting);
    return { sample: () => longestFrame(host), close: () => host.close() };
  },
};

export const wake: Row = {
  id: 'wake',
  name: 'first call of a sleeping plugin, of 100',
  unit: 'ms',
  rounds: { runs: 20, warmUps: 2 },
  async cloche(setting) {
    const host = await openAwake(setting);
    return { sample: () => wakeOne(host), close: () => host.close() };
  },
};

/** Each was called once; only the last of them still have a worker. */
async function openAwake(setting: Parameters<typeof openHundred>[0]): Promise<Host> {
  const host = await openHundred(setting, { live: LIVE });
  await tellAll(host);
  expectEqual(awake(host), LIVE, 'the number of plugins with a worker');
  return host;
}

const awake = (host: Host): number => host.plugins.filter(({ state }) => state === 'running').length;

async function wakeOne(host: Host): Promise<number> {
  const asleep = host.plugins.find(({ state }) => state === 'asleep');
  if (!asleep) throw new Error('Expected a plugin that sleeps');
  const took = await timed(() => asleep.call('on_event'));
  expectEqual(asleep.state, 'running', 'the state of what was called');
  expectEqual(awake(host), LIVE, 'the number of plugins with a worker');
  return took;
}

/** From its first drawing on until all rows are there: what of a frame is its script and its layout. */
async function longestFrame(host: Host): Promise<number> {
  const element = Object.assign(document.createElement('cloche-plugins'), { host });
  const rows = (): number => element.shadowRoot?.querySelectorAll('li').length ?? 0;
  let longest = await timed(() => drawn(element, () => document.body.append(element)));
  while (rows() < HUNDRED) {
    await new Promise((next) => requestAnimationFrame(next));
    // Asked for in that frame by the list itself, and drawn in the microtasks after it.
    longest = Math.max(longest, await timed(() => drawn(element, () => element.requestUpdate())));
  }
  element.remove();
  return longest;
}

async function drawn(
  element: HTMLElement & { readonly updateComplete?: Promise<unknown> },
  begin: () => unknown,
): Promise<void> {
  begin();
  await element.updateComplete;
  element.getBoundingClientRect();
}
