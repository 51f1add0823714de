// What every catalog of plugins keeps, whatever is behind it.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { PluginCatalog } from '../../../src/catalogs/catalog.ts';
import { isFolder } from '../../../src/package/folder/folder.ts';
import { readFolder } from '../../../src/package/folder/read-folder.ts';
import type { PluginSource } from '../../../src/package/package-source.ts';

export interface Stage {
  /** With `one` and `two`, each of which has its name as its content. */
  readonly catalog: PluginCatalog;
  /** Gives `one` another content; undefined where nothing changes while it is used. */
  change?(content: string): Promise<void>;
}

export async function textOf(source: PluginSource): Promise<string> {
  if (source instanceof Blob) return source.text();
  if (source instanceof Uint8Array) return new TextDecoder().decode(source);
  if (!isFolder(source)) return String(source);
  const files = await readFolder(source, { maxBytes: 1_000 });
  return new TextDecoder().decode(files.get('module.m.wasm'));
}

export function keepsTheContract(make: () => Promise<Stage>): void {
  it('lists what it has, by ids', async () => {
    const { catalog } = await make();
    const ids = (await catalog.list()).map(({ id }) => id);
    assert.deepEqual(ids.sort(), ['one', 'two']);
  });

  it('reads what it lists, and has nothing else', async () => {
    const { catalog } = await make();
    assert.equal(await textOf(await catalog.read('one')), 'one');
    assert.equal(await textOf(await catalog.read('two')), 'two');
    for (const id of ['three', '', '__proto__', '../one'])
      await assert.rejects(catalog.read(id), { code: 'CATALOG_INVALID', message: /has no plugin/ });
  });

  it('tells of a change where it can be watched, once it has another revision, and not once it is let go of', async () => {
    const { catalog, change } = await make();
    if (!change) return assert.equal(catalog.watch, undefined);
    const revisionOf = async () => (await catalog.list()).find(({ id }) => id === 'one')?.revision;
    const before = await revisionOf();
    const { promise: heard, resolve } = Promise.withResolvers<void>();
    let count = 0;
    const watching = catalog.watch?.(() => {
      count++;
      resolve();
    });
    await catalog.list();
    // What has only begun to look must have seen what was there.
    await new Promise((done) => setTimeout(done, 50));
    await change('other');
    await heard;
    assert.notEqual(await revisionOf(), before);
    assert.equal(await textOf(await catalog.read('one')), 'other');
    watching?.[Symbol.dispose]();
    const until = count;
    await change('third');
    await new Promise((done) => setTimeout(done, 50));
    assert.equal(count, until);
  });
}
