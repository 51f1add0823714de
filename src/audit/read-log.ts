// Reads the log. Comes late: only who looks at it does.

import type { StoredKey } from '../database/indexed-db.ts';
import { checkType, givenOptions, isPlainObject, type KeysOf, wholeNumber } from '../util/given-options.ts';
import type { AuditEntry, DroppedEntry, Loss } from './audit-entry.ts';
import { type AuditStore, readBatch } from './audit-store.ts';

export interface AuditFilter {
  /** Id of the only plugin. */
  plugin?: string;
  /** Nothing that ended before, in ms since 1970. */
  since?: number;
  /** The latest so many. */
  limit?: number;
}

/** Batches that are read in one transaction. */
const PART = 50;
const KEYS: KeysOf<AuditFilter> = { plugin: true, since: true, limit: true };
/** What an entry of each kind has, besides what it may have. */
const TEXTS: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['call', ['plugin', 'capability', 'name', 'outcome']],
  ['act', ['act', 'outcome']],
  ['kill', ['plugin', 'code', 'message']],
  ['dropped', ['reason']],
]);
const NUMBERS: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['call', ['time', 'until', 'count', 'durationMs', 'longestMs', 'requestBytes', 'answerBytes']],
  ['act', ['time']],
  ['kill', ['time', 'afterMs']],
  ['dropped', ['time', 'entries', 'calls']],
]);

interface CheckedFilter {
  readonly plugin: string | undefined;
  readonly since: number;
  readonly limit: number | undefined;
}

/** @throws {ClocheError} OPTION_INVALID, STORAGE_FAILED */
export async function* readLog(store: AuditStore, given: unknown): AsyncGenerator<AuditEntry, undefined> {
  const filter = checkedFilter(given);
  const { keys, dropped } = await store.outline();
  // What comes after it is newer: it is told whoever is asked about.
  if (dropped.entries > 0) yield oldest(dropped);
  if (filter.limit === undefined) {
    for (const part of partsOf(keys)) yield* (await entriesOf(store, part)).filter((entry) => isWanted(entry, filter));
    return;
  }
  const latest: AuditEntry[][] = [];
  let left = filter.limit;
  for (const part of partsOf(keys).reverse()) {
    if (left === 0) break;
    const wanted = (await entriesOf(store, part)).filter((entry) => isWanted(entry, filter)).slice(-left);
    left -= wanted.length;
    latest.unshift(wanted);
  }
  yield* latest.flat();
}

function checkedFilter(given: unknown): CheckedFilter {
  const { plugin, since = 0, limit } = givenOptions<AuditFilter>('`audit`', given, KEYS);
  checkType('plugin', plugin, 'string');
  return {
    plugin,
    since: wholeNumber('since', since, 0, Number.MAX_SAFE_INTEGER),
    limit: limit === undefined ? undefined : wholeNumber('limit', limit, 1, 1_000_000),
  };
}

/** What is missing may have been of any plugin. */
function isWanted(entry: AuditEntry, { plugin, since }: CheckedFilter): boolean {
  if (entry.kind === 'dropped') return true;
  const ended = entry.kind === 'call' ? entry.until : entry.time;
  return ended >= since && (plugin === undefined || entry.plugin === plugin);
}

async function entriesOf(store: AuditStore, keys: readonly StoredKey[]): Promise<AuditEntry[]> {
  const stored = await store.batches(keys);
  // Gone meanwhile, as the oldest.
  return stored.filter((one) => one !== undefined).flatMap(entriesIn);
}

function entriesIn(stored: unknown): AuditEntry[] {
  const batch = readBatch(stored);
  if (!batch) return [unreadable(0, 1)];
  return batch.lines.split('\n').map((line, index) => readEntry(line, batch.first + index));
}

function readEntry(line: string, order: number): AuditEntry {
  try {
    const entry: unknown = JSON.parse(line);
    if (isEntry(entry)) return { ...entry, order };
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
  }
  return unreadable(order, 1);
}

function isEntry(value: unknown): value is AuditEntry {
  if (!isPlainObject(value) || !TEXTS.has(value.kind)) return false;
  const isAll = (names: readonly string[] | undefined, type: string): boolean =>
    names?.every((name) => typeof value[name] === type) ?? false;
  return isAll(TEXTS.get(value.kind), 'string') && isAll(NUMBERS.get(value.kind), 'number');
}

function oldest({ entries, calls }: Loss): DroppedEntry {
  return { kind: 'dropped', order: -1, time: 0, reason: 'bound', entries, calls };
}

function unreadable(order: number, entries: number): DroppedEntry {
  return { kind: 'dropped', order, time: 0, reason: 'unreadable', entries, calls: 0 };
}

/** From the oldest. */
function partsOf(keys: readonly StoredKey[]): StoredKey[][] {
  return Array.from({ length: Math.ceil(keys.length / PART) }, (_, index) =>
    keys.slice(index * PART, (index + 1) * PART),
  );
}
