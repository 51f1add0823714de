// The page takes the frame away that plugins run in: it is told so at once, and nobody is blamed.

import { assert } from 'chai';
import type { Host, KillRecord, Plugin } from '../../src/index.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { guest } from '../helpers/guests.ts';
import { closeHosts, eventually, killsOf, makeHost } from '../helpers/hosts.ts';

const FRAMES = 'iframe[title="Cloche"]';

function frames(): HTMLIFrameElement[] {
  return [...document.querySelectorAll<HTMLIFrameElement>(FRAMES)];
}

/** One for each isolation, whose frames come again. */
let host: Host | undefined;

async function open(isolation: 'process' | 'origin'): Promise<{ host: Host; plugin: Plugin }> {
  if (host?.environment.mode !== isolation) {
    await closeHosts();
    host = await makeHost({ hostCalls: 'none', isolation });
  }
  return { host, plugin: await host.open(await guest(), { id: 'victim', limits: { timeoutMs: 60_000 } }) };
}

const ways: [how: string, act: (frame: HTMLIFrameElement) => void][] = [
  ['removes', (frame) => frame.remove()],
  ['moves', (frame) => document.body.append(frame)],
  ['puts another document into', (frame) => frame.setAttribute('srcdoc', '')],
];

const kinds = [
  { what: 'cell', isolation: 'process' },
  { what: 'compartment', isolation: 'origin' },
] as const;

for (const { how, act, what, isolation } of kinds.flatMap((kind) =>
  ways.map(([how, act]) => ({ ...kind, how, act })),
)) {
  describe(`a page that ${how} the frame of a ${what}`, () => {
    let plugin: Plugin;
    let kills: KillRecord[];
    let lines: number;
    beforeEach(async () => {
      ({ host, plugin } = await open(isolation));
      kills = killsOf(host);
      lines = host.logs('victim').length;
    });
    afterEach(() => plugin.close());

    it('ends the call with FRAME_REMOVED, counts it against nobody, and the next one works', async () => {
      const spin = rejectsCode('FRAME_REMOVED', plugin.call('spin'), /"victim".*the page removed, moved or reloaded/);
      await eventually(() => plugin.stats.calls === 1, 'the call to be under way');
      frames().forEach(act);
      await spin;
      assert.isEmpty(frames(), 'what is left of it is gone');
      assert.equal((await plugin.call('echo', 'again')).text(), 'again');
      assert.isEmpty(kills);
      assert.deepInclude(plugin.stats, { calls: 1, failures: 0, kills: 0 });
      assert.equal(plugin.state, 'running');
    });

    it('puts plugins to sleep between two calls, and their log says why', async () => {
      await plugin.call('echo', 'x');
      frames().forEach(act);
      await eventually(() => plugin.state === 'asleep', 'it to be noticed');
      const [line] = (host?.logs('victim') ?? []).slice(lines).filter(({ source }) => source === 'host');
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
});
