// Where PGlite keeps the files of its database: in memory, from what was stored, with each change noted until the page takes it.

import type { ChangeSet, StorageBackend, StorageEntry } from '@electric-sql/pglite/memfs-frontend';
import { encodeChanges, type FileChanges } from './change-record.ts';
import type { FileTree } from './file-tree.ts';

export class ChangedFiles implements StorageBackend {
  #stored: FileTree | undefined;
  #pending: FileChanges[] = [];
  #hasLog = false;

  /** @param stored what there was; nothing for a database that is made */
  constructor(stored?: FileTree) {
    this.#stored = stored;
  }

  async init(): Promise<void> {
    // There is nothing to be opened.
  }

  async *load(): AsyncGenerator<StorageEntry> {
    for (const entry of this.#stored?.entries() ?? []) yield entry;
    this.#stored = undefined;
  }

  async apply({ ops, files: { wal, data, control } }: ChangeSet): Promise<void> {
    this.#pending.push({ ops, files: [...wal, ...data, ...control] });
    this.#hasLog ||= wal.length > 0;
  }

  async close(): Promise<void> {
    // There is nothing to be closed.
  }

  /** What was noted, and forgets it. */
  taken(): readonly FileChanges[] {
    const pending = this.#pending;
    this.#pending = [];
    this.#hasLog = false;
    return pending;
  }

  /** As a record; undefined where no transaction has written anything: what else has changed can be made anew. */
  record(): Uint8Array<ArrayBuffer> | undefined {
    return this.#hasLog ? encodeChanges(this.taken()) : undefined;
  }
}
