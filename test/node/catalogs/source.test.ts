// What is taken from a bucket when an app starts: what it trusts, and nothing else.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import '../with-resolvers.ts';
import { s3Catalog } from '../../../src/catalogs/s3.ts';
import { type InstallingHost, type Source, type SourceOptions, startSource } from '../../../src/catalogs/source.ts';
import { ClocheError } from '../../../src/errors.ts';
import { dispose } from '../../../src/util/dispose.ts';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Reads and hashes what it is given, as a host does; a text says by whom it is signed. */
class StandIn implements InstallingHost {
  readonly installed = new Map<string, string>();

  get(id: string): object | undefined {
    return this.installed.has(id) ? {} : undefined;
  }

  async review(source: unknown): ReturnType<InstallingHost['review']> {
    const text = await (source as File).text();
    if (text.startsWith('bad')) throw new ClocheError('PACKAGE_REJECTED', 'not a plugin');
    const [, publisher] = /^signed by (\w+)/.exec(text) ?? [];
    const signature = publisher ? ({ state: 'signed', publisher } as const) : ({ state: 'unsigned' } as const);
    return { sha256: hashOf(text), signature };
  }

  async install(source: unknown, { id, sha256 }: { id: string; sha256: string }): Promise<void> {
    const text = await (source as File).text();
    if (hashOf(text) !== sha256) throw new ClocheError('HASH_MISMATCH', 'another package');
    this.installed.set(id, text);
  }
}

describe('a source of plugins in a bucket', () => {
  let server: FauxqsServer;
  let url = '';
  before(async () => {
    server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false });
    url = `http://127.0.0.1:${server.port}/sources`;
    assert.equal((await fetch(url, { method: 'PUT' })).status, 200);
  });
  after(() => server.stop());

  let count = 0;
  const stage = async (objects: Record<string, string>) => {
    const prefix = `s${count++}/`;
    const put = async (key: string, content: string): Promise<void> => {
      const at = `${url}/${`${prefix}${key}`.split('/').map(encodeURIComponent).join('/')}`;
      const response = await fetch(at, { method: 'PUT', body: content });
      assert.equal(response.status, 200);
    };
    for (const [key, content] of Object.entries(objects)) await put(key, content);
    const host = new StandIn();
    const start = (trust?: SourceOptions['trust']): Promise<Source> =>
      startSource(host, s3Catalog({ url, prefix, pageSize: 2 }), { storage: prefix, ...(trust && { trust }) });
    return { host, put, start };
  };
  const states = ({ found }: Source): string[] => found.map(({ id, state }) => `${id} ${state}`);

  it('installs what a publisher or a hash vouches for, and has all else wait, over several pages', async () => {
    const { host, start } = await stage({
      'a.wasm': 'signed by Ada',
      'b.wasm': 'signed by Eve',
      'c.wasm': 'pinned',
      'd.wasm': 'nobody',
      'e.wasm': 'bad',
      '.wasm': 'no id',
      'a.zip': 'a second with the id of the first',
    });
    const source = await start({ publishers: ['Ada'], hashes: [hashOf('pinned')] });
    assert.deepEqual(states(source), ['a installed', 'b waiting', 'c installed', 'd waiting', 'e failed']);
    assert.deepEqual(
      [...host.installed],
      [
        ['a', 'signed by Ada'],
        ['c', 'pinned'],
      ],
    );
    assert.equal((source.found[4]?.error as ClocheError | undefined)?.code, 'PACKAGE_REJECTED');
    assert.equal(source.found[1]?.sha256, hashOf('signed by Eve'));
    source[dispose]();
  });

  it('takes nothing where nothing is trusted, and what somebody accepts only as it was shown', async () => {
    const { host, put, start } = await stage({ 'a.wasm': 'one', 'b.wasm': 'two' });
    const source = await start();
    assert.deepEqual(states(source), ['a waiting', 'b waiting']);
    await put('b.wasm', 'swapped');
    await source.accept('a');
    await assert.rejects(source.accept('b'), { code: 'HASH_MISMATCH' });
    await assert.rejects(source.accept('a'), { code: 'CATALOG_INVALID' });
    assert.deepEqual(states(source), ['a installed', 'b waiting']);
    assert.deepEqual([...host.installed], [['a', 'one']]);
    source[dispose]();
  });

  it('knows at the next start what it has, and has a change wait while the old one runs', async () => {
    const { host, put, start } = await stage({ 'a.wasm': 'one', 'b.wasm': 'signed by Ada 1' });
    const first = await start({ publishers: ['Ada'], hashes: [hashOf('one')] });
    assert.deepEqual(states(first), ['a installed', 'b installed']);
    first[dispose]();
    await put('a.wasm', 'other');
    await put('b.wasm', 'signed by Ada 2');
    const next = await start({ publishers: ['Ada'], hashes: [hashOf('one')] });
    assert.deepEqual(states(next), ['a waiting', 'b installed']);
    assert.deepEqual([host.installed.get('a'), next.found[0]?.isInstalled], ['one', true]);
    await put('a.wasm', 'one');
    await next.refresh();
    assert.deepEqual(states(next), ['a unchanged', 'b unchanged']);
    next[dispose]();
  });

  it('refuses trust that is none', async () => {
    const { start } = await stage({});
    for (const trust of [{ hashes: ['x'] }, { publishers: 'Ada' }, { publisher: ['Ada'] }]) {
      await assert.rejects(start(trust as SourceOptions['trust']), { code: 'OPTION_INVALID' });
    }
  });
});
