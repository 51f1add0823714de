// A plugin at an address, asked for again and again.

import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { urlCatalog } from '../../../src/catalogs/url.ts';
import '../with-resolvers.ts';

interface Served {
  body: string;
  headers?: Record<string, string>;
  refusesHead?: boolean;
}

describe('a plugin at an address', () => {
  const files = new Map<string, Served>();
  const asked: string[] = [];
  let server: Server;
  let base: string;

  before(async () => {
    server = createServer((request: IncomingMessage, response) => {
      asked.push(`${request.method} ${request.url}`);
      const file = files.get(String(request.url));
      if (!file || (file.refusesHead && request.method === 'HEAD'))
        return void response.writeHead(file ? 405 : 404).end();
      response.writeHead(200, file.headers).end(request.method === 'HEAD' ? undefined : file.body);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });

  afterEach(() => {
    files.clear();
    asked.length = 0;
  });

  after(() => server.close());

  const catalogOf = (path: string) => urlCatalog({ url: base + path, id: 'mine', everyMs: 5 });
  const revisionOf = async (path: string) => (await catalogOf(path).list())[0]?.revision;

  it('has the revision that its server says, without its bytes', async () => {
    files.set('/a.wasm', { body: 'x', headers: { etag: '"1"', 'last-modified': 'then' } });
    files.set('/b.wasm', { body: 'x', headers: { 'last-modified': 'then', 'content-length': '1' } });
    assert.deepEqual([await revisionOf('a.wasm'), await revisionOf('b.wasm')], ['"1"', 'then 1']);
    assert.deepEqual(asked, ['HEAD /a.wasm', 'HEAD /b.wasm']);
  });

  it('has its hash for a revision, where its server says none, or knows no HEAD', async () => {
    files.set('/a.wasm', { body: 'x' });
    files.set('/b.wasm', { body: 'x', headers: { etag: '"1"' }, refusesHead: true });
    const hash = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881';
    assert.deepEqual([await revisionOf('a.wasm'), await revisionOf('b.wasm')], [hash, hash]);
    const small = urlCatalog({ url: `${base}a.wasm`, id: 'mine', mostBytes: 0 });
    await assert.rejects(small.list(), { code: 'PACKAGE_REJECTED' });
  });

  it('is another when a module beside its manifest is, and asks no other server', async () => {
    const manifest = '// mine\n{ "wasm": "m.1.m.wasm", "repository": "https://elsewhere.invalid/x.wasm", }';
    files.set('/p/manifest.json', { body: manifest, headers: { etag: '"m"' } });
    files.set('/p/m.1.m.wasm', { body: 'x', headers: { etag: '"1"' } });
    assert.equal(await revisionOf('p/manifest.json'), '"m"\n"1"');
    files.set('/p/m.1.m.wasm', { body: 'y', headers: { etag: '"2"' } });
    assert.equal(await revisionOf('p/manifest.json'), '"m"\n"2"');
  });

  it('is read as its address, after all that belongs to it was asked for anew', async () => {
    files.set('/p/manifest.json', { body: '{ "wasm": "m.m.wasm" }' });
    files.set('/p/m.m.wasm', { body: 'x' });
    assert.equal(await catalogOf('p/manifest.json').read('mine'), `${base}p/manifest.json`);
    assert.ok(asked.includes('GET /p/m.m.wasm'), asked.join());
    await assert.rejects(catalogOf('p/manifest.json').read('other'), { code: 'CATALOG_INVALID' });
  });

  it('tells of a change, once, and hears no more when it is let go', async () => {
    files.set('/a.wasm', { body: 'x', headers: { etag: '"1"' } });
    let changes = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    const watching = catalogOf('a.wasm').watch?.(() => {
      changes++;
      resolve();
    });
    while (asked.length < 2) await new Promise((done) => setTimeout(done, 5));
    files.set('/a.wasm', { body: 'y', headers: { etag: '"2"' } });
    await promise;
    watching?.[Symbol.dispose]();
    await new Promise((done) => setTimeout(done, 20));
    const count = asked.length;
    await new Promise((done) => setTimeout(done, 20));
    assert.deepEqual([changes, asked.length], [1, count]);
  });

  it('is not asked for while nobody can see the page', async () => {
    files.set('/a.wasm', { body: 'x', headers: { etag: '"1"' } });
    const page = Object.assign(new EventTarget(), { hidden: true, baseURI: base });
    Object.assign(globalThis, { document: page });
    try {
      const watching = catalogOf('a.wasm').watch?.(() => undefined);
      await new Promise((done) => setTimeout(done, 30));
      assert.deepEqual(asked, []);
      page.hidden = false;
      page.dispatchEvent(new Event('visibilitychange'));
      while (asked.length === 0) await new Promise((done) => setTimeout(done, 5));
      watching?.[Symbol.dispose]();
    } finally {
      Reflect.deleteProperty(globalThis, 'document');
    }
  });

  it('is refused where it is none', async () => {
    assert.throws(() => urlCatalog({ url: 'http://', id: 'mine' }), { code: 'CATALOG_INVALID' });
    assert.throws(() => urlCatalog({ url: base, id: 'a b' }), { code: 'CATALOG_INVALID' });
    await assert.rejects(catalogOf('gone.wasm').list(), { code: 'FETCH_FAILED' });
  });
});
