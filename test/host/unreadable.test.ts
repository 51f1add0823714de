// What a plugin asks for, and what is stored of one, that cannot be read: it is told of, and takes nothing else with it.

import { assert } from 'chai';
import { type Capability, ClocheError, defineCapability, log } from '../../src/index.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { guest } from '../helpers/guests.ts';
import { closeHosts, existing, makeHost, uniqueStorage } from '../helpers/hosts.ts';

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
      assert.match(request?.unmet.join() ?? '', /at most 3/);
      assert.equal(existing(modest).requests()[0]?.status, 'granted');
      assert.isEmpty([...existing(plugin).needsServer]);

      // Nobody has to grant it to change something else.
      await plugin?.configure({ limits: { timeoutMs: 900 } });
      await rejectsCode('MANIFEST_INVALID', plugin?.configure({ grant: 'manifest' }) ?? assert.fail(), /at most 3/);
      await plugin?.uninstall();
      assert.deepEqual(host.plugins, [existing(modest)]);
    });
  }

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
