// The seam under the registry: records by plugin id and files by hash, changed together or not at all.

import type { StoragePlace } from '../storage-place.ts';

/** What a change wants written. */
export interface ShelfWrites {
  /** Replaces the record of this id. */
  readonly put?: readonly [id: string, record: unknown];
  /** Removes the record of this id. */
  readonly remove?: string;
  /** Files by SHA-256. */
  readonly files?: ReadonlyMap<string, Uint8Array>;
  /** Files that stay; all others go. Absent: all stay. */
  readonly keep?: ReadonlySet<string>;
}

/** Everything that comes out is untrusted. Methods reject with STORAGE_FAILED, or with what `decide` throws. */
export interface Shelf {
  /** Known once something was read. */
  readonly place: StoragePlace | undefined;
  records(): Promise<ReadonlyMap<string, unknown>>;
  file(hash: string): Promise<unknown>;
  /** `decide` sees all records, and nobody else writes before its writes are done. */
  change(decide: (records: ReadonlyMap<string, unknown>) => ShelfWrites): Promise<void>;
  close(): void;
}
