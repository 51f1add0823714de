// C10: deadlines that come late, because the page was busy: what is there by then counts, and nobody is blamed.

import { assert } from 'chai';
import { ClocheError, defineCapability, type Host, type Limits, type Plugin } from '../../src/index.ts';
import { busy } from '../helpers/busy.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { guest, passing } from '../helpers/guests.ts';
import { closeHosts, closePlugins, killsOf, makeHost } from '../helpers/hosts.ts';
import { endSpinners } from '../helpers/killed.ts';

const IMPORT = '(import "extism:host/user" "ask" (func $ask (param i64) (result i64)))';

let host: Host;
afterEach(() => closePlugins(host));

/** Calls, and keeps the page busy from the moment in which the call is with the worker. */
async function callOnBusyPage(plugin: Plugin, name: string, ms: number): Promise<string> {
  const { calls } = plugin.stats;
  let isOver = false;
  const outcome = plugin
    .call(name, 'x')
    .then(
      (output) => output.text(),
      (thrown: unknown) => (thrown instanceof ClocheError ? thrown.code : String(thrown)),
    )
    .finally(() => {
      isOver = true;
    });
  // One that is refused never is with the worker.
  while (plugin.stats.calls === calls && !isOver) await null;
  busy(ms);
  return outcome;
}

describe('a deadline that comes late', () => {
  before(async () => {
    host = await makeHost();
  });
  after(closeHosts);

  const open = async (limits: Partial<Limits>): Promise<Plugin> => host.open(await guest(), { id: 'prompt', limits });

  it('C10: does not kill a call that is done by then, and quarantines nobody', async () => {
    const plugin = await open({ timeoutMs: 80 });
    const kills = killsOf(host);
    for (let i = 0; i < 2; i++) assert.equal(await callOnBusyPage(plugin, 'echo', 240), 'x');
    assert.isEmpty(kills);
    assert.deepInclude(plugin.stats, { calls: 2, failures: 0, kills: 0 });
    assert.equal(plugin.state, 'running');
  });

  it('C10: hears a call that is done where the page was busy until just after its deadline', async () => {
    const plugin = await open({ timeoutMs: 100 });
    for (let i = 0; i < 4; i++) assert.equal(await callOnBusyPage(plugin, 'echo', 98 + 2 * i), 'x');
  });

  it('C10: does not count the time in which the page was busy as computing', async () => {
    const plugin = await open({ timeoutMs: 60, busyMsPerMinute: 400 });
    for (let i = 0; i < 2; i++) assert.equal(await callOnBusyPage(plugin, 'echo', 450), 'x');
  });

  it('C10: ends a loop when the page has been free for as long as it was late', async () => {
    const plugin = await open({ timeoutMs: 100 });
    const began = performance.now();
    assert.equal(await callOnBusyPage(plugin, 'spin', 300), 'TIMEOUT');
    assert.isBelow(performance.now() - began, 300 + 200 + 500);
    assert.equal(plugin.stats.kills, 1);
    endSpinners();
  });

  it('C10: ends a loop on a page that is busy again and again', async () => {
    const plugin = await open({ timeoutMs: 100 });
    let isOver = false;
    const spin = rejectsCode('TIMEOUT', plugin.call('spin')).finally(() => {
      isOver = true;
    });
    let turns = 0;
    for (; !isOver; turns++) {
      busy(150);
      await new Promise((resolve) => setTimeout(resolve));
    }
    await spin;
    assert.isBelow(turns, 12);
    endSpinners();
  });
});

describe('a host function whose deadline comes late', () => {
  /** What the page does when the guest asks it. */
  let ask: () => Promise<string>;

  before(async function () {
    const capability = defineCapability({
      name: 'question',
      functions: { ask: { params: ['bytes'], result: 'text', call: () => ask() } },
    });
    // Ways to wait are as the engine has them; where it has none, host functions cannot be called at all.
    host = await makeHost({ serviceWorker: '/cloche-sw.js', capabilities: [capability] });
    if (host.environment.hostCalls === 'none') this.skip();
  });

  const open = async (limits: Partial<Limits>): Promise<Plugin> =>
    host.open(await guest(passing('ask'), IMPORT), { id: 'prompt', limits });

  it('C10: is not late when its answer is there by then', async () => {
    const plugin = await open({ timeoutMs: 150 });
    ask = async () => {
      // What a fetch is like: it was sent, and the answer comes while the page is busy.
      const { port1, port2 } = new MessageChannel();
      const answer = new Promise<string>((resolve) => {
        port1.onmessage = ({ data }) => resolve(data);
      });
      setTimeout(() => {
        port2.postMessage('answered');
        busy(400);
      });
      return answer;
    };
    for (let i = 0; i < 2; i++) assert.equal((await plugin.call('ask', 'x')).text(), 'answered');
    assert.equal(plugin.stats.kills, 0);
  });

  it('C10: may hold the page up itself, and its answer still counts', async () => {
    const plugin = await open({ timeoutMs: 150 });
    ask = async () => {
      busy(400);
      return 'at last';
    };
    assert.equal((await plugin.call('ask', 'x')).text(), 'at last');
    assert.equal(plugin.stats.kills, 0);
  });

  for (const timeoutMs of [50, 150]) {
    it(`C6: rejects with HOST_TIMEOUT in every engine when it never answers a call of ${timeoutMs} ms`, async () => {
      const plugin = await open({ timeoutMs: 5_000 });
      ask = () => new Promise(() => undefined);
      const kills = killsOf(host);
      for (let i = 0; i < 2; i++) {
        await rejectsCode('HOST_TIMEOUT', plugin.call('ask', 'x', { timeoutMs }), /"prompt".*did not answer within/);
      }
      assert.isEmpty(kills, 'the guest returned by itself');
      assert.equal(plugin.state, 'running');
    });
  }

  it('C6: rejects with HOST_TIMEOUT when the page was busy and it never answers', async () => {
    const plugin = await open({ timeoutMs: 150 });
    ask = async () => {
      setTimeout(() => busy(400));
      return new Promise(() => undefined);
    };
    await rejectsCode('HOST_TIMEOUT', plugin.call('ask', 'x'));
    assert.equal(plugin.stats.kills, 0);
  });
});
