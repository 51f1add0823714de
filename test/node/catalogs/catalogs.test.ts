// Catalogs of plugins: one suite for all of them, and what is each one's own.

import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { builtInCatalog } from '../../../src/catalogs/built-in.ts';
import { listAll } from '../../../src/catalogs/catalog.ts';
import { folderCatalog } from '../../../src/catalogs/folder.ts';
import { httpCatalog } from '../../../src/catalogs/http-index.ts';
import { poll } from '../../../src/catalogs/poll.ts';
import { s3Catalog } from '../../../src/catalogs/s3.ts';
import { readPage } from '../../../src/catalogs/s3-list.ts';
import { urlCatalog } from '../../../src/catalogs/url.ts';
import { type UserCatalog, userCatalog } from '../../../src/catalogs/user.ts';
import { sha256 } from '../../../src/util/hash/sha256.ts';
import '../with-resolvers.ts';
import { keepsTheContract, textOf } from './contract.ts';

const everyMs = 10;
const bytes = (text: string) => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;

describe('P11: what an app says of a catalog, and did not mean so', () => {
  const url = 'https://example.com/plugins';
  const folder = { name: 'mine' } as FileSystemDirectoryHandle;
  const catalogs: Record<string, (more: object) => unknown> = {
    httpCatalog: (more) => httpCatalog({ url, ...more }),
    s3Catalog: (more) => s3Catalog({ url, ...more }),
    urlCatalog: (more) => urlCatalog({ url, id: 'mine', ...more }),
    userCatalog: (more) => userCatalog({ storage: 'refused', ...more }),
    folderCatalog: (more) => folderCatalog(folder, more),
  };
  const refused = (make: () => unknown, message: RegExp) =>
    assert.throws(
      () => {
        // One that was made all the same would keep this process.
        (make() as Partial<Disposable>)[Symbol.dispose]?.();
      },
      { name: 'ClocheError', code: 'OPTION_INVALID', message },
    );

  for (const [name, make] of Object.entries(catalogs)) {
    it(`makes none: ${name}`, () => {
      refused(() => make({ prefx: 'plugins/' }), new RegExp(`\`prefx\` of \`${name}\\(\\)\``));
    });
  }

  it('that is asked without a pause, or never again', () => {
    for (const everyMs of [0, -1, 0.5, Number.NaN, 2 ** 31, '5']) {
      for (const name of ['httpCatalog', 's3Catalog', 'urlCatalog', 'folderCatalog']) {
        refused(() => catalogs[name]?.({ everyMs }), /everyMs/);
      }
    }
  });

  it('that takes anything, or nothing, for a size', () => {
    for (const name of ['httpCatalog', 's3Catalog', 'urlCatalog', 'userCatalog']) {
      for (const mostBytes of [-1, Number.POSITIVE_INFINITY, '64']) {
        refused(() => catalogs[name]?.({ mostBytes }), /mostBytes/);
      }
    }
    for (const pageSize of [0, 1_001]) refused(() => s3Catalog({ url, pageSize }), /pageSize/);
  });

  it('that is nowhere', () => {
    refused(() => httpCatalog({} as never), /`url` as text/);
    refused(() => s3Catalog({ url: new URL(url) } as never), /`url` as text/);
    refused(() => urlCatalog({ url } as never), /`id` as text/);
    refused(() => userCatalog(undefined as never), /`storage` as text/);
    refused(() => s3Catalog({ url, prefix: 5 } as never), /prefix/);
    refused(() => folderCatalog(folder, { id: 5 } as never), /id/);
    for (const list of [{}, undefined, [null]]) {
      assert.throws(() => builtInCatalog(list as never), { code: 'CATALOG_INVALID', message: /app:\/\/plugins/ });
    }
  });
});

describe('the plugins that an app ships', () => {
  const plugins = ['one', 'two'].map((id) => ({ id, source: bytes(id) }));
  keepsTheContract(async () => ({ catalog: builtInCatalog(plugins) }));

  it('have ids, each its own', () => {
    for (const ids of [['a b'], ['a', 'a'], ['']]) {
      const wrong = () => builtInCatalog(ids.map((id) => ({ id, source: 'x' })));
      assert.throws(wrong, { code: 'CATALOG_INVALID', message: /app:\/\/plugins/ });
    }
  });
});

describe('the plugins of a user', () => {
  let count = 0;
  const open: UserCatalog[] = [];
  after(() => {
    for (const catalog of open) catalog[Symbol.dispose]();
  });
  const filled = async () => {
    const catalog = userCatalog({ storage: `catalog-${count++}`, mostBytes: 10 });
    open.push(catalog);
    for (const id of ['one', 'two']) await catalog.put(id, new Blob([id]));
    return catalog;
  };
  keepsTheContract(async () => {
    const catalog = await filled();
    return { catalog, change: (content) => catalog.put('one', new Blob([content])) };
  });

  it('are put there and removed, within a cap, under ids', async () => {
    const catalog = await filled();
    await assert.rejects(catalog.put('three', new Blob(['x'.repeat(11)])), { code: 'PACKAGE_REJECTED' });
    await assert.rejects(catalog.put('a b', new Blob(['x'])), { code: 'CATALOG_INVALID' });
    await catalog.remove('one');
    assert.deepEqual(
      (await catalog.list()).map(({ id }) => id),
      ['two'],
    );
  });

  it('are told of in every tab', async () => {
    const catalog = await filled();
    const other = userCatalog({ storage: `catalog-${count - 1}` });
    open.push(other);
    const { promise, resolve } = Promise.withResolvers<void>();
    other.watch?.(resolve);
    await catalog.put('three', new Blob(['3']));
    await promise;
  });
});

describe('an index on a server', () => {
  let server: Server;
  let files = new Map<string, string>();
  let origin = '';
  before(async () => {
    server = createServer(({ url = '' }, response) => {
      const found = files.get(url);
      response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/octet-stream' }).end(found);
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => server.close());

  const publish = async (contents: Record<string, string>): Promise<void> => {
    const entries = Object.entries(contents).map(async ([id, content]) => ({
      id,
      url: `files/${id}.wasm`,
      sha256: await sha256(bytes(content)),
      tags: ['ignored'],
    }));
    const index = JSON.stringify({ plugins: await Promise.all(entries), version: 3 });
    const paths = Object.entries(contents).map(([id, content]): [string, string] => [`/a/files/${id}.wasm`, content]);
    files = new Map([['/a/index.json', index], ...paths]);
  };
  const catalog = () => httpCatalog({ url: `${origin}/a/index.json`, everyMs, mostBytes: 100 });

  keepsTheContract(async () => {
    await publish({ one: 'one', two: 'two' });
    return { catalog: catalog(), change: (content) => publish({ one: content, two: 'two' }) };
  });

  it('P7: says which hash each file has, and no other is taken', async () => {
    await publish({ one: 'one', two: 'x'.repeat(101) });
    files.set('/a/files/one.wasm', 'changed');
    await assert.rejects(catalog().read('one'), { code: 'HASH_MISMATCH', message: /"one" of catalog/ });
    await assert.rejects(catalog().read('two'), { code: 'PACKAGE_REJECTED' });
  });

  it('is refused where it is none, with the field that is wrong', async () => {
    const hash = 'a'.repeat(64);
    const wrong: [string, RegExp][] = [
      ['not JSON', /cannot be read/],
      ['{}', /`plugins` is missing/],
      ['{ "plugins": [{ "id": "a", "url": "a" }] }', /`plugins\[0\]\.sha256` is missing/],
      ['{ "plugins": [{ "id": "a", "url": "a", "sha256": "A" }] }', /sha256/],
      [`{ "plugins": [{ "id": "a", "url": "file:///etc/passwd", "sha256": "${hash}" }] }`, /url/],
      [`{ "plugins": [{ "id": "a/b", "url": "a", "sha256": "${hash}" }] }`, /with the id "a\/b"/],
    ];
    for (const [index, message] of wrong) {
      files = new Map([['/a/index.json', index]]);
      await assert.rejects(catalog().list(), { code: 'CATALOG_INVALID', message }, index);
    }
    files = new Map();
    await assert.rejects(catalog().list(), { code: 'FETCH_FAILED' });
    await assert.rejects(catalog().list(AbortSignal.abort()), { code: 'ABORTED' });
  });
});

describe('a bucket that speaks the protocol of S3', () => {
  let server: FauxqsServer;
  let url = '';
  before(async () => {
    server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false });
    url = `http://127.0.0.1:${server.port}/plugins`;
    assert.equal((await fetch(url, { method: 'PUT' })).status, 200);
  });
  after(() => server.stop());

  const put = async (key: string, content: string): Promise<void> => {
    const response = await fetch(`${url}/${key.split('/').map(encodeURIComponent).join('/')}`, {
      method: 'PUT',
      body: content,
    });
    assert.equal(response.status, 200, await response.text());
  };
  let prefixes = 0;
  const stage = async (objects: Record<string, string>, pageSize = 1_000) => {
    const prefix = `p${prefixes++}/`;
    for (const [key, content] of Object.entries(objects)) await put(prefix + key, content);
    return { prefix, catalog: s3Catalog({ url, prefix, pageSize, everyMs }) };
  };

  keepsTheContract(async () => {
    const two = { 'two/manifest.json': '{ "wasm": "module.m.wasm" }', 'two/module.m.wasm': 'two' };
    const { catalog, prefix } = await stage({ 'one.m.wasm': 'one', ...two, 'README.md': '', 'other/x.txt': '' });
    return { catalog, change: (content) => put(`${prefix}one.m.wasm`, content) };
  });

  it('is read page by page, and only below its prefix', async () => {
    const objects = Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`p${i}.zip`, String(i)]));
    const { catalog } = await stage(objects, 3);
    await stage({ 'elsewhere.zip': '' });
    assert.deepEqual(
      (await catalog.list()).map(({ id }) => id),
      Array.from({ length: 7 }, (_, i) => `p${i}`),
    );
    assert.equal(await textOf(await catalog.read('p6')), '6');
  });

  it('has names that need an escape', async () => {
    const { catalog } = await stage({ 'a & b+c.zip': 'found' });
    const [listed] = await catalog.list();
    assert.equal(await textOf(await catalog.read(listed?.id ?? '')), 'found');
  });

  it('that is not there, or does not answer with a list, is an error', async () => {
    await assert.rejects(s3Catalog({ url: `${url}-none` }).list(), { code: 'FETCH_FAILED' });
    const answering = (text: string) => s3Catalog({ url, fetch: async () => new Response(text) }).list();
    await assert.rejects(answering('<html></html>'), { code: 'CATALOG_INVALID', message: /other than a list/ });
    const page = (rest: string) =>
      `<ListBucketResult xmlns="x"><IsTruncated>true</IsTruncated>${rest}</ListBucketResult>`;
    const endless = page('<NextContinuationToken>t</NextContinuationToken>');
    await assert.rejects(answering(endless), { code: 'CATALOG_INVALID', message: /without an end/ });
    await assert.rejects(answering(page('')), { code: 'CATALOG_INVALID' });
    let tokens = 0;
    const forEver = s3Catalog({
      url,
      async fetch() {
        const one = `<Contents><Key>k${++tokens}</Key><ETag>e</ETag></Contents>`;
        return new Response(page(`${one}<NextContinuationToken>${tokens}</NextContinuationToken>`));
      },
    });
    await assert.rejects(forEver.list(), { code: 'CATALOG_INVALID', message: /more than 1000 pages/ });
  });

  it('M7: is no list where it is cut, or a key is longer than any is', () => {
    const list = (rest: string) => `<ListBucketResult>${rest}`;
    assert.equal(readPage(list('')), undefined);
    assert.equal(readPage(list('<Contents><Key>a</Key><ETag>e</ETag></Contents><Contents><Key>b')), undefined);
    const long = `<Contents><Key>${'a/'.repeat(513)}</Key><ETag>e</ETag></Contents></ListBucketResult>`;
    assert.equal(readPage(list(long)), undefined);
  });

  it('M7: is read in the time that its length takes, whatever it is made of', () => {
    const began = performance.now();
    readPage(`<ListBucketResult>${'<Contents>'.repeat(60_000)}</ListBucketResult>`);
    assert.ok(performance.now() - began < 1_000);
  });

  it('lists text that stands for itself', () => {
    const xml = `<ListBucketResult><IsTruncated>false</IsTruncated>
      <Contents><Key>a&amp;b&#x2b;&#99;&lt;&none;</Key><ETag>&quot;e&quot;</ETag></Contents></ListBucketResult>`;
    assert.deepEqual(readPage(xml), { found: [{ key: 'a&b+c<&none;', etag: '"e"' }], next: undefined });
  });
});

it('who watches by asking again hears no more, and has nobody asked, from within what it hears', async () => {
  let lists = 0;
  const watching = poll(
    async () => [{ id: 'a', revision: String(++lists) }],
    1,
    () => watching[Symbol.dispose](),
  );
  await new Promise((done) => setTimeout(done, 30));
  assert.equal(lists, 2);
});

describe('several catalogs', () => {
  const plugin = (id: string, source = id) => ({ id, source });

  it('are one list, in which the first of two counts and the other is shown as hidden', async () => {
    const app = builtInCatalog([plugin('a'), plugin('b')]);
    const user = builtInCatalog([plugin('b', 'other'), plugin('c')], 'config://plugins');
    const found = await listAll([app, user]);
    assert.deepEqual(
      found.map(({ id, catalog, isHidden }) => [id, catalog.name, isHidden]),
      [
        ['a', 'app://plugins', false],
        ['b', 'app://plugins', false],
        ['b', 'config://plugins', true],
        ['c', 'config://plugins', false],
      ],
    );
  });
});
