// Changes of databases that are not to outlive this page.

import type { ChangeStore, ChangeStores } from './change-store.ts';

export function memoryChanges(): ChangeStores {
  const kept = new Map<string, Map<string, readonly Uint8Array[]>>();
  return {
    async open(installation, name) {
      const databases = kept.get(installation) ?? new Map<string, readonly Uint8Array[]>();
      kept.set(installation, databases);
      return new MemoryChanges(databases, name);
    },
    async wipe(installation) {
      kept.delete(installation);
    },
    size: async (installation) =>
      [...(kept.get(installation)?.values() ?? [])].reduce((sum, records) => sum + bytesOf(records), 0),
    look: async (installation, name) => ({
      bytes: bytesOf(kept.get(installation)?.get(name) ?? []),
      isHeld: false,
      isDamaged: false,
    }),
  };
}

class MemoryChanges implements ChangeStore {
  readonly #databases: Map<string, readonly Uint8Array[]>;
  readonly #name: string;

  constructor(databases: Map<string, readonly Uint8Array[]>, name: string) {
    this.#databases = databases;
    this.#name = name;
  }

  get #records(): readonly Uint8Array[] {
    return this.#databases.get(this.#name) ?? [];
  }

  get bytes(): number {
    return bytesOf(this.#records);
  }

  get count(): number {
    return this.#records.length;
  }

  async read(): Promise<readonly Uint8Array[]> {
    return this.#records;
  }

  async append(records: readonly Uint8Array[]): Promise<void> {
    this.#databases.set(this.#name, [...this.#records, ...records]);
  }

  async replace(records: readonly Uint8Array[]): Promise<void> {
    this.#databases.set(this.#name, records);
  }

  async close(): Promise<void> {
    // The next one finds it as it is.
  }
}

function bytesOf(records: readonly Uint8Array[]): number {
  return records.reduce((sum, { length }) => sum + length, 0);
}
