import { assert } from 'chai';
import fc from 'fast-check';
import { ClocheError } from '../../../src/errors.ts';
import type { ReadOptions } from '../../../src/manifest/manifest-draft.ts';
import { readManifest } from '../../helpers/dialects.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';

const URL_A = 'https://example.com/a.wasm';
const HASH = 'AB'.repeat(32);
const one = [{ url: URL_A }];

describe('Extism manifest', () => {
  it('reads the native form', async () => {
    const draft = await readManifest(
      JSON.stringify({
        wasm: [{ url: 'https://example.com/count_vowels.wasm', name: 'main', hash: HASH }],
        memory: { max_pages: 16, max_http_response_bytes: 100, max_var_bytes: 65_536 },
        config: { vowels: 'aeiou', __proto__x: '1' },
        allowed_hosts: ['*.example.com'],
        allowed_paths: { 'ro:/tmp': '/tmp' },
        timeout_ms: 5_000,
      }),
    );
    assert.deepEqual(draft.limits, {
      growthPages: 16,
      httpResponseBytes: 100,
      varBytes: 65_536,
      timeoutMs: 5_000,
    });
    assert.deepEqual(
      [...draft.config],
      [
        ['vowels', 'aeiou'],
        ['__proto__x', '1'],
      ],
    );
    assert.deepEqual(draft.permissions, [
      { capability: 'http', scope: { allow: ['*.example.com'] }, reason: undefined },
    ]);
    assert.deepEqual(draft.modules, [
      {
        name: 'main',
        hash: HASH.toLowerCase(),
        origin: {
          kind: 'url',
          url: 'https://example.com/count_vowels.wasm',
          method: 'GET',
          headers: new Map(),
        },
      },
    ]);
    assert.equal(draft.hint, 'count_vowels');
    assert.lengthOf(draft.warnings, 1);
    assert.match(draft.warnings[0] ?? '', /allowed_paths/);
  });

  it('applies limits and hosts in either casing, as text and as object (EX1, EX2, EX3)', async () => {
    const camel = {
      wasm: one,
      memory: { maxPages: 4, maxHttpResponseBytes: 10, maxVarBytes: 0 },
      allowedHosts: ['a.example'],
      timeoutMs: 7,
    };
    const snake = {
      wasm: one,
      memory: { max_pages: 4, max_http_response_bytes: 10, max_var_bytes: 0 },
      allowed_hosts: ['a.example'],
      timeout_ms: 7,
    };
    const expected = {
      limits: { growthPages: 4, httpResponseBytes: 10, varBytes: 0, timeoutMs: 7 },
      permissions: [{ capability: 'http', scope: { allow: ['a.example'] }, reason: undefined }],
    };
    for (const form of [camel, snake, JSON.stringify(camel), JSON.stringify(snake)]) {
      const { limits, permissions } = await readManifest(form);
      assert.deepEqual<unknown>({ limits, permissions }, expected);
    }
  });

  it('clamps what is above every range, and takes max_pages 0 for no growth at all', async () => {
    const limits = (await readManifest({ wasm: one, timeout_ms: 1e15, memory: { max_pages: 0 } })).limits;
    assert.deepEqual(limits, { timeoutMs: 600_000, growthPages: 0 });
    const most = { wasm: one, memory: { max_pages: Number.MAX_SAFE_INTEGER } };
    assert.deepEqual((await readManifest(most)).limits, { growthPages: 65_535 });
  });

  it('asks for no host without allowed_hosts, and with an empty list', async () => {
    assert.deepEqual((await readManifest({ wasm: one })).permissions, []);
    assert.deepEqual((await readManifest({ wasm: one, allowed_hosts: [] })).permissions, []);
  });

  it('takes null for absent, as the native reader does', async () => {
    const draft = await readManifest(
      '{"wasm":[{"url":"https://e.com/a.wasm","name":null,"hash":null}],"timeout_ms":null,"memory":{"max_pages":null},"config":null}',
    );
    assert.deepEqual(draft.limits, {});
  });

  const mains: [what: string, names: (string | undefined)[], expected: (string | undefined)[]][] = [
    ['the only one, whatever its name (EX8)', ['lib'], ['main']],
    ['the one named main', ['a', 'main', 'b'], ['a', 'main', 'b']],
    ['else the last', ['a', 'b', 'c'], ['a', 'b', 'main']],
    ['else the last, also without a name', [undefined, undefined], [undefined, 'main']],
  ];
  for (const [what, names, expected] of mains) {
    it(`takes for main ${what}`, async () => {
      const wasm = names.map((name) => ({ url: URL_A, ...(name && { name }) }));
      assert.deepEqual(
        (await readManifest({ wasm })).modules.map(({ name }) => name),
        expected,
      );
    });
  }

  it('decodes base64 data, and takes bytes in objects (EX4)', async () => {
    const bytes = new Uint8Array([0, 97, 115, 109]);
    for (const data of [btoa('\0asm'), bytes]) {
      const [module] = (await readManifest({ wasm: [{ data }] })).modules;
      assert.deepEqual(module?.origin, { kind: 'bytes', bytes });
    }
  });

  it('keeps headers and method of a URL, flat and under req (EX5)', async () => {
    const request = { url: URL_A, method: 'POST', headers: { 'X-Key': 'v' } };
    for (const item of [request, { req: request }]) {
      const [module] = (await readManifest({ wasm: [item] })).modules;
      assert.deepEqual(module?.origin, {
        kind: 'url',
        url: URL_A,
        method: 'POST',
        headers: new Map([['X-Key', 'v']]),
      });
    }
  });

  it('resolves url and path against the URL of the manifest', async () => {
    const options: ReadOptions = { baseUrl: 'https://e.com/p/manifest.json', paths: 'base' };
    const { modules } = await readManifest(
      '{"wasm":[{"name":"l","url":"../lib.wasm"},{"path":"./a b/c.wasm"}]}',
      options,
    );
    assert.deepEqual(
      modules.map(({ origin }) => origin.kind === 'url' && origin.url),
      ['https://e.com/lib.wasm', 'https://e.com/p/a%20b/c.wasm'],
    );
  });

  const item = (fields: object) => ({ wasm: [fields] });
  const refused: [manifest: object | string, wording: RegExp, options?: ReadOptions][] = [
    [{ config: {} }, /`wasm` is missing/],
    [{ wasm: [] }, /`wasm` lists no module/],
    [{ wasm: {} }, /`wasm` should be an array, not an object/],
    [{ wasm: [1] }, /`wasm\[0\]` should be an object/],
    [{ wasm: Array(65).fill({ url: URL_A }) }, /more than 64 modules/],
    ['[]', /is not an object/],
    ['"{}"', /is not an object/],
    [{ wasm: one, wasi: true }, /`wasi` is unknown; known are wasm, config/],
    [{ wasm: one, memory: { maxPage: 1 } }, /`memory\.maxPage` is unknown/],
    [item({ url: URL_A, sha: '' }), /`wasm\[0\]\.sha` is unknown/],
    [item({ req: { url: URL_A, x: 1 } }), /`wasm\[0\]\.req\.x` is unknown/],
    ['{"wasm":[],"__proto__":{}}', /`__proto__` is unknown/],
    ['{"wasm":[],"constructor":{}}', /`constructor` is unknown/],
    [{ wasm: one, timeout_ms: 1, timeoutMs: 2 }, /`timeoutMs` is given twice/],
    [{ wasm: [{ name: 'a', url: URL_A }, { name: 'a', url: URL_A }, ...one] }, /two modules/],
    [item({}), /exactly one of/],
    [item({ url: URL_A, path: 'a.wasm' }), /exactly one of/],
    [item({ url: URL_A, name: '' }), /is empty/],
    [item({ url: URL_A, name: 'extism:host/env' }), /belongs to the host/],
    [item({ url: URL_A, name: 'wasi_snapshot_preview1' }), /belongs to the host/],
    ...['cloche:host', 'cloche:wasi', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '__defineGetter__'].map(
      (name): [object, RegExp] => [item({ url: URL_A, name }), /belongs to the host/],
    ),
    [item({ path: 'a.wasm' }), /use `url` or `data`/],
    [item({ path: '../a.wasm' }), /not a relative path/, { paths: 'package' }],
    [item({ path: '/a.wasm' }), /not a relative path/, { paths: 'package' }],
    [item({ path: 'https://e.com/a.wasm' }), /not a relative path/, { paths: 'base', baseUrl: URL_A }],
    [item({ path: 'a.wasm', headers: {} }), /only goes with `url`/, { paths: 'package' }],
    [item({ data: 'AGFzbQ=' }), /base64/],
    [item({ data: 'AGFzbQ' }), /base64/],
    [item({ data: 'AGFz bQ==' }), /base64/],
    [item({ data: 'A=B=' }), /base64/],
    [item({ data: 5 }), /base64/],
    [item({ url: '/a.wasm' }), /an absolute URL/],
    [item({ url: 'javascript:alert(1)' }), /http or https/],
    [item({ url: 'file:///etc/passwd' }), /http or https/],
    [item({ url: 'https://ok.com@evil.com/a' }), /user name/],
    [item({ url: URL_A, method: 'DELETE' }), /one of "GET", "POST"/],
    [item({ url: URL_A, headers: { 'a b': '' } }), /not a header name/],
    [item({ url: URL_A, headers: { a: 'x\r\ny: z' } }), /control characters/],
    [item({ response: {} }), /a Response/],
    [{ wasm: one, config: { a: 1 } }, /`config\.a` should be text, not 1/],
    [{ wasm: one, allowed_hosts: 'a' }, /an array/],
    [{ wasm: one, allowed_hosts: [1] }, /`allowed_hosts\[0\]`/],
  ];
  for (const [manifest, wording, options] of refused) {
    it(`refuses what gives ${wording}`, async () => {
      await rejectsCode('MANIFEST_INVALID', () => readManifest(manifest, options), wording);
    });
  }

  for (const value of ['0', '-1', '1.5', '"5"', '1e999', 'true', '[]']) {
    it(`P6: refuses timeout_ms ${value}`, async () => {
      const text = `{"wasm":[{"url":"${URL_A}"}],"timeout_ms":${value}}`;
      await rejectsCode('MANIFEST_INVALID', () => readManifest(text), /`timeout_ms`/);
    });
  }
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 0, -1, '5', 5n]) {
    it(`P6: refuses timeoutMs ${String(value)} (${typeof value}) of an object`, async () => {
      await rejectsCode('MANIFEST_INVALID', () => readManifest({ wasm: one, timeoutMs: value }), /timeout/);
    });
  }

  for (const hash of ['', 'ab', 'zz'.repeat(32), `${HASH}0`, HASH.slice(1), ` ${HASH.slice(1)}`, 5]) {
    it(`P7: refuses the hash ${JSON.stringify(hash).slice(0, 20)}`, async () => {
      await rejectsCode('MANIFEST_INVALID', () => readManifest(item({ url: URL_A, hash })), /hash/);
    });
  }

  it('refuses a compiled module, whose memory cannot be limited', async () => {
    const module = await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
    await rejectsCode('SOURCE_INVALID', () => readManifest(item({ module })), /pass its bytes/);
  });

  it('P1: answers any object with a draft or a typed error, and leaves Object.prototype alone', async () => {
    const key = fc.constantFrom(
      'wasm',
      'url',
      'data',
      'path',
      'req',
      'name',
      'hash',
      'memory',
      'maxPages',
      'config',
      'cloche',
      'id',
      'permissions',
      'limits',
      'timeoutMs',
      '__proto__',
      'constructor',
      'toString',
      'prototype',
    ); // prettier-ignore
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(1, 0, 'main', URL_A, 'a.wasm', '', null, true, 'AGFzbQ=='),
        fc.string(),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(key, tie('any'), { maxKeys: 5, noNullPrototype: false }),
      ),
    })).any;
    const before = Object.getOwnPropertyNames(Object.prototype).join();
    let drafts = 0;
    await fc.assert(
      fc.asyncProperty(fc.dictionary(key, value), fc.boolean(), async (manifest, asText) => {
        try {
          await readManifest(asText ? JSON.stringify(manifest) : manifest, { paths: 'package' });
          drafts++;
        } catch (error) {
          assert.instanceOf(error, ClocheError);
          assert.include(['MANIFEST_INVALID', 'SOURCE_INVALID'], (error as ClocheError).code);
        }
      }),
      { seed: 7, numRuns: 2_000 },
    );
    assert.equal(Object.getOwnPropertyNames(Object.prototype).join(), before);
    assert.isBelow(drafts, 2_000);
  });

  const long = `${'a-'.repeat(50_000)}!`;
  const fuzzed: object[] = [
    item({ name: long }),
    item({ hash: long }),
    item({ url: long }),
    item({ data: long }),
    item({ path: long }),
    { cloche: 1, id: long },
    { cloche: 1, id: 'a', wasm: long },
    { wasm: one, allowed_hosts: [long] },
  ];
  for (const manifest of fuzzed) {
    it(`P3: refuses 100 KB in ${JSON.stringify(manifest).slice(0, 30)} in under 10 ms`, async () => {
      // The best of five: what is asked is the work, not how busy the machine is.
      const times: number[] = [];
      for (let round = 0; round < 5; round++) {
        const start = performance.now();
        await rejectsCode('MANIFEST_INVALID', () => readManifest(manifest));
        times.push(performance.now() - start);
      }
      assert.isBelow(Math.min(...times), 10);
    });
  }
});
