// Reads records that are stored: what cannot be read is skipped, and told of.

import { ClocheError } from '../errors.ts';
import type { Records } from './late-records.ts';
import type { PluginRecord } from './record.ts';

export class RecordReader {
  readonly #onBroken: (id: string, error: ClocheError) => void;

  constructor(onBroken: (id: string, error: ClocheError) => void) {
    this.#onBroken = onBroken;
  }

  one({ decodeRecord }: Records, id: string, stored: unknown): PluginRecord | undefined {
    try {
      const record = decodeRecord(stored);
      if (record.manifest.id === id) return record;
      throw new ClocheError('STORAGE_FAILED', 'The record of an installed plugin is that of another one');
    } catch (error) {
      if (!(error instanceof ClocheError)) throw error;
      this.#onBroken(id, error);
      return undefined;
    }
  }

  all(code: Records, records: ReadonlyMap<string, unknown>): PluginRecord[] {
    return [...records].map(([id, stored]) => this.one(code, id, stored)).filter((record) => record !== undefined);
  }
}
