// What a person decides in one tab while the other uses the plugin: real realms, with a host in each of two frames.

import { assert } from 'chai';
import { guest } from '../../helpers/guests.ts';
import { eventually, existing, uniqueStorage } from '../../helpers/hosts.ts';
import { version } from '../../helpers/versions.ts';
import { closeTabs, openTab } from '../open-tab.ts';
import type { Tab } from '../tab.ts';

const GRANT = { kv: true, http: { allow: ['https://a.example'] } };

async function twoTabs(): Promise<[Tab, Tab]> {
  const storage = uniqueStorage();
  return Promise.all([openTab(storage), openTab(storage)]);
}

async function source(text: string, more: object = {}) {
  return { wasm: await version(`v${text}`), manifest: { cloche: 1, id: 'p', name: 'P', version: text, ...more } };
}

const seenBy = (tab: Tab, text: string): Promise<void> =>
  eventually(() => tab.host.get('p')?.manifest.version === text, `version ${text} to be seen`);
const saidIn = async (tab: Tab): Promise<string> => (await existing(tab.host.get('p')).call('version')).text();

describe('two tabs, one of which decides', () => {
  afterEach(async () => {
    await Promise.all(
      [...document.querySelectorAll('iframe')].map((frame) => (frame.contentWindow as Tab | null)?.host?.close()),
    );
    closeTabs();
  });

  it('X8: a grant that is revoked in one ends the call that runs in the other, and the next has none of it', async () => {
    const [here, there] = await twoTabs();
    const plugin = await here.host.install(await guest(), { id: 'p', grant: GRANT });
    await eventually(() => there.host.get('p') !== undefined, 'the plugin');
    const other = existing(there.host.get('p'));
    const spin = there.outcome(other.call('spin'));
    await eventually(() => other.stats.calls === 1, 'the call to be under way');
    const revoked = performance.now();
    await plugin.configure({ grant: { kv: true } });
    assert.equal(await spin, 'REVOKED');
    assert.isBelow(performance.now() - revoked, 2_000, 'at once, and not at its deadline');
    assert.deepEqual([...other.grants.keys()].sort(), ['kv', 'log']);
    assert.equal((await other.call('echo', 'next')).text(), 'next');
  });

  it('calls that start while a grant is revoked have it whole or not at all, and end with a code', async () => {
    const [here, there] = await twoTabs();
    const plugin = await here.host.install(await guest(), { id: 'p', grant: GRANT });
    await eventually(() => there.host.get('p') !== undefined, 'the plugin');
    const other = existing(there.host.get('p'));
    const calls = Array.from({ length: 20 }, () => there.outcome(other.call('echo', 'x')));
    await plugin.configure({ grant: 'none' });
    const outcomes = new Set(await Promise.all(calls));
    for (const outcome of outcomes) assert.include(['ok', 'REVOKED'], outcome);
    await eventually(() => !other.grants.has('http'), 'the news');
  });

  it('of two installations of one id one is there, in both, and whole', async () => {
    const [here, there] = await twoTabs();
    const outcomes = await Promise.all([
      here.outcome(here.host.install(await source('1'))),
      there.outcome(there.host.install(await source('2'))),
    ]);
    assert.sameMembers(outcomes, ['ok', 'ALREADY_INSTALLED']);
    const winner = outcomes[0] === 'ok' ? '1' : '2';
    await Promise.all([seenBy(here, winner), seenBy(there, winner)]);
    assert.deepEqual([await saidIn(here), await saidIn(there)], [`v${winner}`, `v${winner}`]);
    assert.deepEqual(
      (await existing(here.host.get('p')).history()).map(({ action, version: text }) => `${action} ${text}`),
      [`installed ${winner}`],
    );
  });

  it('a roll-back beside an update in the other: both tabs run the same version, and what was before it is kept', async () => {
    const [here, there] = await twoTabs();
    await here.host.install(await source('1'));
    await here.host.install(await source('2'), { replace: true });
    await seenBy(there, '2');
    const plugin = existing(here.host.get('p'));
    const other = existing(there.host.get('p'));
    const next = await source('3');
    const [back, update] = await Promise.all([
      here.outcome(plugin.rollback()),
      there.outcome(there.host.install(next, { replace: true })),
    ]);
    assert.equal(update, 'ok');
    assert.include(['ok', 'ROLLBACK_UNAVAILABLE'], back);
    const history = (await plugin.history()).map(({ action, version: text }) => `${action} ${text}`);
    const last = history.at(-1)?.split(' ')[1] ?? '';
    await Promise.all([seenBy(here, last), seenBy(there, last)]);
    await eventually(async () => (await here.outcome(plugin.call('version'))) === 'ok', 'a call here');
    await eventually(async () => (await there.outcome(other.call('version'))) === 'ok', 'a call there');
    assert.deepEqual([await saidIn(here), await saidIn(there)], [`v${last}`, `v${last}`]);
    const kept = (await other.previous())?.manifest.version;
    assert.equal(kept, history.at(-2)?.split(' ')[1]);
    assert.notEqual(kept, last);
  });

  it('a version that goes back in one tab goes back in the other, and ends its call', async () => {
    const [here, there] = await twoTabs();
    const wasm = await guest();
    const manifest = (text: string) => ({ cloche: 1, id: 'p', name: 'P', version: text });
    await here.host.install({ wasm, manifest: manifest('1') });
    const plugin = await here.host.install({ wasm, manifest: manifest('2') }, { replace: true, grant: GRANT });
    await seenBy(there, '2');
    const other = existing(there.host.get('p'));
    const spin = there.outcome(other.call('spin'));
    await eventually(() => other.stats.calls === 1, 'the call to be under way');
    await plugin.rollback();
    assert.equal(await spin, 'REVOKED');
    assert.equal(other.manifest.version, '1');
    assert.deepEqual([...other.grants.keys()], ['log']);
  });
});
