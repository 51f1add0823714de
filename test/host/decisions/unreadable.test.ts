// What a plugin asks for, and what is stored of one, that cannot be read: it is told of, and takes nothing else with it.

import { assert } from 'chai';
import { type Capability, ClocheError, defineCapability, log } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { guest } from '../../helpers/guests.ts';
import { changesOf, closeHosts, eventually, existing, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { textsOf } from '../../helpers/sentences.ts';
import { tamper } from '../../registry/records.ts';

async function asking(permissions: object, id = 'asking') {
  return { wasm: await guest(), manifest: { cloche: 1, id, wasm: 'main.wasm', permissions } };
}

/** Takes shelves whose numbers are not above `most`. */
function shelves(most: number): Capability {
  return defineCapability({
    name: 'shelves',
    functions: { shelf_read: { params: ['i32'], result: 'text', call: ([shelf]) => `shelf ${shelf}` } },
    scope: {
      parse(value, path) {
        const { shelf } = value as { shelf?: number };
        if (typeof shelf === 'number' && shelf <= most) return { shelf };
        throw new ClocheError('OPTION_INVALID', `Expected \`${path}.shelf\` to be at most ${most}`);
      },
      describe: (scope) => [`Read shelf ${(scope as { shelf: number }).shelf}.`],
    },
  });
}

describe('P10: a scope that cannot be read', () => {
  afterEach(closeHosts);

  const scopes = [{ http: { allow: 'https://example.com' } }, { http: { alow: [] } }, { kv: { bytes: -1 } }];
  for (const permissions of scopes) {
    it(`is refused at installation whatever is granted: ${JSON.stringify(permissions)}`, async () => {
      const host = await makeHost();
      for (const grant of ['none', 'manifest', 'all', {}] as const) {
        await rejectsCode('MANIFEST_INVALID', host.install(await asking(permissions), { grant }), /permissions\./);
      }
      await rejectsCode('MANIFEST_INVALID', host.open(await asking(permissions), { grant: 'none' }));
      assert.isEmpty(host.plugins);
    });
  }

  it('is refused in an update, and the version before runs on', async () => {
    const host = await makeHost();
    const plugin = await host.install(await asking({}), { grant: 'none' });
    const next = host.install(await asking({ kv: { bytes: 'x' } }), { replace: true, grant: 'none' });
    await rejectsCode('MANIFEST_INVALID', next, /permissions\.kv\.bytes/);
    assert.isEmpty(plugin.manifest.permissions);
    assert.equal((await plugin.call('echo', 'a')).text(), 'a');
  });

  it('is refused in an update that would wait for a yes, and nothing waits', async () => {
    const host = await makeHost();
    const plugin = await host.install(await asking({}));
    const next = host.install(await asking({ kv: { bytes: 'x' } }), { replace: 'keep' });
    await rejectsCode('MANIFEST_INVALID', next, /permissions\.kv\.bytes/);
    assert.isUndefined(plugin.pending);
  });

  for (const disabled of [false, true]) {
    it(`since the app has a stricter rule, is not granted, and the plugin is listed${disabled ? ', in safe mode too' : ''}`, async () => {
      const storage = uniqueStorage();
      const before = await makeHost({ storage, capabilities: [log(), shelves(9)] });
      await before.install(await asking({ shelves: { shelf: 7 } }));
      await before.install(await asking({ shelves: { shelf: 2 } }, 'modest'));
      await before.close();

      const host = await makeHost({ storage, capabilities: [log(), shelves(3)], disabled });
      const [plugin, modest] = ['asking', 'modest'].map((id) => existing(host.get(id)));
      assert.deepEqual([...existing(plugin).grants.keys()], ['log']);
      assert.deepEqual([...existing(modest).grants.keys()].sort(), ['log', 'shelves']);
      const [request] = existing(plugin).requests();
      assert.include(request, { capability: 'shelves', status: 'unreadable', granted: false });
      assert.match(request?.unmet[0]?.text ?? '', /at most 3/);
      assert.equal(existing(modest).requests()[0]?.status, 'granted');
      assert.isEmpty([...existing(plugin).needsServer]);

      // Nobody has to grant it to change something else.
      await plugin?.configure({ limits: { timeoutMs: 900 } });
      await rejectsCode('MANIFEST_INVALID', plugin?.configure({ grant: 'manifest' }) ?? assert.fail(), /at most 3/);
      await plugin?.uninstall();
      assert.deepEqual(host.plugins, [existing(modest)]);
    });
  }

  it('for the consent page, though it was granted, leaves the list as it is', async () => {
    const vague = defineCapability({
      name: 'vague',
      functions: {},
      scope: {
        parse: (value) => value,
        describe(scope) {
          if (scope === undefined) return ['Use all of it.'];
          throw new RangeError('no words for this');
        },
      },
    });
    const host = await makeHost({ capabilities: [log(), vague] });
    const plugin = await host.open(await asking({ vague: true }), { grant: { vague: { shelf: 1 } } });
    assert.deepEqual(textsOf(plugin.requests()[0]?.given), ['Use vague: .']);
  });

  it('since the app has a stricter rule, does not keep the plugin from running', async () => {
    const storage = uniqueStorage();
    const before = await makeHost({ storage, capabilities: [log(), shelves(9)] });
    await before.install(await asking({ shelves: { shelf: 7 } }));
    await before.close();
    const host = await makeHost({ storage, capabilities: [log(), shelves(3)] });
    const plugin = existing(host.get('asking'));
    assert.equal((await plugin.call('echo', 'a')).text(), 'a');
    assert.isFalse(plugin.grants.has('shelves'));
    assert.match(
      host
        .logs()
        .map(({ text }) => text)
        .join(),
      /Not granted.*at most 3/,
    );
  });
});

describe('P10: a stored plugin that cannot be read', () => {
  afterEach(closeHosts);

  /** Two plugins, the first of which is stored as a later version of Cloche may do. */
  async function damaged(): Promise<string> {
    const storage = uniqueStorage();
    const before = await makeHost({ storage });
    await before.install(await asking({ kv: true }, 'damaged'));
    await before.install(await asking({}, 'sound'));
    await before.close();
    await tamper(storage, (objects) => {
      const key = ['record', 'damaged'];
      const read = objects.get(key);
      read.onsuccess = () => objects.put({ ...read.result, schema: 2 }, key);
    });
    return storage;
  }

  for (const disabled of [false, true]) {
    it(`is listed beside the others, and can be removed${disabled ? ' in safe mode' : ''}`, async () => {
      const host = await makeHost({ storage: await damaged(), disabled });
      assert.deepEqual(
        host.plugins.map(({ id }) => id),
        ['sound'],
      );
      const [unreadable] = host.unreadable;
      assert.equal(unreadable?.id, 'damaged');
      assert.equal(unreadable?.error.code, 'STORAGE_FAILED');
      assert.match(unreadable?.error.message ?? '', /schema/);
      assert.match(
        host
          .logs()
          .map(({ text }) => text)
          .join(),
        /schema/,
      );

      const changes = changesOf(host);
      await host.removeUnreadable('damaged');
      assert.isEmpty(host.unreadable);
      assert.deepEqual(changes, ['damaged uninstalled']);
      assert.deepEqual(
        host.plugins.map(({ id }) => id),
        ['sound'],
      );
      await host.close();
    });
  }

  it('is gone for good once it was removed, and only it', async () => {
    const storage = await damaged();
    const host = await makeHost({ storage });
    await rejectsCode('OPTION_INVALID', host.removeUnreadable('sound'), /unreadable/);
    await rejectsCode('OPTION_INVALID', host.removeUnreadable('nobody'));
    await rejectsCode('OPTION_INVALID', host.removeUnreadable('damaged', { wiped: true } as never), /wipe/);
    await host.removeUnreadable('damaged');
    await host.close();
    const next = await makeHost({ storage });
    assert.isEmpty(next.unreadable);
    assert.deepEqual(
      next.plugins.map(({ id }) => id),
      ['sound'],
    );
  });

  it('keeps its place until it is replaced, and is a plugin like any other then', async () => {
    const host = await makeHost({ storage: await damaged() });
    await rejectsCode('ALREADY_INSTALLED', host.install(await asking({}, 'damaged')));
    assert.lengthOf(host.unreadable, 1);
    const plugin = await host.install(await asking({}, 'damaged'), { replace: 'keep' });
    assert.isEmpty(host.unreadable);
    assert.equal((await plugin.call('echo', 'a')).text(), 'a');
  });

  it('is told of in another tab, when it comes and when it goes', async () => {
    const storage = await damaged();
    const [here, there] = [await makeHost({ storage }), await makeHost({ storage })];
    const changes = changesOf(there);
    await here.removeUnreadable('damaged');
    await eventually(() => changes.includes('damaged uninstalled'), 'the other tab to hear of it');
    assert.isEmpty(there.unreadable);

    await tamper(storage, (objects) => objects.put({ schema: 2 }, ['record', 'sound']));
    const told: string[] = [];
    here.addEventListener('pluginchange', ({ plugin, change }) => told.push(`${plugin} ${change}`));
    const channel = new BroadcastChannel(`cloche:${storage}-plugins`);
    channel.postMessage('sound');
    await eventually(() => told.includes('sound unreadable'), 'this tab to hear of it');
    channel.close();
    assert.isEmpty(here.plugins);
    assert.deepEqual(
      here.unreadable.map(({ id }) => id),
      ['sound'],
    );
  });
});
