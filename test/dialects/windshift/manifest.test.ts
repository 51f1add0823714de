import { assert } from 'chai';
import fc from 'fast-check';
import { defaultDialects } from '../../../src/dialects/index.ts';
import { ClocheError } from '../../../src/errors.ts';
import { openManifest } from '../../../src/package/read-manifest.ts';
import { readManifest } from '../../helpers/dialects.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';

const KNOWN = await defaultDialects();

const read = (manifest: object | string) => readManifest(manifest, { paths: 'package' });
const readText = (fields: string) => read(`{"name":"x",${fields}}`);

const EXTENSION = {
  point: '',
  id: '',
  label: '',
  description: '',
  icon: undefined,
  component: undefined,
  styles: undefined,
  group: undefined,
  order: undefined,
};

describe('Windshift manifest', () => {
  it('reads every field', async () => {
    const draft = await read({
      name: 'react-demo',
      version: '1.0.0',
      description: 'Two\nlines',
      author: 'System',
      entryPoint: 'bin/plugin.wasm',
      capabilities: ['http', 'anything'],
      extensions: [
        {
          point: 'admin.tab',
          id: 'react-demo-plugin',
          label: 'React Demo App',
          description: 'shows',
          icon: 'code',
          displayMode: 'iframe',
          component: 'app.html',
          styles: 'x.css',
          group: 'Development',
          order: 200,
          pluginName: 'somebody else',
        },
      ],
      routes: [{ method: 'GET', path: '/items/*', description: 'lists' }],
      webhooks: [{ id: 'hook', events: ['item.created', 'item.updated'], handler: 'on_item' }],
      schedules: [{ id: 'sync', every: '1h30m', handler: 'on_sync' }],
    });
    assert.deepEqual(draft, {
      dialect: 'windshift',
      id: 'react-demo',
      name: 'react-demo',
      hint: undefined,
      version: '1.0.0',
      description: 'Two\nlines',
      author: 'System',
      homepage: undefined,
      modules: [{ name: 'main', hash: undefined, origin: { kind: 'path', path: 'bin/plugin.wasm' } }],
      config: new Map(),
      permissions: [{ capability: 'dialogs', scope: undefined, reason: undefined }],
      limits: { timeoutMs: 5_000, memoryBytes: 67_108_864, varBytes: 0 },
      instance: 'per-call',
      contributions: [
        {
          point: 'admin.tab',
          id: 'react-demo-plugin',
          label: 'React Demo App',
          description: 'shows',
          icon: 'code',
          component: 'app.html',
          styles: 'x.css',
          group: 'Development',
          order: 200,
        },
      ],
      routes: [{ method: 'GET', path: '/items/*', description: 'lists' }],
      subscriptions: [{ id: 'hook', events: ['item.created', 'item.updated'], handler: 'on_item' }],
      schedules: [{ id: 'sync', everyMs: 5_400_000, handler: 'on_sync' }],
      handlers: [],
      commands: [],
      features: ['http', 'anything'],
      warnings: [],
    });
  });

  it('fills in what is missing', async () => {
    const draft = await read({ name: 'x' });
    assert.deepEqual([draft.version, draft.description, draft.author], ['', '', '']);
    assert.deepEqual(draft.modules[0]?.origin, { kind: 'path', path: 'plugin.wasm' });
    assert.deepEqual(
      [draft.contributions, draft.routes, draft.subscriptions, draft.schedules, draft.permissions],
      [[], [], [], [], []],
    );
  });

  it('fills in what is missing of an item, and names no page where it names none', async () => {
    const draft = await read({ name: 'x', extensions: [{}, null], routes: [{}], webhooks: [{}] });
    assert.deepEqual(draft.contributions, [EXTENSION, EXTENSION]);
    assert.deepEqual(draft.routes, [{ method: '', path: '', description: '' }]);
    assert.deepEqual(draft.subscriptions, [{ id: '', events: [], handler: '' }]);
  });

  const same: [what: string, manifest: string, version: string][] = [
    ['keys in another case', '{"NAME":"x","Version":"1"}', '1'],
    ['the later of two spellings', '{"name":"x","Version":"1","version":"2","VERSION":"3"}', '3'],
    ['null as the default', '{"name":"x","version":null,"extensions":null,"routes":[null]}', ''],
    ['null after a value as nothing', '{"name":"x","Version":"1","version":null}', '1'],
    ['unknown keys as nothing', '{"name":"x","version":"1","displayMode":"iframe","any":{"version":2}}', '1'],
    [
      'P1: keys of every object as nothing',
      '{"name":"x","version":"1","__proto__":{"version":"2"},"constructor":1}',
      '1',
    ],
  ];
  for (const [what, manifest, version] of same) {
    it(`reads ${what}`, async () => {
      const draft = await read(manifest);
      assert.deepEqual([draft.id, draft.version], ['x', version]);
      assert.isUndefined(({} as { version?: string }).version);
    });
  }

  it('keeps an order of 0 apart from none', async () => {
    const { contributions } = await readText('"extensions":[{"order":0},{"order":-3},{}]');
    assert.deepEqual(
      contributions.map(({ order }) => order),
      [0, -3, undefined],
    );
  });

  it('reads `entryPoint` with a dot in front, and an empty one as the default', async () => {
    assert.deepEqual((await readText('"entryPoint":"./a.wasm"')).modules[0]?.origin, { kind: 'path', path: 'a.wasm' });
    assert.deepEqual((await readText('"entryPoint":""')).modules[0]?.origin, { kind: 'path', path: 'plugin.wasm' });
  });

  it('needs no file where the module is given, and has one beside the URL it came from', async () => {
    const given = await readManifest({ name: 'x', entryPoint: 'gone.wasm' }, { mainGiven: true });
    assert.deepEqual(given.modules, [{ name: 'main', hash: undefined, origin: { kind: 'given' } }]);
    const options = { paths: 'base', baseUrl: 'https://example.com/p/manifest.json' } as const;
    const origin = (await readManifest({ name: 'x' }, options)).modules[0]?.origin;
    assert.deepEqual(origin?.kind === 'url' && origin.url, 'https://example.com/p/plugin.wasm');
    await rejectsCode('MANIFEST_INVALID', () => readManifest({ name: 'x' }), /`entryPoint` only works in a package/);
  });

  const mistyped: [fields: string, path: RegExp][] = [
    ['"version":1', /number into Go struct field Manifest\.version of type string/],
    ['"author":true', /Manifest\.author/],
    ['"entryPoint":[]', /Manifest\.entryPoint/],
    ['"capabilities":"http"', /Manifest\.capabilities/],
    ['"capabilities":[1]', /Manifest\.capabilities/],
    ['"extensions":{}', /Manifest\.extensions/],
    ['"extensions":["a"]', /Manifest\.extensions/],
    ['"extensions":[{"label":1}]', /extensions\.label/],
    ['"extensions":[{"order":"1"}]', /extensions\.order/],
    ['"extensions":[{"order":1.5}]', /number 1\.5 into Go struct field .*extensions\.order/],
    ['"extensions":[{"styles":1}]', /extensions\.styles/],
    ['"extensions":[{"pluginName":1}]', /extensions\.pluginName/],
    ['"routes":[{"path":1}]', /routes\.path/],
    ['"webhooks":[{"events":"item.created"}]', /webhooks\.events/],
    ['"webhooks":[{"events":[1]}]', /webhooks\.events/],
    ['"schedules":[{"every":30}]', /schedules\.every/],
  ];
  for (const [fields, path] of mistyped) {
    it(`fails as a whole, with the path, for {${fields}}`, () =>
      rejectsCode('MANIFEST_INVALID', () => readText(fields), path));
  }

  const names: [name: string | null, problem: string][] = [
    [null, 'plugin name must not be empty'],
    ['', 'plugin name must not be empty'],
    ['../x', "invalid plugin name: must not contain path separators or '..'"],
    ['a..b', "invalid plugin name: must not contain path separators or '..'"],
    ['a/b', "invalid plugin name: must not contain path separators or '..'"],
    ['a\\b', "invalid plugin name: must not contain path separators or '..'"],
    ['a b', 'invalid plugin name: must contain only alphanumeric characters, hyphens, and underscores'],
    ['a.b', 'invalid plugin name: must contain only alphanumeric characters, hyphens, and underscores'],
    ['ä', 'invalid plugin name: must contain only alphanumeric characters, hyphens, and underscores'],
    ['a\n', 'invalid plugin name: must contain only alphanumeric characters, hyphens, and underscores'],
    ['\u202Ea', 'invalid plugin name: must contain only alphanumeric characters, hyphens, and underscores'],
    ['x'.repeat(65), '`name` is longer than 64 characters'],
  ];
  for (const [name, problem] of names) {
    it(`P4: refuses the name ${JSON.stringify(name)?.slice(0, 30)}: ${problem}`, async () => {
      try {
        await read({ name });
        assert.fail('it was read');
      } catch (error) {
        if (!(error instanceof ClocheError)) throw error;
        assert.equal(error.code, 'MANIFEST_INVALID');
        assert.include(error.message, problem);
      }
    });
  }

  for (const entryPoint of ['../x.wasm', '/x.wasm', 'a/../x.wasm', 'C:\\x.wasm', 'a\0', 'a//b', 'http://x/y.wasm']) {
    it(`M9: refuses the entry point ${JSON.stringify(entryPoint)}`, () =>
      rejectsCode('MANIFEST_INVALID', () => read({ name: 'x', entryPoint }), /^`entryPoint`/));
  }

  const tooMuch: [what: string, manifest: object, path: RegExp][] = [
    ['a long description', { description: 'x'.repeat(2_001) }, /`description`/],
    ['a long version', { version: 'x'.repeat(256) }, /`version`/],
    ['a long label', { extensions: [{}, { label: 'x'.repeat(256) }] }, /`extensions\[1\]\.label`/],
    ['a long component', { extensions: [{ component: 'x'.repeat(256) }] }, /`extensions\[0\]\.component`/],
    ['a control character in a label', { extensions: [{ label: 'a\u001b[31m' }] }, /`extensions\[0\]\.label`/],
    ['a control character in a method', { routes: [{ method: 'GET\r\n' }] }, /`routes\[0\]\.method`/],
    ['a long event', { webhooks: [{ events: ['a', 'x'.repeat(256)] }] }, /`webhooks\[0\]\.events\[1\]`/],
    ['501 extensions', { extensions: Array.from({ length: 501 }, () => ({})) }, /`extensions` has 501/],
    ['501 routes', { routes: Array.from({ length: 501 }, () => ({})) }, /`routes` has 501/],
    ['501 webhooks', { webhooks: Array.from({ length: 501 }, () => ({})) }, /`webhooks` has 501/],
    ['501 events', { webhooks: [{ events: Array.from({ length: 501 }, () => 'a') }] }, /`webhooks\[0\]\.events` has/],
    ['101 schedules', { schedules: Array.from({ length: 101 }, () => ({})) }, /`schedules` has 101/],
  ];
  for (const [what, fields, path] of tooMuch) {
    it(`refuses ${what}`, () => rejectsCode('MANIFEST_INVALID', () => read({ name: 'x', ...fields }), path));
  }

  describe('schedules', () => {
    const at = (...schedules: object[]) => read({ name: 'x', schedules });
    const ok = { id: 'a', every: '90s', handler: 'h' };

    it('are read in order', async () => {
      assert.deepEqual((await at(ok, { ...ok, id: 'b', every: '1ns' })).schedules, [
        { id: 'a', everyMs: 90_000, handler: 'h' },
        { id: 'b', everyMs: 1, handler: 'h' },
      ]);
    });

    const refused: [schedules: object[], problem: string][] = [
      [[{ ...ok, id: '' }], 'invalid plugin schedule: schedule id is empty'],
      [[{ ...ok, handler: '' }], 'schedule "a" handler is empty'],
      [[ok, ok], 'duplicate schedule id "a" within plugin'],
      [[{ ...ok, every: 'soon' }], 'schedule "a" every="soon" is not a valid duration: time: invalid duration "soon"'],
      [
        [{ ...ok, every: '10' }],
        'schedule "a" every="10" is not a valid duration: time: missing unit in duration "10"',
      ],
      [[{ ...ok, every: '0' }], 'schedule "a" every="0" must be positive'],
      [[{ ...ok, every: '-1s' }], 'schedule "a" every="-1s" must be positive'],
      [[{}], 'invalid plugin schedule: schedule id is empty'],
    ];
    for (const [schedules, problem] of refused) {
      it(`are refused as \`${problem}\``, () => {
        const wording = problem.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
        return rejectsCode(
          'MANIFEST_INVALID',
          () => at(...schedules),
          new RegExp(`invalid plugin schedules: ${wording}$`),
        );
      });
    }
  });

  describe('is told from the others', () => {
    const manifests: [manifest: string, dialect: string | undefined][] = [
      ['{"name":"x"}', 'windshift'],
      ['{"Name":null}', 'windshift'],
      ['{"name":"x","cloche":1}', 'cloche'],
      ['{"name":"x","wasm":[]}', 'extism'],
      ['{"wasm":[]}', 'extism'],
      ['{}', undefined],
      ['{"entryPoint":"x.wasm"}', 'windshift'],
      ['{"name":"x","short_name":"x"}', undefined],
    ];
    for (const [manifest, dialect] of manifests) {
      it(`as ${dialect}: ${manifest}`, async () =>
        assert.equal((await openManifest(manifest, KNOWN, { place: 'alone' })).dialect?.name, dialect));
    }
  });

  describe('P2: is bounded before it is read', () => {
    const bombs: [what: string, text: string][] = [
      ['100,000 levels', `{"name":"x","y":${'['.repeat(100_000)}`],
      ['a million keys', `{"name":"x"${Array.from({ length: 1_000_000 }, (_, i) => `,"${i}":0`).join('')}}`],
      ['a text of 10 MB', `{"name":"${'x'.repeat(10_000_000)}"}`],
      ['a key twice', '{"name":"x","name":"y"}'],
      ['a number without end', `{"name":${'1'.repeat(900_000)}}`],
    ];
    for (const [what, text] of bombs) {
      it(`refuses ${what} within a second`, async () => {
        const began = performance.now();
        await rejectsCode('MANIFEST_INVALID', () => read(text), /^.{1,500}$/);
        assert.isBelow(performance.now() - began, 1_000);
      });
    }
  });

  it('ends in a draft or in MANIFEST_INVALID, whatever the JSON is', async () => {
    const key = fc.constantFrom(
      'name',
      'Name',
      'routes',
      'extensions',
      'webhooks',
      'schedules',
      'entryPoint',
      'events',
    );
    const { manifest } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, 0, -1, 1.5, true, '', 'x', '..', '1s', '\u0000'),
        fc.array(tie('value'), { maxLength: 3 }),
        tie('manifest'),
      ),
      manifest: fc.dictionary(fc.oneof(key, fc.string()), tie('value'), { maxKeys: 6 }),
    }));
    await fc.assert(
      fc.asyncProperty(manifest, async (fields) => {
        // Last: of names that differ in case only, the last counts.
        const { name: _, ...others } = fields as Record<string, unknown>;
        try {
          assert.equal((await read({ ...others, name: 'x' })).id, 'x');
        } catch (error) {
          if (!(error instanceof ClocheError)) throw error;
          assert.equal(error.code, 'MANIFEST_INVALID');
        }
      }),
    );
  });
});
