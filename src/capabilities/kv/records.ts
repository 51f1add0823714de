// What the database of an installation holds: values by key, and their total, which each transaction that writes keeps true
// and gives another stamp.

import type { KeyRange, Objects } from '../../database/indexed-db.ts';
import { ClocheError } from '../../errors.ts';
import { utf8Bytes } from '../../util/text/visible-text.ts';

/** Bytes of keys (UTF-8) and values together, and the number of keys. */
export interface KvUsage {
  readonly bytes: number;
  readonly keys: number;
}

export interface KvEntry {
  readonly key: string;
  /** Of key (UTF-8) and value. */
  readonly bytes: number;
}

/** How an update ended, and the value that the key has now: null where it is absent. */
export interface KvUpdate {
  /** `over`: it would not fit into the quota. `changed`: the key had another value than was expected. */
  readonly outcome: 'done' | 'over' | 'changed';
  readonly current: Uint8Array | null;
}

/** A number that no other write has; versions of Cloche that know of none leave it out. */
export type Stamp = number | undefined;

/** Everything that is stored, as it was at one time. */
export interface KvContent {
  readonly values: Map<string, Uint8Array>;
  readonly usage: KvUsage;
  readonly stamp: Stamp;
}

/** The last value of each key that was written; null where it was deleted. */
export type KvWrites = ReadonlyMap<string, Uint8Array | null>;

export const MAX_KEYS = 10_000;
/** Of UTF-8. */
export const MAX_KEY_BYTES = 1_024;

const BATCH = 500;

/** Under an array, which equals no key of a plugin: those are strings. */
const TOTAL_KEY = ['total'];

export async function read(store: Objects, key: string): Promise<Uint8Array | null> {
  const value = await store.get(key);
  return value instanceof Uint8Array ? value : null;
}

export async function put(store: Objects, key: string, value: Uint8Array, quota: number): Promise<boolean> {
  const total = await totalOf(store);
  const old = await read(store, key);
  const next = usageWith(total, key, old, value, quota);
  if (!next) return false;
  store.put(value, key);
  putTotal(store, next);
  return true;
}

export async function exchange(
  store: Objects,
  key: string,
  expected: Uint8Array | null,
  value: Uint8Array | null,
  quota: number,
): Promise<KvUpdate> {
  const current = await read(store, key);
  if (!isSame(current, expected)) return { outcome: 'changed', current };
  if (value === null) await remove(store, key);
  else if (!(await put(store, key, value, quota))) return { outcome: 'over', current };
  return { outcome: 'done', current: value };
}

export async function remove(store: Objects, key: string): Promise<boolean> {
  const total = await totalOf(store);
  const old = await read(store, key);
  if (!old) return false;
  store.delete(key);
  putTotal(store, usageWithout(total, key, old));
  return true;
}

export async function listKeys(store: Objects, prefix: string): Promise<string[]> {
  const keys = await store.keys(stringsFrom(prefix), MAX_KEYS);
  return keys.filter((key) => typeof key === 'string').filter((key) => key.startsWith(prefix));
}

/** In batches: a cursor takes seconds for 10,000 keys in WebKit, and all values at once may be much memory. */
export async function listEntries(store: Objects): Promise<KvEntry[]> {
  const entries: KvEntry[] = [];
  for (let range = stringsFrom(''); ; ) {
    const [keys, values] = await Promise.all([store.keys(range, BATCH), store.values(range, BATCH)]);
    for (const [i, key] of keys.entries()) {
      const value = values[i];
      if (typeof key === 'string' && value instanceof Uint8Array) entries.push({ key, bytes: sizeOf(key, value) });
    }
    const last = keys.at(-1);
    if (keys.length < BATCH || typeof last !== 'string') return entries;
    range = stringsFrom(last, true);
  }
}

/** Undefined where it has more than `most` bytes. */
export async function readAll(store: Objects, most: number): Promise<KvContent | undefined> {
  const stamp = await readStamp(store);
  const usage = await totalOf(store);
  if (usage.bytes > most) return undefined;
  const range = stringsFrom('');
  const [keys, found] = await Promise.all([store.keys(range), store.values(range)]);
  const values = new Map<string, Uint8Array>();
  for (const [i, key] of keys.entries()) {
    const value = found[i];
    if (typeof key === 'string' && value instanceof Uint8Array) values.set(key, value);
  }
  return { values, usage, stamp };
}

export async function readStamp(store: Objects): Promise<Stamp> {
  return stampOf(await store.get(TOTAL_KEY));
}

/**
 * Stores writes that were accepted before.
 * @param known what they were judged by
 * @param stamp that the total gets
 * @param quota the highest that one of them was accepted under
 * @returns whether that is what was stored, for certain; else they were judged once more
 * @throws where there is no room for them any more, or all data was deleted meanwhile
 */
export async function putAll(
  store: Objects,
  writes: KvWrites,
  known: { readonly stamp: Stamp; readonly usage: KvUsage },
  stamp: number,
  quota: number,
): Promise<boolean> {
  const stored = await store.get(TOTAL_KEY);
  // The first attempt had come through, and only its end was not heard of, nor what it found.
  if (stampOf(stored) === stamp) return false;
  if (known.stamp !== undefined && !isUsage(stored)) throw new Error('all data of the plugin was deleted meanwhile');
  const isKnown = known.stamp !== undefined && stampOf(stored) === known.stamp;
  const usage = isKnown ? known.usage : await usageAfter(store, writes, quota);
  for (const [key, value] of writes) {
    if (value) store.put(value, key);
    else store.delete(key);
  }
  store.put({ ...usage, stamp }, TOTAL_KEY);
  return isKnown;
}

/**
 * What values take that are to be all there is.
 * @throws {ClocheError} QUOTA_EXCEEDED for more than there may be
 */
export function usageOf(values: ReadonlyMap<string, Uint8Array>, quota: number): KvUsage {
  let usage: KvUsage = { bytes: 0, keys: 0 };
  for (const [key, value] of values) {
    const next = usageWith(usage, key, null, value, quota);
    if (!next) throw overQuota(quota);
    usage = next;
  }
  return usage;
}

/** Puts values in the place of all that is stored, with pauses for the page. @param usage theirs */
export async function replaceAll(
  store: Objects,
  values: ReadonlyMap<string, Uint8Array>,
  usage: KvUsage,
): Promise<void> {
  store.clear();
  let count = 0;
  for (const [key, value] of values) {
    store.put(value, key);
    if (++count % BATCH === 0) await store.keys(stringsFrom(''), 1);
  }
  putTotal(store, usage);
}

/** The stored total, or a recount where there is none, or none that can be true. */
export async function totalOf(store: Objects): Promise<KvUsage> {
  const stored = await store.get(TOTAL_KEY);
  if (isUsage(stored)) return { bytes: stored.bytes, keys: stored.keys };
  const entries = await listEntries(store);
  return { bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0), keys: entries.length };
}

/** What there is once a key has this value; undefined where that is more than there may be. */
export function usageWith(
  total: KvUsage,
  key: string,
  old: Uint8Array | null,
  value: Uint8Array,
  quota: number,
): KvUsage | undefined {
  if (utf8Bytes(key) > MAX_KEY_BYTES) return undefined;
  const { bytes, keys } = old ? usageWithout(total, key, old) : total;
  const next = { bytes: bytes + sizeOf(key, value), keys: keys + 1 };
  return isOver(next, total, quota) ? undefined : next;
}

export function usageWithout({ bytes, keys }: KvUsage, key: string, old: Uint8Array): KvUsage {
  return { bytes: bytes - sizeOf(key, old), keys: keys - 1 };
}

export function newStamp(): number {
  return Math.random();
}

async function usageAfter(store: Objects, writes: KvWrites, quota: number): Promise<KvUsage> {
  const total = await totalOf(store);
  const changes = await Promise.all([...writes].map(([key, value]) => changeBy(store, key, value)));
  const next = changes.reduce((sum, one) => ({ bytes: sum.bytes + one.bytes, keys: sum.keys + one.keys }), total);
  if (isOver(next, total, quota)) throw new Error('other tabs have taken the room for it meanwhile');
  return next;
}

async function changeBy(store: Objects, key: string, value: Uint8Array | null): Promise<KvUsage> {
  const old = await read(store, key);
  return {
    bytes: (value ? sizeOf(key, value) : 0) - (old ? sizeOf(key, old) : 0),
    keys: Number(value !== null) - Number(old !== null),
  };
}

/** What shrinks may stay above a quota that was lowered meanwhile. */
function isOver(next: KvUsage, total: KvUsage, quota: number): boolean {
  return (next.bytes > quota && next.bytes > total.bytes) || (next.keys > MAX_KEYS && next.keys > total.keys);
}

function overQuota(quota: number): ClocheError {
  const limits = `${quota} bytes, ${MAX_KEYS} keys, ${MAX_KEY_BYTES} bytes a key`;
  return new ClocheError('QUOTA_EXCEEDED', `It is more than the plugin may keep: ${limits}`);
}

function putTotal(store: Objects, usage: KvUsage): void {
  store.put({ ...usage, stamp: newStamp() }, TOTAL_KEY);
}

function isSame(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function stampOf(total: unknown): Stamp {
  return isUsage(total) && 'stamp' in total && typeof total.stamp === 'number' ? total.stamp : undefined;
}

function isUsage(value: unknown): value is KvUsage {
  if (typeof value !== 'object' || value === null) return false;
  return 'bytes' in value && isCount(value.bytes) && 'keys' in value && isCount(value.keys);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Strings from `first` on, or after it: every array comes after them. */
function stringsFrom(first: string, after = false): KeyRange {
  return { from: first, to: [], after };
}

function sizeOf(key: string, value: Uint8Array): number {
  return utf8Bytes(key) + value.byteLength;
}
