// All files at once: what is taken out goes in elsewhere as it was, and nothing else goes in.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readAll, volumesOf } from '../../../src/capabilities/files/all-files.ts';
import { databaseDrive } from '../../../src/capabilities/files/database-drive.ts';
import { FileStore } from '../../../src/capabilities/files/file-store.ts';
import type { AllFiles } from '../../../src/capabilities/services.ts';
import { memoryDatabase } from '../../../src/database/memory-db.ts';
import { ROOTS } from '../../../src/files/roots.ts';

const QUOTA = { bytes: 1 << 20, nodes: 100 };
const now = () => 7n;

async function opened(): Promise<FileStore> {
  const store = new FileStore(databaseDrive(memoryDatabase()));
  store.now = now;
  await store.refresh();
  store.budget.quota = QUOTA;
  return store;
}

/** Of a store with a folder, a file of two names, an empty one and a link. */
async function sample(): Promise<AllFiles> {
  const store = await opened();
  const [volume] = store.volumes;
  assert(volume);
  const folder = volume.createFolder(volume.top, 'd');
  const file = volume.createFile(folder, 'a');
  volume.write(file, 0, Uint8Array.of(1, 2, 3));
  volume.addName(volume.top, 'ü', file);
  volume.createFile(volume.top, 'empty');
  volume.createLink(volume.top, 'l', 'd/a');
  await store.commit();
  const files = await readAll(store.aside());
  assert.deepEqual(files, { trees: {}, contents: [] }, 'a store that was not read has nothing');
  const aside = store.aside();
  await aside.refresh();
  return readAll(aside);
}

/** With its first tree changed, as JSON. */
function changed(files: AllFiles, from: RegExp, to: string): AllFiles {
  const text = JSON.stringify(files.trees);
  assert.match(text, from);
  return { ...files, trees: JSON.parse(text.replace(from, to)) };
}

describe('all files of a plugin', () => {
  it('go from one store into another, as they are', async () => {
    const files = await sample();
    const store = await opened();
    const { volumes, budget } = volumesOf(files, QUOTA, now);
    store.put(volumes, budget);
    await store.commit();
    const again = store.aside();
    await again.refresh();
    assert.deepEqual(await readAll(again), files);
    assert.deepEqual(files.contents, [Uint8Array.of(1, 2, 3), new Uint8Array()]);
  });

  it('are put there when all else is done, or not at all', async () => {
    const store = await opened();
    const [volume] = store.volumes;
    assert(volume);
    volume.createFolder(volume.top, 'old');
    await store.commit();
    const { volumes, budget } = volumesOf(await sample(), QUOTA, now);
    const aside = store.aside();
    await aside.refresh();
    aside.put(volumes, budget);
    await assert.rejects(
      aside.commit(() => Promise.reject(new Error('the rest is not stored'))),
      /the rest/,
    );
    assert.equal(await store.refresh(), undefined, 'nothing is new');
    await aside.refresh();
    assert.deepEqual([...(aside.volumes[0]?.top.entries.keys() ?? [])], ['old']);
  });

  const cases: [what: string, from: RegExp, to: string][] = [
    ['a root that is none', /"app:\/\//, '"etc://'],
    ['a root that is missing', /,"config:\/\/":.*\}$/, '}'],
    ['bytes of another length', /"file",(\[[^\]]*\]),3,/, '"file",$1,4,'],
    ['bytes that are nowhere', /3,"0"\]/, '3,"9"]'],
    ['bytes of two files', /0,"1"\]/, '0,"0"]'],
    ['a name that leads up', /\["d",/, '["..",'],
    ['a name with a slash', /\["d",/, '["d/x",'],
    ['a name that hides something', /\["d",/, '["d\\u202e",'],
    ['a name in another form', /\["ü",/, '["u\\u0308",'],
    ['a number that leaves none', /"nextId":\d+/, '"nextId":9007199254740991'],
    ['a list that is none', /"nodes":/, '"nodes":0,"others":'],
  ];
  for (const [what, from, to] of cases) {
    it(`P14: are refused with ${what}`, async () => {
      const files = changed(await sample(), from, to);
      assert.throws(() => volumesOf(files, QUOTA, now), { code: 'DATA_INVALID' });
    });
  }

  it('are refused over the quota, and with bytes of no file', async () => {
    const files = await sample();
    const size = 3 + 5 * 64 + 'da'.length + 'ü'.length + 1 + 'empty'.length + 'l'.length + 64 + 'd/a'.length;
    volumesOf(files, { bytes: size, nodes: 4 }, now);
    assert.throws(() => volumesOf(files, { bytes: size - 1, nodes: 4 }, now), { code: 'QUOTA_EXCEEDED' });
    assert.throws(() => volumesOf(files, { bytes: size, nodes: 3 }, now), { code: 'QUOTA_EXCEEDED' });
    const more = { ...files, contents: [...files.contents, Uint8Array.of(9)] };
    assert.throws(() => volumesOf(more, QUOTA, now), { code: 'DATA_INVALID' });
    assert.equal(Object.keys(files.trees).length, ROOTS.length);
  });
});
