// SQL databases as an app asks for them, and the driver behind them, which comes with the first that is used.

import { storageName } from '../database/storage-name.ts';
import { ClocheError } from '../errors.ts';
import { openRelay } from '../relay/relay.ts';
import type { RelayOptions } from '../relay/relay-options.ts';
import { told } from '../util/async/told.ts';
import { givenOptions, oneOf, wholeNumber } from '../util/given-options.ts';
import { loadChunk } from '../util/load-chunk.ts';
import { within } from '../util/time/deadline.ts';
import type { ChangeStores } from './pglite/change-store.ts';
import type { PgliteDriver } from './pglite/pglite-driver.ts';
import type { RelayDriver } from './relay/relay-driver.ts';
import type { DatabaseOf, SqlDriver } from './sql-driver.ts';
import type { DatabaseList, PluginDatabase } from './view/view.ts';

export interface PageDatabases {
  /**
   * Where a database is. `memory`: a commit is stored half a second after it at the latest, or before it is acknowledged where its
   * transaction has set `cloche.durable` to `on`. `durable`: each commit is stored before it is acknowledged.
   * @default 'memory'
   */
  placement?: 'memory' | 'durable';
  /** What one database may have in what is stored, in bytes: compressed, 1 MB of it the empty one. 2 MiB to 1 GiB. @default 67108864 (64 MiB) */
  quotaBytes?: number;
  /** First part of the names of what is stored. @default 'cloche' */
  storage?: string;
  /**
   * Told before and while the database's program is loaded, the first time of a page: `bytes` of all, and how many of its parts are
   * there.
   * @default nobody
   */
  onProgress?: (progress: { readonly done: number; readonly total: number; readonly bytes: number }) => void;
}

const PLACEMENTS = ['memory', 'durable'] as const;
const QUOTA_BYTES = 64 << 20;
/** Some 6 MB. */
const LOAD_MS = 120_000;

/** Notes of a database go to the log of whoever used it last. */
export type Note = (level: 'warn' | 'error', text: string) => void;

/** A driver that comes with the first use; what is stored is told and deleted without it. */
export interface LateDriver extends Pick<SqlDriver, 'wipe' | 'size'> {
  /** What one may have in the page, in bytes; undefined for those on a server. */
  readonly quotaBytes?: number;
  /** Loads what the first database needs, which ends by itself; undefined where that is done, or nothing is to be loaded. */
  ready(): Promise<void> | undefined;
  /** Where its databases are. */
  readonly placement: PluginDatabase['placement'];
  /** How it stands with databases of one installation, of which none is opened. Never rejects: what went wrong is told. */
  list(databases: readonly DatabaseOf[]): Promise<DatabaseList>;
  /** @param note for what goes wrong when no call waits. @default as it was before @throws {ClocheError} FETCH_FAILED */
  load(database: DatabaseOf, note?: Note): Promise<SqlDriver>;
}

/** Databases on a server, by a relay that offers them. */
export interface ServerDatabases {
  relay: RelayOptions;
  /** First part of the names of what is stored in this browser: the vault's key, and who has databases there. @default 'cloche' */
  storage?: string;
}

/** @throws {ClocheError} OPTION_INVALID */
export function databasesBy(given: PageDatabases | ServerDatabases): LateDriver {
  return 'relay' in given ? serverDatabases(given) : pageDatabases(given);
}

function serverDatabases(given: ServerDatabases): LateDriver {
  const { relay: options, storage } = givenOptions<ServerDatabases>('`databases`', given, {
    relay: true,
    storage: true,
  });
  const storedAs = storageName(storage);
  const relay = openRelay(options as RelayOptions);
  let loaded: Promise<RelayDriver> | undefined;
  const driver = (): Promise<RelayDriver> => {
    loaded ??= loadChunk(() => import('./relay/relay-driver.ts')).then(({ relayDriver }) =>
      relayDriver(relay, storedAs),
    );
    loaded.catch(() => {
      loaded = undefined;
    });
    return loaded;
  };
  return {
    placement: 'server',
    ready: () => undefined,
    async list(databases) {
      const { listOnServer } = await loadChunk(() => import('./view/list.ts'));
      return listOnServer(databases, driver);
    },
    load: driver,
    wipe: async (installation) => (await driver()).wipe(installation),
    size: async (installation) => (await driver()).size(installation),
  };
}

function pageDatabases(given: PageDatabases): LateDriver {
  const options = givenOptions<PageDatabases>('`databases`', given, {
    placement: true,
    quotaBytes: true,
    storage: true,
    onProgress: true,
  });
  const placement = oneOf('databases.placement', options.placement ?? 'memory', PLACEMENTS);
  const quotaBytes = wholeNumber('databases.quotaBytes', options.quotaBytes ?? QUOTA_BYTES, 2 << 20, 1 << 30);
  const storage = storageName(options.storage);
  const { onProgress = () => undefined } = options;
  if (typeof onProgress !== 'function')
    throw new ClocheError('OPTION_INVALID', 'Expected `databases.onProgress` to be a function');
  const progress = told(onProgress);
  const notes = new Map<string, Note>();
  const durable = placement === 'durable';
  const stored = async (): Promise<ChangeStores> =>
    durable
      ? (await loadChunk(() => import('./pglite/opfs-changes.ts'))).opfsChanges(storage)
      : (await loadChunk(() => import('./pglite/idb-changes.ts'))).idbChanges(storage);
  let loaded: Promise<PgliteDriver> | undefined;
  const driver = (): Promise<PgliteDriver> => {
    loaded ??= (async () => {
      const { PgliteDriver } = await loadChunk(() => import('./pglite/pglite-driver.ts'));
      const note = (level: 'warn' | 'error', text: string, of?: DatabaseOf): void => {
        if (of) notes.get(of.installation)?.(level, text);
      };
      return new PgliteDriver({ stores: await stored(), durable, quotaBytes, note, progress });
    })();
    loaded.catch(() => {
      loaded = undefined;
    });
    return loaded;
  };
  let isLoaded = false;
  const loadProgram = async (): Promise<void> => {
    const { program } = await loadChunk(() => import('./pglite/program.ts'));
    const late = (): ClocheError =>
      new ClocheError('FETCH_FAILED', `The program of SQL databases was not loaded within ${LOAD_MS} ms`);
    await within(program(progress), LOAD_MS, late);
    isLoaded = true;
  };
  return {
    quotaBytes,
    placement,
    ready: () => (isLoaded ? undefined : loadProgram()),
    async list(databases) {
      const { listInPage } = await loadChunk(() => import('./view/list.ts'));
      return listInPage(databases, { placement, quotaBytes, stored, driver: await loaded?.catch(() => undefined) });
    },
    load(database, note) {
      if (note) notes.set(database.installation, note);
      return driver();
    },
    async wipe(installation) {
      notes.delete(installation);
      await (await (loaded ?? stored())).wipe(installation);
    },
    size: async (installation) => (await (loaded ?? stored())).size(installation),
  };
}
