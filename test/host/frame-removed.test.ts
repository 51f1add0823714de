// The page takes the frame away that plugins run in: it is told so at once, and nobody is blamed.

import { assert } from 'chai';
import type { Host, IsolationChoice, Plugin } from '../../src/index.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { guest } from '../helpers/guests.ts';
import { closeHosts, eventually, killsOf, makeHost } from '../helpers/hosts.ts';
import { later } from '../helpers/later.ts';

afterEach(closeHosts);

const FRAMES = 'iframe[title="Cloche"]';

function frames(): HTMLIFrameElement[] {
  return [...document.querySelectorAll<HTMLIFrameElement>(FRAMES)];
}

async function open(isolation: IsolationChoice = 'auto'): Promise<{ host: Host; plugin: Plugin }> {
  const host = await makeHost({ hostCalls: 'none', isolation });
  return { host, plugin: await host.open(await guest(), { id: 'victim', limits: { timeoutMs: 60_000 } }) };
}

async function untilCalled(plugin: Plugin, calls: number): Promise<void> {
  await eventually(() => plugin.stats.calls === calls, 'the call to be under way');
}

/** Once more than what quarantines a plugin, where it costs a spinning guest each time. */
const OFTEN = 4;

const ways: [how: string, times: number, act: (frame: HTMLIFrameElement) => void][] = [
  ['removes', OFTEN, (frame) => frame.remove()],
  ['moves', 1, (frame) => document.body.append(frame)],
  ['puts another document into', 1, (frame) => frame.setAttribute('srcdoc', '')],
];

const kinds = ways.flatMap(([how, times, act]) => [
  { how, times, act, what: 'cell', isolation: 'process' } as const,
  { how, times, act, what: 'compartment', isolation: 'origin' } as const,
]);

for (const { how, times, act, what, isolation } of kinds) {
  describe(`a page that ${how} the frame of a ${what}`, () => {
    it('ends the call with FRAME_REMOVED, counts it against nobody, and the next one works', async () => {
      const { host, plugin } = await open(isolation);
      const kills = killsOf(host);
      for (let i = 0; i < times; i++) {
        const spin = rejectsCode('FRAME_REMOVED', plugin.call('spin'), /"victim".*the page removed, moved or reloaded/);
        await untilCalled(plugin, i + 1);
        frames().forEach(act);
        await spin;
        assert.isEmpty(frames(), 'what is left of it is gone');
        assert.equal((await plugin.call('echo', 'again')).text(), 'again');
      }
      assert.isEmpty(kills);
      assert.deepInclude(plugin.stats, { calls: times, failures: 0, kills: 0 });
      assert.equal(plugin.state, 'running');
    });

    it('puts plugins to sleep between two calls, and their log says why', async () => {
      const { host, plugin } = await open(isolation);
      await plugin.call('echo', 'x');
      frames().forEach(act);
      await eventually(() => plugin.state === 'asleep', 'it to be noticed');
      const [line] = host.logs('victim').filter(({ source }) => source === 'host');
      assert.deepInclude(line, { level: 'warn' });
      assert.match(line?.text ?? '', /"victim": the page removed, moved or reloaded the hidden frame/);
      assert.equal((await plugin.call('echo', 'again')).text(), 'again');
    });
  });
}

describe('a page that removes the frame', () => {
  it('while it loads: what waits for it rejects at once, and the next try opens another', async () => {
    const host = await makeHost({ hostCalls: 'none' });
    const cleaner = new MutationObserver(() => {
      for (const frame of frames()) frame.remove();
    });
    for (const frame of frames()) frame.remove();
    cleaner.observe(document.documentElement, { childList: true });
    await rejectsCode('FRAME_REMOVED', host.open(await guest(), { id: 'early' }));
    cleaner.disconnect();
    const plugin = await host.open(await guest(), { id: 'early' });
    assert.equal((await plugin.call('echo', 'x')).text(), 'x');
  });

  it('leaves the calls that wait their turn', async () => {
    const { plugin } = await open();
    const spin = rejectsCode('FRAME_REMOVED', plugin.call('spin'));
    const next = plugin.call('echo', 'next');
    await untilCalled(plugin, 1);
    for (const frame of frames()) frame.remove();
    await spin;
    assert.equal((await next).text(), 'next');
  });

  it('does not use up the computing time of the minute', async () => {
    const host = await makeHost({ hostCalls: 'none' });
    const limits = { timeoutMs: 60_000, busyMsPerMinute: 500 };
    const plugin = await host.open(await guest(), { id: 'victim', limits });
    const spin = rejectsCode('FRAME_REMOVED', plugin.call('spin'));
    await untilCalled(plugin, 1);
    using _ = later(1_000);
    for (const frame of frames()) frame.remove();
    await spin;
    assert.equal((await plugin.call('echo', 'x')).text(), 'x');
  });

  it('the twin: a call that its caller aborts does', async () => {
    const host = await makeHost({ hostCalls: 'none' });
    const limits = { timeoutMs: 60_000, busyMsPerMinute: 500 };
    const plugin = await host.open(await guest(), { id: 'victim', limits });
    const caller = new AbortController();
    const spin = rejectsCode('ABORTED', plugin.call('spin', undefined, { signal: caller.signal }));
    await untilCalled(plugin, 1);
    using _ = later(1_000);
    caller.abort();
    await spin;
    await rejectsCode('RATE_LIMITED', plugin.call('echo', 'x'));
  });
});
