// The log in its database: batches of entries as lines of JSON, and a head that counts them. All tabs write to one log: places in
// it are given out in the transaction that writes.

import type { KeyRange, Objects, StoredKey } from '../database/indexed-db.ts';
import { openDatabase } from '../database/open-database.ts';
import { isPlainObject } from '../util/given-options.ts';
import { utf8Bytes } from '../util/text/visible-text.ts';
import { type Loss, lossOf, type NewEntry, NO_LOSS, plus } from './audit-entry.ts';

const HEAD: StoredKey = ['head'];
const BATCH = 'batch';
const ALL: KeyRange = { from: [BATCH], to: [BATCH, []] };
/** Batches that go in one transaction: after a bound was lowered there may be thousands. */
const MOST_GOING = 500;
/** A batch goes as a whole: none is larger than this part of the bounds, so that what goes is little, and never the latest. */
const PART = 1 / 10;
const DIGITS = 16;

/** Entries that were written together. */
export interface Batch {
  /** Place of its first entry. */
  readonly first: number;
  readonly entries: number;
  /** Entries that are lost with it: those of which it tells that they are gone are among them. */
  readonly lost: number;
  /** Host calls in them. */
  readonly calls: number;
  readonly bytes: number;
  /** An entry a line. */
  readonly lines: string;
}

interface Head {
  /** Place of the next entry. */
  readonly next: number;
  readonly entries: number;
  readonly bytes: number;
  /** The oldest, which are gone. */
  readonly dropped: Loss;
}

export interface Bounds {
  readonly mostEntries: number;
  readonly mostBytes: number;
}

export class AuditStore {
  readonly #database;
  readonly #bounds: Bounds;

  constructor(storage: string, bounds: Bounds) {
    this.#database = openDatabase(storage, `${storage}-audit`, 'audit');
    this.#bounds = bounds;
  }

  /** Adds entries, and lets the oldest go. @throws {ClocheError} STORAGE_FAILED; nothing was written then */
  async append(entries: readonly NewEntry[]): Promise<void> {
    const batches = batchesOf(entries, this.#bounds);
    await this.#database.transact('readwrite', async (objects) => {
      let head = await headOf(objects);
      for (const batch of batches) {
        const { next, ...before } = head;
        objects.put({ ...batch, first: next }, keyOf(next));
        const grown = { entries: before.entries + batch.entries, bytes: before.bytes + batch.bytes };
        head = { ...before, ...grown, next: next + batch.entries };
      }
      objects.put(await this.#bounded(objects, head), HEAD);
    });
  }

  /** Keys of all batches, oldest first, and how much is gone. @throws {ClocheError} STORAGE_FAILED */
  outline(): Promise<{ keys: StoredKey[]; dropped: Loss }> {
    return this.#database.transact('readonly', async (objects) => {
      const { dropped } = await headOf(objects);
      return { keys: await objects.keys(ALL), dropped };
    });
  }

  /** What is stored under keys of batches; undefined for what has gone since. @throws {ClocheError} STORAGE_FAILED */
  batches(keys: readonly StoredKey[]): Promise<unknown[]> {
    return this.#database.transact('readonly', (objects) => Promise.all(keys.map((key) => objects.get(key))));
  }

  close(): void {
    this.#database.close();
  }

  async #bounded(objects: Objects, head: Head): Promise<Head> {
    const { mostEntries, mostBytes } = this.#bounds;
    const isOver = ({ entries, bytes }: Head): boolean => entries > mostEntries || bytes > mostBytes;
    if (!isOver(head)) return head;
    const keys = await objects.keys(ALL, MOST_GOING);
    let left = head;
    for (const key of keys) {
      if (!isOver(left)) break;
      const gone = readBatch(await objects.get(key));
      objects.delete(key);
      left = {
        ...left,
        entries: left.entries - (gone?.entries ?? 0),
        bytes: left.bytes - (gone?.bytes ?? 0),
        dropped: plus(left.dropped, gone ? { entries: gone.lost, calls: gone.calls } : { entries: 1, calls: 0 }),
      };
    }
    return left;
  }
}

function batchesOf(entries: readonly NewEntry[], { mostEntries, mostBytes }: Bounds): Omit<Batch, 'first'>[] {
  const batches: Omit<Batch, 'first'>[] = [];
  for (const entry of entries) {
    const line = JSON.stringify(entry);
    const lost = lossOf([entry]);
    const bytes = utf8Bytes(line) + 1;
    const last = batches.at(-1);
    if (!last || last.entries + 1 > mostEntries * PART || last.bytes + bytes > mostBytes * PART) {
      batches.push({ entries: 1, lost: lost.entries, calls: lost.calls, bytes, lines: line });
      continue;
    }
    const { entries, calls } = plus({ entries: last.lost, calls: last.calls }, lost);
    batches[batches.length - 1] = {
      entries: last.entries + 1,
      lost: entries,
      calls,
      bytes: last.bytes + bytes,
      lines: `${last.lines}\n${line}`,
    };
  }
  return batches;
}

/** @returns undefined for what is no batch: any script of the origin may have written it */
export function readBatch(stored: unknown): Batch | undefined {
  if (!isPlainObject(stored)) return undefined;
  const { first, entries, lost = entries, calls, bytes, lines } = stored;
  if (!isCount(first) || !isCount(entries) || !isCount(lost) || !isCount(calls) || !isCount(bytes)) return undefined;
  return typeof lines === 'string' ? { first, entries, lost, calls, bytes, lines } : undefined;
}

/** Where there is none that can be read, it is counted anew, so that nothing is written over. */
async function headOf(objects: Objects): Promise<Head> {
  const stored = readHead(await objects.get(HEAD));
  if (stored) return stored;
  const batches = (await objects.values(ALL)).map(readBatch).filter((batch) => batch !== undefined);
  const sum = (name: 'entries' | 'bytes'): number => batches.reduce((total, batch) => total + batch[name], 0);
  const next = Math.max(0, ...batches.slice(-1).map(({ first, entries }) => first + entries));
  return { next, entries: sum('entries'), bytes: sum('bytes'), dropped: NO_LOSS };
}

function readHead(stored: unknown): Head | undefined {
  if (!isPlainObject(stored) || !isPlainObject(stored.dropped)) return undefined;
  const { next, entries, bytes, dropped } = stored;
  const { entries: droppedEntries, calls } = dropped;
  const isRead = isCount(next) && isCount(entries) && isCount(bytes) && isCount(droppedEntries) && isCount(calls);
  return isRead ? { next, entries, bytes, dropped: { entries: droppedEntries, calls } } : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** In the order of places. */
function keyOf(place: number): StoredKey {
  return [BATCH, String(place).padStart(DIGITS, '0')];
}
