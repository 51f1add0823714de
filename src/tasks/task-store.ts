// Tasks beyond the page, in a database of its own: a new one, so that those of earlier versions open as they are.

import type { StoredKey } from '../database/indexed-db.ts';
import { openDatabase } from '../database/open-database.ts';
import { byteCount } from '../runtime/wire/wire-values.ts';
import { readTask, type TaskRecord, type TaskResult } from './task.ts';

/** Of those that are over; older ones go. */
const MOST_KEPT = 200;
const MOST_RESULT_BYTES = 65_536;
/** Of what went wrong, in the plugin's words. */
const MOST_MESSAGE = 4_096;
/** Of all that are read, those under way in other pages among them. More than that was written by somebody else. */
const MOST_READ = 1_000;
const ALL = { from: ['task'], to: ['task', []] } as const;

export class TaskStore {
  readonly #database;

  constructor(storage: string) {
    this.#database = openDatabase(storage, `${storage}-tasks`, 'tasks');
  }

  /** Oldest first; what cannot be read is left out. @throws {ClocheError} STORAGE_FAILED */
  async list(): Promise<TaskRecord[]> {
    const values = await this.#database.transact('readonly', (objects) => objects.values(ALL, MOST_READ));
    const records = values.flatMap((one) => readTask(one) ?? []);
    return records.sort((a, b) => a.createdAt - b.createdAt);
  }

  /** Undefined where there is none, or it cannot be read. @throws {ClocheError} STORAGE_FAILED */
  async get(id: string): Promise<TaskRecord | undefined> {
    return readTask(await this.#database.transact('readonly', (objects) => objects.get(keyOf(id))));
  }

  /** @throws {ClocheError} STORAGE_FAILED */
  put(record: TaskRecord): Promise<void> {
    return this.#database.transact('readwrite', async (objects) => objects.put(stored(record), keyOf(record.id)));
  }

  /**
   * Only where it still is in the state in which somebody has read it: two pages may say at once that a third has ended, which may have
   * stored more since.
   * @throws {ClocheError} STORAGE_FAILED
   */
  change({ id, state }: TaskRecord, changes: Pick<TaskRecord, 'state' | 'endedAt'>): Promise<boolean> {
    return this.#database.transact('readwrite', async (objects) => {
      const now = readTask(await objects.get(keyOf(id)));
      if (now?.state !== state) return false;
      objects.put(stored({ ...now, ...changes }), keyOf(id));
      return true;
    });
  }

  /** @throws {ClocheError} STORAGE_FAILED */
  remove(ids: readonly string[]): Promise<void> {
    return this.#database.transact('readwrite', async (objects) => {
      for (const id of ids) objects.delete(keyOf(id));
    });
  }

  close(): void {
    this.#database.close();
  }
}

/** Those that are one too many, of tasks that are over, the oldest first. */
export function surplus(over: readonly TaskRecord[]): readonly TaskRecord[] {
  return over.slice(0, Math.max(0, over.length - MOST_KEPT));
}

function keyOf(id: string): StoredKey {
  return ['task', id];
}

/** What is large is kept by its page alone. */
function stored(record: TaskRecord): TaskRecord {
  const { error, results } = record;
  const short = error && { code: error.code, message: error.message.slice(0, MOST_MESSAGE) };
  return { ...record, error: short, results: results.map(small) };
}

/** A large one lives as long as its page. */
function small(result: TaskResult): TaskResult {
  return sizeOf(result.value) > MOST_RESULT_BYTES ? { plugin: result.plugin, value: undefined } : result;
}

function sizeOf(value: unknown): number {
  if (value instanceof Uint8Array) return byteCount([value]);
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.values(value).reduce<number>((sum, item) => sum + 8 + sizeOf(item), 0);
}
