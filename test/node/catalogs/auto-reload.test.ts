// What of a catalog is installed again, and what is left alone.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { autoReload, type ReloadingHost } from '../../../src/catalogs/auto-reload.ts';
import { builtInCatalog } from '../../../src/catalogs/built-in.ts';
import type { PluginCatalog } from '../../../src/catalogs/catalog.ts';
import { type PluginChange, PluginChangeEvent } from '../../../src/events.ts';
import type { HistoryEntry } from '../../../src/registry/versions.ts';
import '../with-resolvers.ts';

interface Shown {
  readonly autoReload?: boolean | undefined;
  readonly state?: string;
  readonly history?: readonly Partial<HistoryEntry>[] | undefined;
}

const OF_TEST: Shown['history'] = [{ action: 'installed', sha256: 'a', from: { kind: 'catalog', name: 'test' } }];

/** A host whose plugins are what `get` says now. */
class Host extends EventTarget {
  readonly #known = new Map<string, ReturnType<ReloadingHost['get']>>();
  readonly #shown: (id: string) => Shown | undefined;
  readonly install: ReloadingHost['install'];
  readonly review: ReloadingHost['review'];

  /** @param hash of what a catalog gives. @default what came from it last */
  constructor(
    shown: (id: string) => Shown | undefined,
    install: ReloadingHost['install'],
    hash: (source: unknown) => string = () => 'a',
  ) {
    super();
    this.#shown = shown;
    this.install = install;
    this.review = async (source) => ({ sha256: hash(source) });
  }

  get(id: string): ReturnType<ReloadingHost['get']> {
    const shown = this.#shown(id);
    if (!shown) this.#known.delete(id);
    const { autoReload: wants, state = 'asleep', history = OF_TEST } = shown ?? {};
    const plugin = this.#known.get(id) ?? ({} as never);
    if (shown) {
      this.#known.set(
        id,
        Object.assign(plugin, { manifest: { autoReload: wants }, state, history: async () => history }),
      );
    }
    return shown && plugin;
  }

  tell(plugin: string, change: PluginChange): void {
    this.dispatchEvent(new PluginChangeEvent(plugin, change));
  }
}

describe('reloading what has changed', () => {
  it('brings back nothing that was removed while it was read', async () => {
    let changed = (): void => undefined;
    let revision = 1;
    let isInstalled = true;
    const { promise: isRead, resolve } = Promise.withResolvers<void>();
    const catalog: PluginCatalog = {
      name: 'test',
      list: async () => [{ id: 'auto', revision: String(revision) }],
      async read(id) {
        if (revision === 1) return id;
        isInstalled = false;
        resolve();
        return id;
      },
      watch(tell) {
        changed = tell;
        return { [Symbol.dispose]: () => undefined };
      },
    };
    const installed: unknown[] = [];
    const host = new Host(
      () => (isInstalled ? { autoReload: true } : undefined),
      async (source) => void installed.push(source),
    );
    autoReload(host, catalog, (_, error) => assert.fail(error as Error));
    await new Promise((done) => setTimeout(done));
    revision = 2;
    changed();
    await isRead;
    await new Promise((done) => setTimeout(done));
    assert.deepEqual(installed, []);
  });

  it('takes a change also where the first look has failed', async () => {
    let changed = (): void => undefined;
    let looks = 0;
    const catalog: PluginCatalog = {
      name: 'test',
      async list() {
        if (++looks === 1) throw new Error('offline');
        return [{ id: 'auto', revision: '2' }];
      },
      read: async (id) => id,
      watch(tell) {
        changed = tell;
        return { [Symbol.dispose]: () => undefined };
      },
    };
    const failures: unknown[] = [];
    const installed = await new Promise((install) => {
      const host = new Host(
        () => ({ autoReload: true }),
        async (source) => install(source),
        () => 'b',
      );
      autoReload(host, catalog, (_, error) => void failures.push((error as Error).message));
      changed();
    });
    assert.deepEqual([installed, failures], ['auto', ['offline']]);
  });

  it('takes what has changed between its installation and the first look, and nothing that the catalog has given before', async () => {
    const from = { kind: 'catalog', name: 'test' } as const;
    const first = { action: 'installed', sha256: 'a', from } as const;
    const histories: Record<string, Shown['history']> = {
      changed: [first],
      back: [
        { action: 'installed', sha256: 'b', from },
        { action: 'updated', sha256: 'a', from },
      ],
      same: [first, { action: 'updated', sha256: 'b', from }],
      rolled: [first, { action: 'updated', sha256: 'b', from }, { action: 'rolled-back', sha256: 'a' }],
      dismissed: [first, { action: 'staged', sha256: 'b', from }, { action: 'dismissed', sha256: 'b' }],
      elsewhere: [{ ...first, from: { kind: 'url', name: '/' } }],
    };
    const catalog: PluginCatalog = {
      name: 'test',
      list: async () => Object.keys(histories).map((id) => ({ id, revision: '1' })),
      read: async (id) => id,
      watch: () => ({ [Symbol.dispose]: () => undefined }),
    };
    const installed: unknown[] = [];
    const host = new Host(
      (id) => ({ autoReload: true, history: histories[id] }),
      async (source) => void installed.push(source),
      () => 'b',
    );
    autoReload(host, catalog, (_, error) => assert.fail(error as Error));
    await new Promise((done) => setTimeout(done));
    assert.deepEqual(installed, ['changed', 'back']);
  });

  it('C3: leaves a plugin in quarantine alone, and takes what it has missed once that is over', async () => {
    let [state, revision] = ['asleep', 1];
    const changes: (() => void)[] = [];
    const catalog: PluginCatalog = {
      name: 'test',
      list: async () => [{ id: 'auto', revision: String(revision) }],
      read: async () => String(revision),
      watch(tell) {
        changes.push(tell);
        return { [Symbol.dispose]: () => undefined };
      },
    };
    const installed: unknown[] = [];
    const host = new Host(
      () => ({ autoReload: true, state }),
      async (source) => void installed.push(source),
    );
    autoReload(host, catalog, (_, error) => assert.fail(error as Error));
    const change = async (): Promise<void> => {
      for (const tell of changes) tell();
      await new Promise((done) => setTimeout(done));
    };
    await change();
    [state, revision] = ['quarantined', 2];
    await change();
    assert.deepEqual(installed, []);
    state = 'asleep';
    await change();
    assert.deepEqual(installed, ['2']);
  });

  it('takes the plugins whose manifest wants it, one change after the other, and says what failed', async () => {
    const revisions = new Map([
      ['auto', 1],
      ['manual', 1],
      ['broken', 1],
    ]);
    let changed = (): void => undefined;
    const catalog: PluginCatalog = {
      name: 'test',
      list: async () => [...revisions].map(([id, revision]) => ({ id, revision: String(revision) })),
      read: async (id) => `${id}-${revisions.get(id)}`,
      watch(tell) {
        changed = tell;
        return { [Symbol.dispose]: () => undefined };
      },
    };
    const installed: unknown[] = [];
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const host = new Host(
      (id) => ({ autoReload: id === 'manual' ? undefined : true }),
      async (source, options) => {
        if (source === 'broken-2') throw new Error('cannot');
        installed.push([source, options]);
      },
    );
    const watching = autoReload(host, catalog, (id, error) => resolve([id, (error as Error).message]));
    // It has looked once.
    await new Promise((done) => setTimeout(done));
    for (const id of revisions.keys()) revisions.set(id, 2);
    changed();
    assert.deepEqual(await promise, ['broken', 'cannot']);
    assert.deepEqual(installed, [['auto-2', { id: 'auto', replace: 'keep', catalog: 'test' }]]);
    watching?.[Symbol.dispose]();
    assert.equal(
      autoReload(host, builtInCatalog([]), () => undefined),
      undefined,
    );
  });

  it('X15: leaves alone what came from elsewhere, whatever its id', async () => {
    const came = (
      kind: 'catalog' | 'url',
      name: string,
      sha256: string,
      action: HistoryEntry['action'] = 'installed',
    ) => ({
      action,
      sha256,
      from: { kind, name },
    });
    const histories: Record<string, Shown['history']> = {
      own: [came('url', 'https://example.org/', 'a'), came('catalog', 'test', 'b', 'updated')],
      accepted: [came('url', '/', 'a'), came('catalog', 'test', 'b', 'staged'), { action: 'accepted', sha256: 'b' }],
      other: [came('catalog', 'app://plugins', 'a')],
      address: [came('url', 'test', 'a')],
      unknown: [{ action: 'installed', sha256: 'a' }],
      left: [came('catalog', 'test', 'a'), came('url', '/', 'b', 'updated')],
      dismissed: [came('url', '/', 'a'), came('catalog', 'test', 'b', 'staged'), { action: 'dismissed', sha256: 'b' }],
      nothing: [],
    };
    let [changed, revision] = [(): void => undefined, 1];
    const catalog: PluginCatalog = {
      name: 'test',
      list: async () => Object.keys(histories).map((id) => ({ id, revision: String(revision) })),
      read: async (id) => id,
      watch(tell) {
        changed = tell;
        return { [Symbol.dispose]: () => undefined };
      },
    };
    const installed: unknown[] = [];
    const host = new Host(
      (id) => ({ autoReload: true, history: histories[id] }),
      async (source) => void installed.push(source),
      (id) => (id === 'own' || id === 'accepted' ? 'b' : 'a'),
    );
    autoReload(host, catalog, (_, error) => assert.fail(error as Error));
    await new Promise((done) => setTimeout(done));
    revision = 2;
    changed();
    await new Promise((done) => setTimeout(done));
    assert.deepEqual(installed, ['own', 'accepted']);
  });

  it('watches while one of its plugins is installed that wants it', async () => {
    const installed = new Map<string, Shown>([['plain', {}]]);
    let [watching, lists] = [0, 0];
    const catalog: PluginCatalog = {
      name: 'test',
      async list() {
        lists++;
        return [{ id: 'auto' }, { id: 'plain' }];
      },
      read: async (id) => id,
      watch() {
        watching++;
        return { [Symbol.dispose]: () => void watching-- };
      },
    };
    const host = new Host(
      (id) => installed.get(id),
      async () => undefined,
    );
    const reloading = autoReload(host, catalog, (_, error) => assert.fail(error as Error));
    await new Promise((done) => setTimeout(done));
    assert.deepEqual([watching, lists], [0, 1]);
    installed.set('auto', { autoReload: true });
    host.tell('auto', 'installed');
    await new Promise((done) => setTimeout(done));
    assert.deepEqual([watching, lists], [1, 2]);
    host.tell('auto', 'settings');
    installed.delete('auto');
    host.tell('auto', 'uninstalled');
    assert.equal(watching, 0);
    installed.set('auto', { autoReload: true });
    host.tell('auto', 'installed');
    reloading?.[Symbol.dispose]();
    host.tell('auto', 'updated');
    assert.equal(watching, 0);
  });
});
