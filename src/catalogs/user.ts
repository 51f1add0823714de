// The plugins that a user has put into an app: in IndexedDB, the same in every tab.

import { openDatabase } from '../database/open-database.ts';
import { ClocheError } from '../errors.ts';
import { dispose } from '../util/dispose.ts';
import type { KeysOf } from '../util/given-options.ts';
import { sha256 } from '../util/hash/sha256.ts';
import type { ListedPlugin, PluginCatalog } from './catalog.ts';
import { givenCatalog, requiredText } from './catalog-options.ts';
import { checkedList, invalid, missing } from './read-listed.ts';

export interface UserCatalogOptions {
  /** Name of the databases, as of a host. */
  readonly storage: string;
  /** @default 'config://plugins' */
  readonly name?: string;
  /** Of one plugin, in bytes. @default 64 MiB */
  readonly mostBytes?: number;
}

export interface UserCatalog extends PluginCatalog, Disposable {
  /** In the place of one with this id. @throws {ClocheError} CATALOG_INVALID for an id that is none, PACKAGE_REJECTED, STORAGE_FAILED */
  put(id: string, file: Blob, name?: string): Promise<void>;
  /** @throws {ClocheError} STORAGE_FAILED */
  remove(id: string): Promise<void>;
}

const KEYS: KeysOf<UserCatalogOptions> = { storage: true, name: true, mostBytes: true };
const ALL = { from: '', to: '\uffff' };
const MOST_BYTES = 64 << 20;

/** @throws {ClocheError} OPTION_INVALID */
export function userCatalog(given: UserCatalogOptions): UserCatalog {
  const options = givenCatalog<UserCatalogOptions>('userCatalog', given, KEYS);
  const storage = requiredText('userCatalog', 'storage', options.storage);
  const { name = 'config://plugins', mostBytes = MOST_BYTES } = options;
  const key = `${storage}-catalog-${name}`;
  const database = openDatabase(storage, key, 'plugins');
  const channel = new BroadcastChannel(key);
  const watching = new Set<() => void>();
  const told = (): void => {
    for (const changed of watching) changed();
  };
  channel.onmessage = told;
  const tell = (): void => {
    channel.postMessage(0);
    told();
  };
  return {
    name,
    async list() {
      const records = await database.transact('readonly', (objects) => objects.values(ALL));
      return checkedList(
        name,
        records.map((record) => listedIn(name, record)),
      );
    },
    async read(id) {
      const record = await database.transact('readonly', (objects) => objects.get(id));
      if (record === undefined) throw missing(name, id);
      const { bytes } = Object(record) as Record<string, unknown>;
      const { revision } = listedIn(name, record);
      if (!(bytes instanceof Uint8Array)) throw invalid(name, `cannot be read at "${id}"`);
      const own = new Uint8Array(bytes);
      if ((await sha256(own)) === revision) return own;
      throw new ClocheError('HASH_MISMATCH', `What catalog "${name}" has stored of "${id}" is not what was put there`);
    },
    async put(id, file, shownName) {
      checkedList(name, [{ id }]);
      if (file.size > mostBytes) {
        throw new ClocheError('PACKAGE_REJECTED', `The plugin "${id}" is larger than ${mostBytes} bytes`);
      }
      const bytes = new Uint8Array(await file.arrayBuffer());
      const record = { id, name: shownName, revision: await sha256(bytes), bytes };
      await database.transact('readwrite', async (objects) => objects.put(record, id));
      tell();
    },
    async remove(id) {
      await database.transact('readwrite', async (objects) => objects.delete(id));
      tell();
    },
    watch(changed) {
      // Each its own, also where one function watches twice.
      const own = (): void => changed();
      watching.add(own);
      return { [dispose]: () => void watching.delete(own) } as Disposable;
    },
    [dispose]() {
      channel.close();
      database.close();
    },
  } as UserCatalog;
}

/** What is stored is not trusted. */
function listedIn(catalog: string, record: unknown): ListedPlugin {
  const { id, name, revision } = Object(record) as Record<string, unknown>;
  const isText = (value: unknown): boolean => value === undefined || typeof value === 'string';
  if (!isText(name) || typeof revision !== 'string') throw invalid(catalog, 'has a record that cannot be read');
  return { id: id as string, name: name as string | undefined, revision };
}
