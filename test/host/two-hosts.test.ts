// What two tabs see of each other.

import { assert } from 'chai';
import { ClocheError, type Host } from '../../src/index.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { guest } from '../helpers/guests.ts';
import { changesOf, closeHosts, eventually, existing, makeHost, pause, uniqueStorage } from '../helpers/hosts.ts';
import { version, versionOf } from '../helpers/versions.ts';

afterEach(closeHosts);

/** A call that meets the change of another tab is aborted; the next one finds the new version. */
function abortedByNews(thrown: unknown): undefined {
  if (!(thrown instanceof ClocheError) || thrown.code !== 'ABORTED') throw thrown;
}

describe('two hosts of one storage', () => {
  async function twoTabs(): Promise<{ here: Host; there: Host }> {
    const storage = uniqueStorage();
    return { here: await makeHost({ storage }), there: await makeHost({ storage }) };
  }

  it('see each other’s install, settings, disable, enable, update and uninstall', async () => {
    const { here, there } = await twoTabs();
    const changes = changesOf(there);
    const plugin = await here.install(await version('one'), { id: 'shared' });
    await eventually(() => there.get('shared') !== undefined, 'the installation to be seen');
    const other = existing(there.get('shared'));
    assert.equal(await versionOf(other), 'one');

    await plugin.configure({ config: { colour: 'green' }, limits: { timeoutMs: 777 } });
    await eventually(() => other.config.get('colour') === 'green' && other.limits.timeoutMs === 777, 'the settings');
    await plugin.disable();
    await eventually(() => other.state === 'off', 'it to be off');
    await rejectsCode('DISABLED', other.call('version'));
    await other.enable();
    await eventually(() => plugin.state !== 'off', 'it to be on again');

    await here.install(await version('two'), { id: 'shared', replace: true });
    await eventually(async () => (await versionOf(other).catch(abortedByNews)) === 'two', 'the new version');
    assert.include(
      (await other.exports()).map(({ name }) => name),
      'only_in_two',
    );
    await plugin.uninstall();
    await eventually(() => there.get('shared') === undefined, 'the removal to be seen');
    await rejectsCode('CLOSED', other.call('version'));
    assert.equal(changes[0], 'shared installed');
    assert.equal(changes.at(-1), 'shared uninstalled');
    assert.lengthOf(
      changes.filter((change) => change === 'shared installed'),
      1,
    );
  });

  it('see each other in two documents, as two tabs are', async () => {
    const storage = uniqueStorage();
    const here = await makeHost({ storage });
    const frame = document.createElement('iframe');
    frame.srcdoc = '<!doctype html>';
    document.body.append(frame);
    await new Promise((loaded) => frame.addEventListener('load', loaded, { once: true }));
    const script = (frame.contentDocument as Document).createElement('script');
    script.type = 'module';
    const ready = new Promise<Host>((resolve) => {
      Object.assign(frame.contentWindow as Window, { take: resolve });
    });
    const entry = new URL('/src/index.ts', location.origin).href;
    script.textContent = `import { createHost } from '${entry}';
      window.take(await createHost({ storage: '${storage}' }));`;
    (frame.contentDocument as Document).body.append(script);
    const there = await ready;

    await here.install(await version('one'), { id: 'shared' });
    await eventually(() => there.get('shared') !== undefined, 'the installation to be seen');
    await existing(there.get('shared')).disable();
    await eventually(() => here.get('shared')?.state === 'off', 'it to be off here too');
    await there.close();
    frame.remove();
  });

  it('S7: end no call for a change that somebody only claims, or that they know of already', async () => {
    const storage = uniqueStorage();
    const here = await makeHost({ storage });
    const there = await makeHost({ storage });
    const plugin = await here.install(await guest(), { id: 'shared' });
    await eventually(() => there.get('shared') !== undefined, 'the installation to be seen');
    const other = existing(there.get('shared'));
    await other.start();
    const changes = [changesOf(here), changesOf(there)];
    const forger = new BroadcastChannel(`cloche:${storage}-plugins`);
    for (let i = 0; i < 5; i++) forger.postMessage('shared');
    forger.close();
    // Seen after the forged ones, which were sent before it.
    await plugin.configure({ config: { a: 'b' } });
    await eventually(() => other.config.get('a') === 'b', 'the settings');
    assert.deepEqual(changes, [['shared settings'], ['shared updated']]);
  });

  it('do not see what the other one only opened', async () => {
    const { here, there } = await twoTabs();
    await here.open(await version('one'), { id: 'mine' });
    await pause(100);
    assert.isEmpty(there.plugins);
  });
});
