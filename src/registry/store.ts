// The seam under the registry: records by plugin id, notes of left data by installation and files by hash, changed
// together or not at all.

import type { StoragePlace } from '../database/open-database.ts';
import type { OrphanRecord } from './orphans/orphan-of.ts';

/** What a change wants written. */
export interface RecordWrites {
  /** Replaces the record of this id. */
  readonly put?: readonly [id: string, record: unknown];
  /** Removes the record of this id, with its versions and its history. */
  readonly remove?: string;
  /** Notes the data that a plugin leaves. */
  readonly orphan?: OrphanRecord | undefined;
  /** Forgets the note of this installation's data. */
  readonly claim?: string;
  /** What is kept of the versions of the plugin with this id. */
  readonly versions?: readonly [id: string, versions: unknown];
  /** Adds to the history of the plugin with this id; handed what is stored of it. */
  readonly note?: readonly [id: string, add: (stored: unknown) => unknown];
  /** Files by SHA-256. */
  readonly files?: ReadonlyMap<string, Uint8Array>;
  /** What is known of modules, by SHA-256. */
  readonly facts?: ReadonlyMap<string, unknown>;
  /** Files that stay, with what is known of them; all others go. Absent: all stay. */
  readonly keep?: ReadonlySet<string>;
}

/** What a start needs, all read at one time. */
export interface StoredModules {
  /** Undefined where there is none. */
  readonly record: unknown;
  /** By SHA-256, those that are there: nobody else's bytes. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** What is known of them, by SHA-256. */
  readonly facts: ReadonlyMap<string, unknown>;
}

/** All that is stored, but for files and histories: records and versions by plugin id, notes by installation. */
export interface Stored {
  readonly records: ReadonlyMap<string, unknown>;
  readonly orphans: ReadonlyMap<string, unknown>;
  readonly versions: ReadonlyMap<string, unknown>;
}

export type Decide = (stored: Stored) => RecordWrites;

/** Everything that comes out is untrusted. Methods reject with STORAGE_FAILED, or with what `decide` throws. */
export interface RecordStore {
  /** Known once something was read. */
  readonly place: StoragePlace | undefined;
  records(): Promise<ReadonlyMap<string, unknown>>;
  /** Notes of left data, by installation. */
  orphans(): Promise<ReadonlyMap<string, unknown>>;
  /** What is kept of the versions of a plugin, and its history. */
  versions(id: string): Promise<{ readonly versions: unknown; readonly history: unknown }>;
  /** Bytes, nobody else's; undefined for a file that is gone. Whether it is the one that was stored its hash says. */
  file(hash: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** The record of a plugin, and files. */
  modules(id: string, hashes: readonly string[]): Promise<StoredModules>;
  /** `decide` sees what is stored, and nobody else writes before its writes are done. */
  change(decide: Decide): Promise<void>;
  close(): void;
}
