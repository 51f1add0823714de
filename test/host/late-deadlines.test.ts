// C10: deadlines that come late, because the page was busy: what is there by then counts, and nobody is blamed.

import { assert } from 'chai';
import {
  ClocheError,
  defineCapability,
  type Host,
  type HostOptions,
  type Limits,
  type Plugin,
} from '../../src/index.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { guest, passing } from '../helpers/guests.ts';
import { closeHosts, killsOf, makeHost } from '../helpers/hosts.ts';

afterEach(closeHosts);

/** Holds the page's thread. */
function busy(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

const IMPORT = '(import "extism:host/user" "ask" (func $ask (param i64) (result i64)))';

/** Ways to wait are as the engine has them; where it has none, host functions cannot be called at all. */
const waits: HostOptions = { serviceWorker: '/cloche-sw.js' };

async function open(limits: Partial<Limits>, ask?: () => Promise<string>): Promise<{ host: Host; plugin: Plugin }> {
  if (!ask) {
    const host = await makeHost();
    return { host, plugin: await host.open(await guest(), { id: 'prompt', limits }) };
  }
  const capability = defineCapability({
    name: 'question',
    functions: { ask: { params: ['bytes'], result: 'text', call: ask } },
  });
  const host = await makeHost({ ...waits, capabilities: [capability] });
  return { host, plugin: await host.open(await guest(passing('ask'), IMPORT), { id: 'prompt', limits }) };
}

/** Calls, and keeps the page busy from the moment in which the call is with the worker. */
async function callOnBusyPage(plugin: Plugin, name: string, ms: number): Promise<string> {
  const { calls } = plugin.stats;
  const outcome = plugin.call(name, 'x').then(
    (output) => output.text(),
    (thrown: unknown) => (thrown instanceof ClocheError ? thrown.code : String(thrown)),
  );
  while (plugin.stats.calls === calls) await null;
  busy(ms);
  return outcome;
}

describe('a deadline that comes late', () => {
  it('C10: does not kill a call that is done by then, and quarantines nobody', async () => {
    const { host, plugin } = await open({ timeoutMs: 150 });
    const kills = killsOf(host);
    // As often as what quarantines a plugin.
    for (let i = 0; i < 3; i++) assert.equal(await callOnBusyPage(plugin, 'echo', 450), 'x');
    assert.isEmpty(kills);
    assert.deepInclude(plugin.stats, { calls: 3, failures: 0, kills: 0 });
    assert.equal(plugin.state, 'running');
  });

  it('C10: hears a call that is done where the page was busy until just after its deadline', async () => {
    const { plugin } = await open({ timeoutMs: 150 });
    for (let i = 0; i < 4; i++) assert.equal(await callOnBusyPage(plugin, 'echo', 148 + 2 * i), 'x');
  });

  it('C10: does not count the time in which the page was busy as computing', async () => {
    const { plugin } = await open({ timeoutMs: 100, busyMsPerMinute: 500 });
    for (let i = 0; i < 3; i++) assert.equal(await callOnBusyPage(plugin, 'echo', 300), 'x');
  });

  it('C10: ends a loop when the page has been free for as long as it was late', async () => {
    const { plugin } = await open({ timeoutMs: 200 });
    const began = performance.now();
    assert.equal(await callOnBusyPage(plugin, 'spin', 600), 'TIMEOUT');
    assert.isBelow(performance.now() - began, 600 + 400 + 500);
    assert.equal(plugin.stats.kills, 1);
  });

  it('C10: ends a loop on a page that is busy again and again', async () => {
    const { plugin } = await open({ timeoutMs: 100 });
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
  });
});

describe('a host function whose deadline comes late', () => {
  before(async function () {
    const host = await makeHost(waits);
    if (host.environment.hostCalls === 'none') this.skip();
  });

  it('C10: is not late when its answer is there by then', async () => {
    const { plugin } = await open({ timeoutMs: 150 }, async () => {
      // What a fetch is like: it was sent, and the answer comes while the page is busy.
      const { port1, port2 } = new MessageChannel();
      const answer = new Promise<string>((resolve) => {
        port1.onmessage = ({ data }) => resolve(data);
      });
      setTimeout(() => {
        port2.postMessage('answered');
        busy(450);
      });
      return answer;
    });
    for (let i = 0; i < 2; i++) assert.equal((await plugin.call('ask', 'x')).text(), 'answered');
    assert.equal(plugin.stats.kills, 0);
  });

  it('C10: may hold the page up itself, and its answer still counts', async () => {
    const { plugin } = await open({ timeoutMs: 150 }, async () => {
      busy(450);
      return 'at last';
    });
    for (let i = 0; i < 2; i++) assert.equal((await plugin.call('ask', 'x')).text(), 'at last');
    assert.equal(plugin.stats.kills, 0);
  });

  for (const timeoutMs of [50, 300]) {
    it(`C6: rejects with HOST_TIMEOUT in every engine when it never answers a call of ${timeoutMs} ms`, async () => {
      const { host, plugin } = await open({ timeoutMs: 5_000 }, () => new Promise(() => undefined));
      const kills = killsOf(host);
      for (let i = 0; i < 2; i++) {
        await rejectsCode('HOST_TIMEOUT', plugin.call('ask', 'x', { timeoutMs }), /"prompt".*did not answer within/);
      }
      assert.isEmpty(kills, 'the guest returned by itself');
      assert.equal(plugin.state, 'running');
    });
  }

  it('C6: rejects with HOST_TIMEOUT when the page was busy and it never answers', async () => {
    const { plugin } = await open({ timeoutMs: 150 }, async () => {
      setTimeout(() => busy(450));
      return new Promise(() => undefined);
    });
    for (let i = 0; i < 2; i++) await rejectsCode('HOST_TIMEOUT', plugin.call('ask', 'x'));
    assert.equal(plugin.stats.kills, 0);
  });
});
