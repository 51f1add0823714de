import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startCanary } from '../runner/canary.mjs';
import { launchOptions } from '../runner/launch-options.mjs';

const root = new URL('../..', import.meta.url).pathname;

describe('launch options', () => {
  it('leaves the site isolation of sandboxed frames on in Chromium', () => {
    const { args = [], ignoreDefaultArgs } = launchOptions('chromium');
    assert.equal(ignoreDefaultArgs, true);
    assert.ok(args.some((flag) => flag.startsWith('--disable-features=')));
    assert.ok(!args.some((flag) => flag.includes('IsolateSandboxedIframes')));
  });
});

describe('canary', () => {
  /** @type {Awaited<ReturnType<typeof startCanary>>} */
  let canary;
  before(async () => {
    canary = await startCanary(root);
  });
  after(() => canary.stop());

  const get = (/** @type {string} */ path, /** @type {RequestInit} */ init = {}) => fetch(canary.origin + path, init);

  it('counts hits of any method, and preflights', async () => {
    await get('/hit/a/b', { method: 'DELETE' });
    await get('/hit/a/b', {
      method: 'OPTIONS',
      headers: { 'access-control-request-method': 'PUT' },
    });
    assert.deepEqual(await (await get('/count/a/b')).json(), { count: 2 });
  });

  it('echoes method, headers and body', async () => {
    const init = { method: 'POST', body: 'hello', headers: { 'x-one': '1' } };
    const echo = /** @type {Record<string, Record<string, string>>} */ (await (await get('/echo', init)).json());
    assert.equal(echo.method, 'POST');
    assert.equal(echo.headers?.['x-one'], '1');
    assert.equal(echo.body, 'hello');
  });

  it('redirects, and answers with any status', async () => {
    const redirect = await get('/redirect?to=/echo', { redirect: 'manual' });
    assert.equal(redirect.headers.get('location'), '/echo');
    assert.equal((await get('/status/204')).status, 204);
    assert.equal((await get('/status/418')).status, 418);
  });

  it('streams as many bytes as asked for, plain or as a gzip bomb', async () => {
    const plain = await (await get('/big?bytes=200000')).arrayBuffer();
    assert.equal(plain.byteLength, 200_000);
    const bomb = await (await get('/gzip?bytes=5000000')).arrayBuffer();
    assert.equal(bomb.byteLength, 5_000_000);
  });

  it('streams without end until the client leaves', async () => {
    const reader = (await get('/endless')).body?.getReader();
    assert.ok(((await reader?.read())?.value?.length ?? 0) > 0);
    await reader?.cancel();
  });

  it('serves files of the test folders and nothing else', async () => {
    assert.equal((await get('/file/test/fixtures/tooling/answer.wat')).status, 200);
    assert.equal((await get('/file/package.json')).status, 404);
    assert.equal((await get('/file/test/fixtures/..%2f..%2fpackage.json')).status, 404);
  });
});
