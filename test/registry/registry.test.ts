import { assert } from 'chai';
import { ClocheError } from '../../src/errors.ts';
import { newInstallation } from '../../src/registry/installation-id.ts';
import type { Registry } from '../../src/registry/registry.ts';
import { dispose } from '../../src/util/dispose.ts';
import { fileHasher } from '../../src/util/hash/hashed-files.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { withIndexedDb } from '../helpers/with-indexed-db.ts';
import { cleanUp, freshStorage, keysIn, open, sample, tamper } from './records.ts';

const ids = async (registry: Registry) => (await registry.list()).map(({ manifest }) => manifest.id);

/** Resolves when it was told of so many changes. */
function nextChange(registry: Registry, times = 1): Promise<void> {
  return new Promise((resolve) => {
    const subscription = registry.onChange(() => {
      if (--times > 0) return;
      subscription[dispose]();
      resolve();
    });
  });
}

const drivers: [name: string, place: 'durable' | 'memory', start: (storage: string) => Promise<Registry>][] = [
  ['in IndexedDB', 'durable', (storage) => open({ storage })],
  ['in memory', 'memory', (storage) => withIndexedDb({ value: undefined }, () => open({ storage }))],
];

for (const [name, place, start] of drivers) {
  describe(`registry ${name}`, () => {
    let storage: string;
    let registry: Registry;
    beforeEach(async () => {
      storage = freshStorage();
      registry = await start(storage);
    });
    afterEach(cleanUp);

    it(`says that its place is ${place}, and why`, () => {
      assert.equal(registry.place.storage, place);
      assert.match(registry.place.storageReason, /outlives this page/);
    });

    it('gives back what was put, maps and all', async () => {
      const { record, files } = await sample('a', ['main', 'lib']);
      await registry.put(record, files);
      const stored = await registry.get('a');
      assert.deepEqual(stored, record);
      assert.deepEqual(await registry.files.of(record), files);
      assert.deepEqual(await ids(registry), ['a']);
    });

    it('knows nothing of an id that is not there', async () => {
      assert.isUndefined(await registry.get('a'));
      assert.isUndefined(await registry.get('__proto__'));
      assert.deepEqual(await registry.list(), []);
      await registry.remove('a');
    });

    it('P1: keeps plugins apart whose ids are names of Object.prototype', async () => {
      for (const id of ['__proto__', 'constructor', 'toString']) {
        const { record, files } = await sample(id);
        await registry.put(record, files);
      }
      assert.deepEqual((await ids(registry)).sort(), ['__proto__', 'constructor', 'toString']);
    });

    it('lists the oldest installation first', async () => {
      for (const [id, installedAt] of [
        ['b', 3],
        ['c', 1],
        ['a', 3],
      ] as const) {
        const { record, files } = await sample(id, [id], { installedAt });
        await registry.put(record, files);
      }
      assert.deepEqual(await ids(registry), ['c', 'a', 'b']);
    });

    it('X11: asks, in the step that stores a plugin, whether it may have data that is there, and stores nothing where not', async () => {
      const { record, files } = await sample('a');
      const signature = 'ed25519:11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
      const asked: unknown[] = [];
      const refuse = (left: unknown) => {
        asked.push(left);
        throw new ClocheError('SIGNER_CHANGED', 'no');
      };
      await registry.put({ ...record, signature }, files, { replace: false, assertTakesOver: refuse });
      const next = { ...record, manifest: { ...record.manifest, version: '2' } };
      await rejectsCode('SIGNER_CHANGED', registry.put(next, files, { assertTakesOver: refuse }));
      assert.equal((await registry.get('a'))?.manifest.version, '1');
      await registry.remove('a');
      await rejectsCode('SIGNER_CHANGED', registry.put(next, files, { replace: false, assertTakesOver: refuse }));
      assert.isUndefined(await registry.get('a'));
      // Nothing is there of another installation.
      await registry.put({ ...next, installation: newInstallation() }, files, {
        replace: false,
        assertTakesOver: refuse,
      });
      assert.deepEqual(asked, [signature, signature]);
    });

    it('replaces a plugin, unless it is told not to', async () => {
      const first = await sample('a', ['one']);
      const second = await sample('a', ['two']);
      await registry.put(first.record, first.files, { replace: false });
      await rejectsCode('ALREADY_INSTALLED', registry.put(second.record, second.files, { replace: false }));
      assert.deepEqual((await registry.get('a'))?.manifest.modules, first.record.manifest.modules);
      await registry.put(second.record, second.files);
      assert.deepEqual(await registry.files.of(second.record), second.files);
      await rejectsCode('STORAGE_FAILED', registry.files.of(first.record), /is gone/);
    });

    it('P4: refuses an id that differs only in case', async () => {
      const [lower, upper] = [await sample('thumbs'), await sample('Thumbs')];
      await registry.put(lower.record, lower.files);
      await rejectsCode('MANIFEST_INVALID', registry.put(upper.record, upper.files), /only in case/);
      assert.deepEqual(await ids(registry), ['thumbs']);
    });

    it('shares files between plugins, and removes a file with the last of them', async () => {
      const [a, b] = [await sample('a', ['main', 'shared']), await sample('b', ['other', 'shared'])];
      await registry.put(a.record, a.files);
      await registry.put(b.record, b.files);
      await registry.remove('a');
      assert.deepEqual(await registry.files.of(b.record), b.files);
      await rejectsCode('STORAGE_FAILED', registry.files.of(a.record), /is gone/);
      await registry.remove('b');
      await rejectsCode('STORAGE_FAILED', registry.files.of(b.record));
      assert.deepEqual(await registry.list(), []);
    });

    it('P7: refuses files that are not what the record says, and stores nothing', async () => {
      const { record } = await sample('a');
      const other = fileHasher();
      await rejectsCode('HASH_MISMATCH', registry.put(record, other.files));
      await other.add(new Uint8Array(3));
      await rejectsCode('HASH_MISMATCH', registry.put(record, other.files));
      assert.deepEqual(await registry.list(), []);
    });

    it('refuses a record that it could not read back', async () => {
      const { record, files } = await sample('a', ['a'], { grant: { when: new Date() } });
      await rejectsCode('STORAGE_FAILED', registry.put(record, files), /grant\.when/);
      assert.deepEqual(await registry.list(), []);
    });

    it('updates in one step, and keeps the manifest', async () => {
      const { record, files } = await sample('a');
      await registry.put(record, files);
      const updated = await registry.update('a', () => ({
        enabled: false,
        quarantined: true,
        config: new Map([['k', 'v']]),
        manifest: { ...record.manifest, id: 'b' },
      }));
      assert.isFalse(updated.enabled);
      const stored = await registry.get('a');
      assert.isTrue(stored?.quarantined);
      assert.deepEqual(stored?.config, new Map([['k', 'v']]));
      assert.equal(stored?.manifest.id, 'a');
    });

    it('loses no update of many at once', async () => {
      const { record, files } = await sample('a', ['a'], { installedAt: 0 });
      await registry.put(record, files);
      await Promise.all(
        Array.from({ length: 20 }, () => registry.update('a', ({ installedAt }) => ({ installedAt: installedAt + 1 }))),
      );
      assert.equal((await registry.get('a'))?.installedAt, 20);
    });

    it('passes on what an update throws, changes nothing, and asks once', async () => {
      const { record, files } = await sample('a');
      await registry.put(record, files);
      let asked = 0;
      const updating = registry.update('a', () => {
        asked++;
        throw new RangeError('mine');
      });
      assert.instanceOf(await updating.catch((error: unknown) => error), RangeError);
      assert.equal(asked, 1);
      assert.isTrue((await registry.get('a'))?.enabled);
    });

    it('rejects an update of a plugin that is gone', async () => {
      await rejectsCode(
        'CLOSED',
        registry.update('a', () => ({ enabled: false })),
      );
      assert.deepEqual(await registry.list(), []);
    });

    it('tells everybody else of each change, after it is made, and not whoever made it', async () => {
      const other = await start(storage);
      const { record, files } = await sample('a');
      const { record: last, files: lastFiles } = await sample('b');
      const told: string[] = [];
      registry.onChange((id) => told.push(`here ${id}`));
      const subscription = other.onChange((id) => told.push(`there ${id}`));
      const toldThere = nextChange(other, 3);
      await registry.put(record, files);
      await registry.update('a', () => ({ enabled: false }));
      await registry.remove('a');
      await toldThere;
      subscription[dispose]();
      const toldHere = nextChange(registry);
      await other.put(last, lastFiles);
      await toldHere;
      assert.deepEqual(told, ['there a', 'there a', 'there a', 'here b']);
      assert.deepEqual(await ids(registry), ['b']);
    });

    it('rejects with CLOSED once it was let go of', async () => {
      const { record, files } = await sample('a');
      registry[dispose]();
      registry[dispose]();
      await rejectsCode('CLOSED', registry.list());
      await rejectsCode('CLOSED', registry.get('a'));
      await rejectsCode('CLOSED', registry.put(record, files));
      await rejectsCode(
        'CLOSED',
        registry.update('a', () => ({})),
      );
      await rejectsCode('CLOSED', registry.remove('a'));
      await rejectsCode('CLOSED', registry.files.of(record));
    });
  });
}

describe('registry in two tabs', () => {
  let storage: string;
  let here: Registry;
  let there: Registry;
  beforeEach(async () => {
    storage = freshStorage();
    here = await open({ storage });
    there = await open({ storage });
  });
  afterEach(cleanUp);

  it('shows the same plugins, also after a reload', async () => {
    const { record, files } = await sample('a');
    await here.put(record, files);
    assert.deepEqual(await ids(there), ['a']);
    here[dispose]();
    there[dispose]();
    const reloaded = await open({ storage });
    assert.deepEqual(await reloaded.files.of(record), files);
  });

  it('tells the other tab', async () => {
    const { record, files } = await sample('a');
    const told = new Promise<string>((resolve) => there.onChange(resolve));
    await here.put(record, files);
    assert.equal(await told, 'a');
    assert.deepEqual(await ids(there), ['a']);
  });

  it('loses no update that both make', async () => {
    const { record, files } = await sample('a', ['a'], { installedAt: 0 });
    await here.put(record, files);
    const add = ({ installedAt }: { installedAt: number }) => ({ installedAt: installedAt + 1 });
    await Promise.all([1, 2, 3, 4, 5].flatMap(() => [here.update('a', add), there.update('a', add)]));
    assert.equal((await there.get('a'))?.installedAt, 10);
  });

  it('lets one of two installations of an id win', async () => {
    const { record, files } = await sample('a');
    const results = await Promise.allSettled([
      here.put(record, files, { replace: false }),
      there.put(record, files, { replace: false }),
    ]);
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const failed = results.find((result) => result.status === 'rejected');
    assert.equal((failed?.reason as ClocheError | undefined)?.code, 'ALREADY_INSTALLED');
  });

  it('keeps the files of a plugin that one installs while the other removes', async () => {
    const old = await sample('old', ['shared']);
    const fresh = await sample('fresh', ['shared']);
    for (let round = 0; round < 10; round++) {
      await here.put(old.record, old.files);
      await Promise.all([here.remove('old'), there.put(fresh.record, fresh.files)]);
      assert.deepEqual(await here.files.of(fresh.record), fresh.files);
      await there.remove('fresh');
    }
    assert.deepEqual(await keysIn(storage), ['orphan fresh', 'orphan old']);
  });

  it('ignores what others write into its channel', async () => {
    const told: string[] = [];
    there.onChange((id) => told.push(id));
    const channel = new BroadcastChannel(`cloche:${storage}-plugins`);
    for (const message of [5, null, '../x', { id: 'a' }, 'x'.repeat(100), 'real']) channel.postMessage(message);
    await new Promise<void>((resolve) => there.onChange((id) => id === 'real' && resolve()));
    channel.close();
    assert.deepEqual(told, ['real']);
  });
});

describe('registry over damaged storage', () => {
  afterEach(cleanUp);

  const damages: [what: string, record: unknown][] = [
    ['no object', 5],
    ['nothing', null],
    ['an empty object', {}],
    ['another schema', { schema: 2 }],
    ['a Map', new Map()],
  ];
  for (const [what, damaged] of damages) {
    it(`X6: skips and reports a record that is ${what}, and can remove it`, async () => {
      const storage = freshStorage();
      const broken: string[] = [];
      const registry = await open({
        storage,
        onBroken: (id, error) => broken.push(`${id} ${error.code}`),
      });
      const { record, files } = await sample('fine');
      await registry.put(record, files);
      await tamper(storage, (objects) => objects.put(damaged, ['record', 'bad']));
      assert.deepEqual(await ids(registry), ['fine']);
      assert.isUndefined(await registry.get('bad'));
      assert.deepEqual(broken, ['bad STORAGE_FAILED', 'bad STORAGE_FAILED']);
      await rejectsCode(
        'STORAGE_FAILED',
        registry.update('bad', () => ({ enabled: true })),
      );
      await registry.remove('bad');
      assert.deepEqual(await keysIn(storage), [
        `file ${record.manifest.modules[0]?.sha256.slice(0, 8)}`,
        'orphan bad',
        'record fine',
      ]);
    });
  }

  const fields: [path: string[], value: unknown][] = [
    [['enabled'], 'yes'],
    [['enabled'], undefined],
    [['quarantined'], 1],
    [['installedAt'], Number.NaN],
    [['limits'], { timeoutMs: 0 }],
    [['limits'], { memoryBytes: Number.POSITIVE_INFINITY }],
    [['config'], [['a', 5]]],
    [['config'], { a: 'b' }],
    [['extra'], 1],
    [['installation'], 'other'],
    [['installation'], '@other'],
    [['installation'], 5],
    [['pending'], {}],
    [['pending'], null],
    [['manifest', 'id'], '../x'],
    [['manifest', 'id'], 'other'],
    [['manifest', 'modules'], []],
    [['manifest', 'modules', '0', 'sha256'], 'AB'],
    [['manifest', 'modules', '0', 'name'], 'other'],
    [['manifest', 'permissions'], 'all'],
    [['manifest', 'homepage'], 'javascript:alert(1)'],
    [['manifest', 'instance'], 'any'],
    [['manifest', 'dialect'], '../x'],
  ];
  for (const [path, value] of fields) {
    it(`X6: skips a record whose ${path.join('.')} was set to ${JSON.stringify(value)}`, async () => {
      const storage = freshStorage();
      const broken: string[] = [];
      const registry = await open({ storage, onBroken: (id) => broken.push(id) });
      const { record, files } = await sample('a');
      await registry.put(record, files);
      await tamper(storage, (objects) => {
        const request = objects.get(['record', 'a']);
        request.onsuccess = () => {
          setAt(request.result, path, value);
          objects.put(request.result, ['record', 'a']);
        };
      });
      assert.deepEqual(await registry.list(), []);
      assert.deepEqual(broken, ['a']);
    });
  }

  it('X6: gives out no module that was altered in storage', async () => {
    const storage = freshStorage();
    const registry = await open({ storage });
    const { record, files } = await sample('a');
    await registry.put(record, files);
    const [hash = ''] = files.keys();
    for (const altered of [new Uint8Array([1]), 'text', { length: 5 }]) {
      await tamper(storage, (objects) => objects.put(altered, ['file', hash]));
      await rejectsCode('STORAGE_FAILED', registry.files.of(record));
    }
  });

  it('X6: sweeps no file while a record that may need it cannot be read', async () => {
    const storage = freshStorage();
    const registry = await open({ storage });
    const [a, b] = [await sample('a'), await sample('b')];
    await registry.put(a.record, a.files);
    await registry.put(b.record, b.files);
    await tamper(storage, (objects) => objects.put({}, ['record', 'b']));
    await registry.remove('a');
    assert.lengthOf(
      (await keysIn(storage)).filter((key) => key.startsWith('file')),
      2,
    );
  });
});

function setAt(target: unknown, path: readonly string[], value: unknown): void {
  const [key = '', ...rest] = path;
  const holder = target as Record<string, unknown>;
  if (rest.length > 0) setAt(holder[key], rest, value);
  else holder[key] = value;
}

describe('a registry of plugins with many files', () => {
  const { put, delete: remove, getAllKeys } = IDBObjectStore.prototype;
  afterEach(async () => {
    Object.assign(IDBObjectStore.prototype, { put, delete: remove, getAllKeys });
    await cleanUp();
  });

  it('H11: writes and deletes some of them at a time, and lets the page have a turn', async () => {
    let run = 0;
    let longest = 0;
    const counted = <A extends unknown[], R>(method: (...all: A) => R) =>
      function (this: IDBObjectStore, ...all: A): R {
        longest = Math.max(longest, ++run);
        return method.apply(this, all);
      };
    Object.assign(IDBObjectStore.prototype, {
      put: counted(put),
      delete: counted(remove),
      getAllKeys(this: IDBObjectStore, ...all: Parameters<typeof getAllKeys>) {
        run = 0;
        return getAllKeys.apply(this, all);
      },
    });
    const registry = await open();
    const { record, files } = await sample(
      'a',
      Array.from({ length: 220 }, (_, n) => `file ${n}`),
    );
    await registry.put(record, files);
    assert.deepEqual(await registry.files.of(record), files);
    await registry.remove('a');
    assert.isAbove(longest, 10);
    assert.isAtMost(longest, 60);
  });
});
