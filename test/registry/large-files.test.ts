// H11: files of many MiB in the registry. The page's thread copies what it hands to IndexedDB, and what it gets from there.

import { assert } from 'chai';
import type { PluginRecord } from '../../src/registry/record.ts';
import { fileHasher } from '../../src/util/hash/hashed-files.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { withIndexedDb } from '../helpers/with-indexed-db.ts';
import { cleanUp, freshStorage, keysIn, open, type Sample, sample, tamper } from './records.ts';

const MIB = 1 << 20;
const SIZE = 9 * MIB + 5;

/** A plugin whose only module has 9 MiB and a little, which are three pieces. */
async function largeSample(id: string): Promise<Sample> {
  const bytes = new Uint8Array(SIZE);
  for (let at = 0; at < SIZE; at += 1_000) bytes[at] = at / 1_000;
  return sampleOf(id, [bytes]);
}

async function sampleOf(id: string, all: readonly Uint8Array<ArrayBuffer>[]): Promise<Sample> {
  const { files, add } = fileHasher();
  const modules = [];
  for (const [index, bytes] of all.entries()) {
    modules.push({ name: index === 0 ? 'main' : `lib${index}`, sha256: await add(bytes), size: bytes.length });
  }
  const { record } = await sample(id);
  return { files, record: { ...record, manifest: { ...record.manifest, modules } } };
}

const hashOf = ({ manifest }: PluginRecord): string => manifest.modules[0]?.sha256 ?? '';

/** Bytes of what is put in each turn of the page while `work` runs: each has a list of its puts. */
async function putsDuring(work: () => Promise<unknown>): Promise<number[][]> {
  const turns: number[][] = [];
  const { put } = IDBObjectStore.prototype;
  let turn: number[] | undefined;
  IDBObjectStore.prototype.put = function (value, key) {
    const request = put.call(this, value, key);
    if (!turn) {
      turn = [];
      turns.push(turn);
      // Not before this task has ended. A message could come after tasks of the database.
      request.addEventListener('success', () => {
        turn = undefined;
      });
    }
    // A view takes all of its buffer along.
    if (value instanceof Uint8Array) turn.push(value.buffer.byteLength);
    return request;
  };
  try {
    await work();
  } finally {
    IDBObjectStore.prototype.put = put;
  }
  return turns;
}

describe('large files in the registry', () => {
  afterEach(cleanUp);

  it('H11: go in by pieces of 4 MiB, no more than 8 MiB in a turn of the page', async () => {
    const registry = await open({ storage: freshStorage() });
    const { record, files } = await largeSample('large');
    const turns = await putsDuring(() => registry.put(record, files));
    assert.deepEqual(turns.flat(), [4 * MIB, 4 * MIB, MIB + 5]);
    for (const turn of turns) assert.isAtMost(Math.max(...turn), 4 * MIB);
    for (const turn of turns)
      assert.isBelow(
        turn.reduce((sum, size) => sum + size, 0),
        8 * MIB,
      );
  });

  it('H11: go in by a few MiB in a turn of the page, where many are small', async () => {
    const registry = await open({ storage: freshStorage() });
    const many = Array.from({ length: 12 }, (_, index) => new Uint8Array(MIB).fill(index));
    const { record, files } = await sampleOf('many', many);
    const turns = await putsDuring(() => registry.put(record, files));
    assert.lengthOf(turns.flat(), 12);
    for (const turn of turns) assert.isAtMost(turn.length, 4);
  });

  it('come out as they went in', async () => {
    for (const place of [{}, { value: undefined }]) {
      const registry = await ('value' in place
        ? withIndexedDb(place, () => open({ storage: freshStorage() }))
        : open({ storage: freshStorage() }));
      const { record, files } = await largeSample('large');
      await registry.put(record, files);
      const stored = (await registry.files.of(record)).get(hashOf(record));
      assert.equal(stored?.length, SIZE);
      assert.equal(stored?.buffer.byteLength, SIZE);
    }
  });

  it('come out where an earlier version has stored them whole, and are in pieces once they are stored again', async () => {
    const storage = freshStorage();
    const registry = await open({ storage });
    const { record, files } = await largeSample('large');
    const hash = hashOf(record);
    await registry.put(record, files);
    await tamper(storage, (objects) => {
      for (const piece of ['000000', '000001', '000002']) objects.delete(['file', hash, piece]);
      objects.put(files.get(hash), ['file', hash]);
    });
    assert.equal((await registry.files.of(record)).get(hash)?.length, SIZE);
    await registry.put(record, files);
    assert.equal((await registry.files.of(record)).get(hash)?.length, SIZE);
    assert.lengthOf(await keysIn(storage), 4);
  });

  it('X6: reject with STORAGE_FAILED when a piece is gone, or is something else', async () => {
    const storage = freshStorage();
    const registry = await open({ storage });
    const { record, files } = await largeSample('large');
    await registry.put(record, files);
    await tamper(storage, (objects) => objects.delete(['file', hashOf(record), '000001']));
    await rejectsCode('STORAGE_FAILED', registry.files.of(record), /was altered in storage/);
    await tamper(storage, (objects) => objects.put('text', ['file', hashOf(record), '000001']));
    await rejectsCode('STORAGE_FAILED', registry.files.of(record), /is gone from storage/);
  });

  it('go with their plugin, in all their pieces', async () => {
    const storage = freshStorage();
    const registry = await open({ storage });
    const { record, files } = await largeSample('large');
    await registry.put(record, files);
    await registry.remove('large');
    assert.deepEqual(await keysIn(storage), ['orphan large']);
  });
});
