// The config of plugins that have a schema for it.

import { assert } from 'chai';
import { checkBySchema } from '../../../src/config/schema-checker.ts';
import type { ClocheError, ConfigProblem, ErrorCode } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, existing, makeHost, pause, uniqueStorage } from '../../helpers/hosts.ts';
import { later } from '../../helpers/later.ts';
import { configured, reads } from './configured-guest.ts';

afterEach(closeHosts);

const SCHEMA = {
  type: 'object',
  properties: {
    endpoint: { type: 'string', pattern: '^https://' },
    count: { type: 'integer', minimum: 1, default: 3 },
    servers: { type: 'array', items: { type: 'object', properties: { port: { type: 'integer' } } } },
  },
  required: ['endpoint'],
  additionalProperties: false,
};
const GOOD = { endpoint: 'https://example.com', count: 5, servers: [{ port: 1 }] };

const problemsIn = (error: ClocheError) => error.cause as readonly ConfigProblem[];

async function failureOf(work: Promise<unknown>): Promise<ClocheError> {
  return work.then(
    () => assert.fail('it should have failed'),
    (thrown: ClocheError) => thrown,
  );
}

describe('the config of a plugin with a schema', () => {
  it('is what its schema gives by default, until something is set', async () => {
    const plugin = await (await makeHost()).install(await configured({ schema: SCHEMA }));
    assert.deepEqual([...plugin.config], [['count', '3']]);
    assert.equal(await reads(plugin, 'count'), '3');
    assert.equal(await reads(plugin, 'endpoint'), '');
  });

  it('reaches the guest as text: a string as it is, everything else as JSON', async () => {
    const plugin = await (await makeHost()).install(await configured({ schema: SCHEMA }));
    await plugin.configure({ config: GOOD });
    assert.equal(await reads(plugin, 'endpoint'), 'https://example.com');
    assert.equal(await reads(plugin, 'count'), '5');
    assert.equal(await reads(plugin, 'servers'), '[{"port":1}]');
    const { values, problems, schema, secrets } = await plugin.configuration();
    assert.deepEqual(values, GOOD);
    assert.deepEqual([problems, secrets], [[], {}]);
    assert.equal(schema, plugin.manifest.configSchema);
  });

  it('is refused with where it is wrong and what was expected, and nothing is changed', async () => {
    const plugin = await (await makeHost()).install(await configured({ schema: SCHEMA }), { config: GOOD });
    const bad = { ...GOOD, count: 0, servers: [{ port: 1 }, { port: 'x' }] };
    const error = await failureOf(plugin.configure({ config: bad, limits: { timeoutMs: 77 } }));
    assert.equal(error.code, 'CONFIG_INVALID');
    assert.match(error.message, /^`config\.(count|servers\[1\]\.port)` of plugin "p" is not as its schema takes it: ./);
    assert.sameMembers(
      problemsIn(error).map(({ path }) => path),
      ['count', 'servers[1].port'],
    );
    assert.deepEqual((await plugin.configuration()).values, GOOD);
    assert.notEqual(plugin.limits.timeoutMs, 77);
    for (const config of [{ count: 1 }, { ...GOOD, other: 'x' }, { ...GOOD, count: '5' }, { endpoint: 'ftp://x' }]) {
      await rejectsCode('CONFIG_INVALID', () => plugin.configure({ config }));
    }
    await rejectsCode('OPTION_INVALID', () => plugin.configure({ config: { ...GOOD, servers: () => 1 } }));
    await rejectsCode('OPTION_INVALID', () => plugin.configure({ config: [] as never }));
  });

  it('installs without one, and says what is missing; with one it must be whole', async () => {
    const host = await makeHost();
    const plugin = await host.install(await configured({ schema: SCHEMA }));
    const [problem, ...others] = (await plugin.configuration()).problems;
    assert.deepEqual([problem?.path, problem?.field, others], ['', undefined, []]);
    assert.match(problem?.expected ?? '', /endpoint/);
    await rejectsCode('CONFIG_INVALID', async () =>
      host.install(await configured({ schema: SCHEMA, id: 'q' }), { config: { count: 2 } }),
    );
    assert.isUndefined(host.get('q'));
  });

  it('is text where there is no schema, as ever', async () => {
    const plugin = await (await makeHost()).install(await configured({ config: { a: 'b' } }), { config: { c: 'd' } });
    assert.deepEqual((await plugin.configuration()).values, { a: 'b', c: 'd' });
    await rejectsCode('OPTION_INVALID', () => plugin.configure({ config: { a: 1 } }));
    await rejectsCode('OPTION_INVALID', async () =>
      (await makeHost()).install(await configured({}), { config: { a: 1 } }),
    );
  });

  it('outlives the page, in the types of its schema', async () => {
    const storage = uniqueStorage();
    const first = await makeHost({ storage });
    await (await first.install(await configured({ schema: SCHEMA }))).configure({ config: GOOD });
    await first.close();
    const plugin = existing((await makeHost({ storage })).get('p'));
    assert.deepEqual((await plugin.configuration()).values, GOOD);
    assert.equal(await reads(plugin, 'count'), '5');
  });

  it('is not what the app makes of its object afterwards', async () => {
    const plugin = await (await makeHost()).install(await configured({ schema: SCHEMA }));
    const given = structuredClone(GOOD);
    const configuring = plugin.configure({ config: given });
    given.endpoint = 'changed';
    given.servers.push({ port: 2 });
    await configuring;
    assert.deepEqual((await plugin.configuration()).values, GOOD);
  });

  it('is refused in the manifest itself, where that does not fit its own schema', async () => {
    const host = await makeHost();
    await rejectsCode('MANIFEST_INVALID', async () =>
      host.install(await configured({ schema: SCHEMA, config: { count: 'x' } })),
    );
    const bad = { type: 'object', properties: { count: { type: 'integer', default: 'x' } } };
    await rejectsCode('MANIFEST_INVALID', async () => host.install(await configured({ schema: bad })));
    const broken = { type: 'object', properties: { a: { type: 'string', pattern: '(', default: 'a' } } };
    await rejectsCode('MANIFEST_INVALID', async () => host.install(await configured({ schema: broken })));
  });

  describe('after an update with another schema', () => {
    const NEXT = {
      type: 'object',
      properties: { endpoint: { type: 'integer', default: 7 }, count: { type: 'integer' }, extra: { type: 'string' } },
      required: ['extra'],
    };

    it('keeps what does not fit, says so, and does not hand it over', async () => {
      const host = await makeHost();
      const plugin = await host.install(await configured({ schema: SCHEMA }), { config: GOOD });
      await host.install(await configured({ schema: NEXT, version: 2 }), { replace: 'keep' });
      assert.equal(await reads(plugin, 'endpoint'), '7');
      assert.equal(await reads(plugin, 'count'), '5');
      assert.equal(plugin.config.get('endpoint'), 'https://example.com');
      const { values, problems } = await plugin.configuration();
      assert.equal(values.endpoint, 'https://example.com');
      assert.sameMembers(
        problems.map(({ path }) => path),
        ['', 'endpoint'],
      );
      assert.include(
        host
          .logs('p')
          .map(({ text }) => text)
          .join(),
        'Its config `endpoint` is not as its schema takes it',
      );
    });

    it('finds it again when the old schema comes back', async () => {
      const host = await makeHost();
      const plugin = await host.install(await configured({ schema: SCHEMA }), { config: GOOD });
      await host.install(await configured({ schema: NEXT, version: 2 }), { replace: 'keep' });
      await host.install(await configured({ schema: SCHEMA, version: 3 }), { replace: 'keep' });
      assert.deepEqual((await plugin.configuration()).values, GOOD);
      assert.equal(await reads(plugin, 'endpoint'), 'https://example.com');
    });
  });
});

describe('what is checked by a schema', () => {
  const SLOW = { type: 'object', properties: { a: { type: 'string', pattern: '^(a|a)*$' } } };
  const value = { a: `${'a'.repeat(40)}b` };

  it('P3: goes on in a worker that is ended, where an expression is written to take for ever', async () => {
    const began = performance.now();
    let turns = 0;
    const counting = setInterval(() => turns++, 10);
    try {
      await checkBySchema({ schema: SLOW, value }, 500);
      assert.fail('it should have taken too long');
    } catch (thrown) {
      assert.match((thrown as Error).message, /takes longer than 500 ms/);
    } finally {
      clearInterval(counting);
    }
    assert.isBelow(performance.now() - began, 5_000);
    assert.isAbove(turns, 10, 'the page goes on');
  });

  it('P3: is not installed where its own default takes for ever, nor set where a value does', async function () {
    this.timeout(40_000);
    const host = await makeHost();
    // The deadline is of seconds, in which a core is taken: it comes once the check is under way.
    const refused = async (code: ErrorCode, work: Promise<unknown>): Promise<void> => {
      const refusal = rejectsCode(code, work);
      await pause(500);
      using _ = later(5_000);
      await refusal;
    };
    const schema = { type: 'object', properties: { a: { ...SLOW.properties.a, default: value.a } } };
    await refused('MANIFEST_INVALID', host.install(await configured({ schema })));
    const plugin = await host.install(await configured({ schema: SLOW }));
    await refused('CONFIG_INVALID', plugin.configure({ config: value }));
    assert.deepEqual([...plugin.config], []);
  });
});
