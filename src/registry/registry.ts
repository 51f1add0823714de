// Installed plugins: the same in every tab of the origin, and still there after a reload.

import type { StoragePlace } from '../database/open-database.ts';
import { ClocheError } from '../errors.ts';
import type { PluginManifest } from '../manifest/plugin-manifest.ts';
import { type LeftSignature, leftSignature } from '../trust/package-signature.ts';
import { dispose } from '../util/dispose.ts';
import type { HashedFiles } from '../util/hash/hashed-files.ts';
import { shown } from '../util/text/shown.ts';
import { alreadyInstalled } from './already-installed.ts';
import { type ChangeListener, changeChannel } from './change-channel.ts';
import { openRecordStore } from './idb-store.ts';
import { keptFiles } from './kept-files.ts';
import { loadRecords } from './late-records.ts';
import { ownFiles } from './named-files.ts';
import { type OrphanRecord, orphanOf } from './orphans/orphan-of.ts';
import type { Notes } from './orphans/orphans.ts';
import type { PluginRecord } from './record.ts';
import { RecordReader } from './record-reader.ts';
import { RegistryFiles } from './registry-files.ts';
import type { RecordStore, RecordWrites } from './store.ts';
import { type NotedAction, type PackageOrigin, packageOf, type StoredVersions, withEntry } from './versions.ts';

export interface RegistryOptions {
  /** Begins the name of the database, which is `<storage>-plugins`. */
  storage: string;
  /** IndexedDB must open and answer within this many ms; then once more. @default 4000 */
  timeoutMs?: number;
  /** Told of each record that cannot be read, whenever one is met. It is skipped: fails closed. */
  onBroken?: (id: string, error: ClocheError) => void;
}

/** A new version of a plugin, or one that is to wait; without a manifest it has no files that are not stored. */
export interface NextVersion {
  readonly manifest?: PluginManifest;
  readonly files?: HashedFiles;
  /**
   * What is kept of its versions from now on.
   * @param stored what is kept until now, unchecked
   * @default the same
   */
  versions?(stored: unknown, before: PluginRecord, after: PluginRecord): unknown;
}

export interface PutOptions {
  readonly replace?: 'keep' | 'wipe' | false;
  readonly versions?: StoredVersions;
  /** Where its package came from. */
  readonly from?: PackageOrigin | undefined;
  assertTakesOver?(left: LeftSignature): void;
}

/** Whose the data of a plugin is. */
export type DataOwner = Pick<OrphanRecord, 'installation' | 'signature'>;

/** Every method rejects with STORAGE_FAILED when IndexedDB fails, and with CLOSED once it was let go of. */
export interface Registry extends Disposable {
  /** Where it is kept; in memory it is gone with the page. */
  readonly place: StoragePlace;
  /** Oldest installation first. */
  list(): Promise<PluginRecord[]>;
  get(id: string): Promise<PluginRecord | undefined>;
  /**
   * Stores a record and its files in one step; `files` has those of the manifest's modules and assets. Data of another
   * installation that had the id before is left, and noted; with `wipe`, as data that goes.
   * @param options.replace what may become of one that has the id. @default 'keep'
   * @param options.assertTakesOver throws where data that is there already may not go to this plugin; asked in that step
   * @param options.versions what is kept of its versions
   * @throws {ClocheError} ALREADY_INSTALLED when `replace` is false and the id is there;
   * MANIFEST_INVALID for an id that differs from another only in case
   */
  put(record: PluginRecord, files: HashedFiles, options?: PutOptions): Promise<void>;
  /**
   * Changes a record in one step; `change` gets the newest one, and no other tab writes in between.
   * Whom its data belongs to cannot be changed; its manifest, its signature and the update that waits only with `next`.
   * @param next a new version, or none; `files` holds those of its modules and assets that are not stored yet
   * @param noted what its history says of the change. @default nothing
   * @returns the record as it is stored now
   * @throws {ClocheError} CLOSED when the plugin is gone
   */
  update(
    id: string,
    change: (record: PluginRecord) => Partial<PluginRecord>,
    next?: NextVersion,
    noted?: NotedAction,
  ): Promise<PluginRecord>;
  /** Adds to the history of a plugin of which nothing else changes. @throws {ClocheError} CLOSED when the plugin is gone */
  note(id: string, installation: string, noted: NotedAction): Promise<void>;
  /** What is kept of the versions of a plugin, and its history, unchecked: see `read-versions.ts`. */
  versions(id: string): ReturnType<RecordStore['versions']>;
  /**
   * Removes a plugin, readable or not, and the files that no other plugin has; notes in the same step whose data it leaves.
   * @param installation removes no other one of this id. @default whichever is there
   * @param wiping the data goes too, which is the caller's to do. @default false
   */
  remove(id: string, options?: { installation?: string; wiping?: boolean }): Promise<void>;
  /** Whom the data of the plugin belongs to that has this id, readable or not. */
  ownerOf(id: string): Promise<DataOwner | undefined>;
  /** The notes of left data, for what comes late. */
  readonly notes: Notes;
  /** Forgets the note of data that is gone. */
  forgetOrphan(installation: string): Promise<void>;
  readonly files: RegistryFiles;
  /** Calls back after each change and decision that somebody else has made, here or in another tab. @returns the subscription, to be ended */
  onChange(listener: ChangeListener): Disposable;
  /** Tells all others that somebody has decided anew on all that a plugin may do. */
  announceDecision(id: string): void;
}

/**
 * Opens the registry and reads it once, so that a broken database shows here and not later.
 * @throws {ClocheError} STORAGE_FAILED, and FETCH_FAILED where what reads records cannot be loaded; a later call may succeed
 */
export async function openRegistry(options: RegistryOptions): Promise<Registry> {
  const { storage, timeoutMs = 4_000, onBroken = () => undefined } = options;
  const store = openRecordStore(storage, timeoutMs);
  const records = await store.records();
  // Already here, where others wait as well: before the first plugin starts.
  if (records.size > 0) await loadRecords();
  const place = store.place as StoragePlace;
  return new StoreRegistry(store, place, changeChannel(`cloche:${storage}-plugins`, place.storage), onBroken);
}

class StoreRegistry implements Registry {
  readonly #store: RecordStore;
  readonly place: StoragePlace;
  readonly files: RegistryFiles;
  readonly #channel: ReturnType<typeof changeChannel>;
  readonly #reader: RecordReader;
  #closed = false;

  constructor(
    store: RecordStore,
    place: StoragePlace,
    channel: ReturnType<typeof changeChannel>,
    onBroken: (id: string, error: ClocheError) => void,
  ) {
    this.#store = store;
    this.place = place;
    this.#channel = channel;
    this.#reader = new RecordReader(onBroken);
    this.files = new RegistryFiles(() => this.#open, this.#reader);
  }

  async list(): Promise<PluginRecord[]> {
    const stored = await this.#open.records();
    if (stored.size === 0) return [];
    const records = this.#reader.all(await loadRecords(), stored);
    return records.sort((a, b) => a.installedAt - b.installedAt || (a.manifest.id < b.manifest.id ? -1 : 1));
  }

  async get(id: string): Promise<PluginRecord | undefined> {
    const records = await this.#open.records();
    return records.has(id) ? this.#reader.one(await loadRecords(), id, records.get(id)) : undefined;
  }

  async put(record: PluginRecord, files: HashedFiles, options: PutOptions = {}): Promise<void> {
    const store = this.#open;
    const { replace = 'keep', versions } = options;
    const { installation } = record;
    const { id } = record.manifest;
    const code = await loadRecords();
    const { stored: written } = code.encodeRecord(record);
    const own = ownFiles(record.manifest, files);
    await store.change((stored) => {
      const { records, orphans } = stored;
      assertFree(id, records, replace !== false);
      assertStays(id, orphans.get(installation));
      const before = records.has(id) ? orphanOf(id, records.get(id), replace === 'wipe') : undefined;
      const isOwn = before?.installation === installation;
      const left = isOwn ? before : (orphans.get(installation) as OrphanRecord | undefined);
      if (left) options.assertTakesOver?.(leftSignature(left.signature));
      return {
        put: [id, written],
        orphan: isOwn ? undefined : before,
        claim: installation,
        files: own,
        versions: [id, versions],
        ...(versions && { note: noteOf(record, { action: 'installed', from: options.from }, versions) }),
        ...keptFiles(this.#reader, code, stored, record, versions),
      };
    });
    this.#channel.announce(id);
  }

  async update(
    id: string,
    change: (record: PluginRecord) => Partial<PluginRecord>,
    next?: NextVersion,
    noted?: NotedAction,
  ): Promise<PluginRecord> {
    const store = this.#open;
    const files = next?.manifest && ownFiles(next.manifest, next.files);
    const code = await loadRecords();
    const updated: { record?: PluginRecord } = {};
    await store.change((stored) => {
      const { records } = stored;
      if (!records.has(id)) throw new ClocheError('CLOSED', `Plugin ${shown(id)} is not installed`, { plugin: id });
      const before = code.decodeRecord(records.get(id));
      const { manifest, installation, signature, sha256, pending } = before;
      const fixed = { schema: 1, installation, ...(!next && { manifest, signature, sha256, pending }) } as const;
      const { stored: written, record } = code.encodeRecord({ ...before, ...change(before), ...fixed });
      updated.record = record;
      const kept = stored.versions.get(id);
      const versions = next?.versions ? next.versions(kept, before, record) : kept;
      return {
        put: [id, written],
        ...(files && { files }),
        ...(next?.versions && { versions: [id, versions] }),
        ...(noted && { note: noteOf(record, noted, versions) }),
        ...(next && keptFiles(this.#reader, code, stored, record, versions)),
      };
    });
    this.#channel.announce(id);
    if (updated.record) return updated.record;
    throw new ClocheError('STORAGE_FAILED', 'The change was not made');
  }

  async remove(id: string, options: { installation?: string; wiping?: boolean } = {}): Promise<void> {
    const store = this.#open;
    const code = await loadRecords();
    await store.change((stored) => {
      const { records } = stored;
      if (!records.has(id)) return {};
      const orphan = orphanOf(id, records.get(id), options.wiping ?? false);
      if (orphan.installation !== (options.installation ?? orphan.installation)) return {};
      return { remove: id, orphan, ...keptFiles(this.#reader, code, stored, id) };
    });
    this.#channel.announce(id);
  }

  async note(id: string, installation: string, noted: NotedAction): Promise<void> {
    const store = this.#open;
    const { decodeRecord } = await loadRecords();
    await store.change(({ records, versions }) => {
      const record = records.has(id) ? decodeRecord(records.get(id)) : undefined;
      if (record?.installation !== installation) {
        throw new ClocheError('CLOSED', `Plugin ${shown(id)} is not installed`, { plugin: id });
      }
      return { note: noteOf(record, noted, versions.get(id)) };
    });
  }

  versions(id: string): ReturnType<RecordStore['versions']> {
    return this.#open.versions(id);
  }

  get notes(): Notes {
    return this.#open;
  }

  async forgetOrphan(installation: string): Promise<void> {
    await this.#open.change(() => ({ claim: installation }));
  }

  async ownerOf(id: string): Promise<DataOwner | undefined> {
    const records = await this.#open.records();
    return records.has(id) ? orphanOf(id, records.get(id), false) : undefined;
  }

  onChange(listener: ChangeListener): Disposable {
    return this.#channel.listen(listener);
  }

  announceDecision(id: string): void {
    this.#assertOpen();
    this.#channel.announceDecision(id);
  }

  [dispose](): void {
    this.#closed = true;
    this.#channel[dispose]();
    this.#store.close();
  }

  get #open(): RecordStore {
    this.#assertOpen();
    return this.#store;
  }

  #assertOpen(): void {
    if (this.#closed) throw new ClocheError('CLOSED', 'The registry is closed');
  }
}

function noteOf(record: PluginRecord, noted: NotedAction, versions: unknown): NonNullable<RecordWrites['note']> {
  const { manifest, installation } = record;
  const sha256 = packageOf(versions, installation);
  const entry = { time: Date.now(), version: manifest.version, sha256, ...noted };
  return [manifest.id, (stored) => withEntry(stored, installation, entry)];
}

/** A plugin must not begin with data that is being deleted under it. */
function assertStays(id: string, orphan: unknown): void {
  if (!(orphan as OrphanRecord | undefined)?.wiping) return;
  throw new ClocheError('ABORTED', `The data that plugin ${shown(id)} left is being wiped; install it again`, {
    plugin: id,
  });
}

function assertFree(id: string, records: ReadonlyMap<string, unknown>, replace: boolean): void {
  if (!replace && records.has(id)) {
    throw alreadyInstalled(id);
  }
  const other = [...records.keys()].find((known) => known !== id && known.toLowerCase() === id.toLowerCase());
  if (other === undefined) return;
  throw new ClocheError(
    'MANIFEST_INVALID',
    `\`id\` ${shown(id)} differs from the installed ${shown(other)} only in case; pass another \`id\``,
  );
}
