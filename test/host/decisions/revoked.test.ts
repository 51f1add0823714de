// Settings that change while a call runs: whoever called hears whether that took a grant away.

import { assert } from 'chai';
import { type ErrorCode, http, kv, log, type PluginChanges } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { guest } from '../../helpers/guests.ts';
import { closeHosts, eventually, existing, makeHost, uniqueStorage } from '../../helpers/hosts.ts';

afterEach(closeHosts);

const BEFORE = { kv: true, http: { allow: ['https://a.example', 'https://b.example'] } };

async function makeTab(storage: string) {
  return makeHost({ storage, hostCalls: 'none', capabilities: [log(), kv({ storage }), http()] });
}

const changes: [code: ErrorCode, what: string, changes: PluginChanges][] = [
  ['REVOKED', 'a capability is taken away', { grant: { http: BEFORE.http } }],
  ['REVOKED', 'all capabilities are', { grant: 'none' }],
  ['REVOKED', 'one site of several is', { grant: { kv: true, http: { allow: ['https://b.example'] } } }],
  ['ABORTED', 'a site is added', { grant: { kv: true, http: { allow: [...BEFORE.http.allow, 'https://c.example'] } } }],
  ['ABORTED', 'the grant is the same', { grant: BEFORE }],
  ['ABORTED', 'its config changes', { config: { colour: 'green' } }],
];

describe('a call that runs while settings change', () => {
  for (const [code, what, change] of changes) {
    it(`rejects with ${code} when ${what}`, async () => {
      const host = await makeTab(uniqueStorage());
      const plugin = await host.open(await guest(), { id: 'granted', grant: BEFORE });
      const spin = rejectsCode(code, plugin.call('spin'), /"granted" was ended/);
      await eventually(() => plugin.stats.calls === 1, 'the call to be under way');
      await Promise.all([spin, plugin.configure(change)]);
      assert.equal((await plugin.call('echo', 'next')).text(), 'next');
      assert.equal(plugin.stats.kills, 0);
    });
  }

  it('rejects with REVOKED when another tab takes a grant away', async () => {
    const storage = uniqueStorage();
    const here = await makeTab(storage);
    const there = await makeTab(storage);
    const plugin = await here.install(await guest(), { id: 'granted', grant: BEFORE });
    await eventually(() => there.get('granted') !== undefined, 'the installation to be seen');
    const other = existing(there.get('granted'));
    const spin = rejectsCode('REVOKED', other.call('spin'));
    await eventually(() => other.stats.calls === 1, 'the call to be under way');
    await Promise.all([spin, plugin.configure({ grant: 'none' })]);
  });
});
