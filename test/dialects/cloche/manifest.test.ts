import { assert } from 'chai';
import { fileStem } from '../../../src/manifest/manifest-draft.ts';
import { idFromName } from '../../../src/manifest/plugin-id.ts';
import { readManifest } from '../../helpers/dialects.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';

const base = { cloche: 1, id: 'short', wasm: 'https://example.com/short.wasm' };

describe('Cloche manifest', () => {
  it('reads every field', async () => {
    const draft = await readManifest(
      {
        ...base,
        name: 'Shortener',
        version: '1.2.0',
        description: 'Two\nlines',
        author: 'Ada',
        homepage: 'https://example.com',
        wasm: 'lib/short.wasm',
        config: { a: 'b' },
        permissions: {
          http: { allow: ['https://api.example.com'], reason: 'asks for links' },
          kv: true,
          log: { reason: 'tells what it does' },
        },
        limits: { timeoutMs: 2_000, varBytes: 0 },
        instance: 'per-call',
        defaultCall: { export: 'shorten', input: 'x' },
      },
      { paths: 'package' },
    );
    assert.deepEqual(draft, {
      dialect: 'cloche',
      id: 'short',
      name: 'Shortener',
      hint: 'short',
      version: '1.2.0',
      description: 'Two\nlines',
      author: 'Ada',
      homepage: 'https://example.com/',
      modules: [{ name: 'main', hash: undefined, origin: { kind: 'path', path: 'lib/short.wasm' } }],
      config: new Map([['a', 'b']]),
      permissions: [
        {
          capability: 'http',
          scope: Object.assign(Object.create(null), { allow: ['https://api.example.com'] }),
          reason: 'asks for links',
        },
        { capability: 'kv', scope: undefined, reason: undefined },
        { capability: 'log', scope: undefined, reason: 'tells what it does' },
      ],
      limits: { timeoutMs: 2_000, varBytes: 0 },
      instance: 'per-call',
      contributions: [],
      routes: [],
      subscriptions: [],
      schedules: [],
      handlers: [],
      commands: [],
      defaultCall: { export: 'shorten', input: 'x' },
      warnings: [],
    });
  });

  it('takes the id for a name, and defaults for the rest', async () => {
    const draft = await readManifest(base);
    assert.equal(draft.name, 'short');
    assert.equal(draft.instance, 'persistent');
    assert.deepEqual(draft.permissions, []);
    assert.equal(draft.modules[0]?.origin.kind, 'url');
  });

  it('takes a list of modules as Extism writes it', async () => {
    const wasm = [{ name: 'lib', url: base.wasm }, { url: base.wasm }];
    assert.deepEqual(
      (await readManifest({ ...base, wasm })).modules.map(({ name }) => name),
      ['lib', 'main'],
    );
  });

  it('P6: cuts a limit above every range', async () => {
    assert.deepEqual((await readManifest({ ...base, limits: { memoryBytes: 1e15 } })).limits, {
      memoryBytes: 4_294_901_760,
    });
  });

  const ids = ['../x', 'a:b', '', 'a b', '😀', 'a\u202Eb', 'а', 'x'.repeat(65), 'x'.repeat(10_000), 5, null, ['a']];
  for (const id of ids) {
    it(`P4: refuses the id ${JSON.stringify(id)?.slice(0, 20)}`, async () => {
      await rejectsCode('MANIFEST_INVALID', () => readManifest({ ...base, id }), /`id`/);
    });
  }

  const refused: [fields: object, wording: RegExp][] = [
    [{ cloche: 2 }, /`cloche` should be 1, not 2/],
    [{ cloche: '1' }, /`cloche` should be 1/],
    [{ id: undefined }, /`id` is missing/],
    [{ wasm: undefined }, /`wasm` is missing/],
    [{ wasm: 'plugin.wasm' }, /use `url` or `data`/],
    [{ wasm: 5 }, /`wasm` should be text/],
    [{ extra: 1 }, /`extra` is unknown/],
    [{ allowed_hosts: [] }, /`allowed_hosts` is unknown/],
    [{ default_call: {} }, /`default_call` is unknown/],
    [{ name: 'x'.repeat(201) }, /`name` is longer than 200/],
    [{ name: 'a\nb' }, /`name` has control characters/],
    [{ version: 1 }, /`version` should be text/],
    [{ homepage: 'http://example.com' }, /an https URL/],
    // P9: a link that people may press.
    [{ homepage: 'javascript:alert(1)' }, /http/],
    [{ homepage: 'https://a@example.com' }, /user name/],
    [{ permissions: { http: false } }, /`permissions\.http` should be true or an object/],
    [{ permissions: { 'a b': true } }, /`permissions\["a b"\]`/],
    [{ permissions: { kv: { reason: 5 } } }, /`permissions\.kv\.reason`/],
    [{ permissions: { kv: { reason: 'x'.repeat(501) } } }, /`permissions\.kv\.reason`/],
    [{ permissions: ['kv'] }, /`permissions` should be an object/],
    [{ limits: { timeoutMs: 0 } }, /`limits\.timeoutMs` should be a whole number from 1 up/],
    [{ limits: { timeoutMs: '5' } }, /`limits\.timeoutMs`/],
    [{ limits: { timeoutMs: Number.NaN } }, /`limits\.timeoutMs`/],
    [{ limits: { memoryBytes: 1 } }, /`limits\.memoryBytes`/],
    [{ limits: { timeout: 1 } }, /`limits\.timeout` is unknown; known are timeoutMs/],
    [{ instance: 'forked' }, /one of "persistent", "per-call"/],
    [{ defaultCall: { input: 'x' } }, /`defaultCall\.export` is missing/],
    [{ defaultCall: { export: 'a', x: 1 } }, /`defaultCall\.x` is unknown/],
  ];
  for (const [fields, wording] of refused) {
    it(`refuses what gives ${wording}`, async () => {
      await rejectsCode('MANIFEST_INVALID', () => readManifest({ ...base, ...fields }), wording);
    });
  }
});

describe('idFromName', () => {
  const names: [name: string | undefined, id: string | undefined][] = [
    ['count_vowels', 'count_vowels'],
    ['Count vowels (v2)!', 'Count-vowels-v2'],
    ['../x', 'x'],
    ['😀', undefined],
    ['', undefined],
    [undefined, undefined],
    ['plugin', undefined],
    ['Main', undefined],
    ['x'.repeat(300), 'x'.repeat(64)],
  ];
  for (const [name, id] of names) {
    it(`makes ${String(id)} of ${String(name).slice(0, 30)}`, () => {
      assert.equal(idFromName(name), id);
    });
  }

  it('takes the stem of a URL or a path', () => {
    assert.equal(fileStem('https://e.com/a/count.vowels.wasm?token=x#y'), 'count.vowels');
    assert.equal(fileStem('a/b.wasm'), 'b');
    assert.equal(fileStem('https://e.com/'), undefined);
  });
});
