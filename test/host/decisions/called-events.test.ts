// `pluginchange` with `called`: whoever shows statistics hears of calls, however many there are.

import { assert } from 'chai';
import { guest } from '../../helpers/guests.ts';
import { closeHosts, eventually, makeHost } from '../../helpers/hosts.ts';

afterEach(closeHosts);

/** What is told at most once in that time, in ms; timers may come a little early. */
const FRAME_MS = 15;

describe('the event `called`', () => {
  it('tells of all calls of a frame at once, and of the last one when that is counted', async () => {
    const host = await makeHost();
    const plugin = await host.open(await guest(), { id: 'caller' });
    await plugin.start();
    const counts: number[] = [];
    host.addEventListener('pluginchange', ({ change }) => {
      if (change === 'called') counts.push(plugin.stats.calls);
    });
    const began = performance.now();
    for (let i = 0; i < 50; i++) await plugin.call('echo', 'x');
    await eventually(() => counts.at(-1) === 50, 'all calls to be told of');
    assert.isAtMost(counts.length, (performance.now() - began) / FRAME_MS + 1);
  });

  it('does not come when the plugin was closed meanwhile', async () => {
    const host = await makeHost();
    const plugin = await host.open(await guest(), { id: 'caller' });
    const changes: string[] = [];
    host.addEventListener('pluginchange', ({ change }) => changes.push(change));
    await plugin.call('echo', 'x');
    changes.length = 0;
    await plugin.close();
    await new Promise((resolve) => setTimeout(resolve, 3 * FRAME_MS));
    assert.notInclude(changes, 'called');
  });
});
