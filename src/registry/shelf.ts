// The seam under the registry: records by plugin id and files by hash, changed together or not at all.

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
  /** Whether what is stored outlives the page. */
  readonly durable: boolean;
  records(): Promise<ReadonlyMap<string, unknown>>;
  file(hash: string): Promise<unknown>;
  /** `decide` sees all records, and nobody else writes before its writes are done. */
  change(decide: (records: ReadonlyMap<string, unknown>) => ShelfWrites): Promise<void>;
  close(): void;
}

/** For pages without IndexedDB: what is installed is gone with the page. */
export function memoryShelf(): Shelf {
  const records = new Map<string, unknown>();
  const files = new Map<string, Uint8Array>();
  return {
    durable: false,
    records: async () => new Map(records),
    file: async (hash) => files.get(hash)?.slice(),
    async change(decide) {
      const { put, remove, files: added, keep } = decide(new Map(records));
      for (const [hash, bytes] of added ?? []) files.set(hash, bytes.slice());
      if (remove !== undefined) records.delete(remove);
      if (put) records.set(...put);
      for (const hash of keep ? files.keys() : []) if (!keep?.has(hash)) files.delete(hash);
    },
    close: () => undefined,
  };
}
