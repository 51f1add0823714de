// The data of an installation in memory, while one of its calls asks for much, and what was written there, in groups.
//
// 1. It answers only while this host holds the lock of the data, and no longer than `TRUST_MS` after it has looked whether
//    the database has another stamp than it knows. Who holds no lock goes by transactions, and waits for nobody.
// 2. A write is accepted at once, within the quota as memory knows it, and stored within `GROUP_MS`, with what was accepted
//    beside it, in one transaction: all of a group or nothing.
// 3. That transaction looks at the stamp too. Where others have written meanwhile, it judges the group by what is stored.
// 4. What the database refuses, memory does not keep: after a group that failed it answers nothing and stores nothing any
//    more, and whoever closes it is told.

import type { Database } from '../../database/indexed-db.ts';
import { ClocheError, messageOf } from '../../errors.ts';
import { type LeaseTerms, writeLease } from '../../runtime/wire/lease.ts';
import { dispose } from '../../util/dispose.ts';
import type { WebLock } from '../../util/web-lock.ts';
import type { KvAccess } from './kv-store.ts';
import {
  type KvContent,
  type KvUsage,
  MAX_KEY_BYTES,
  MAX_KEYS,
  newStamp,
  putAll,
  readAll,
  readStamp,
  usageWith,
  usageWithout,
} from './records.ts';

/** How long an accepted write may wait for others to be stored with, in ms. */
const GROUP_MS = 50;

/** How long memory is believed after a look at the database, in ms: other tabs may write, and do not say so. */
const TRUST_MS = 100;

/** What has grown beyond this many bytes is not kept in memory. */
const MOST_BYTES = 8 << 20;

/** What has more bytes than this is not leased: writing and sending it is to take no longer than some accesses. */
const MOST_LEASED_BYTES = 1 << 18;

/** A lease that runs out sooner is not worth that, in ms. */
const SHORTEST_LEASE_MS = 5;

export class WriteBehind implements KvAccess {
  readonly #database: Database;
  readonly #lock: WebLock;
  readonly #content: KvContent;
  #usage: KvUsage;
  #stamp: KvContent['stamp'];
  /** When the database was looked at last: that and no later is what memory knows. */
  #seenAt: number;
  #isStale = false;
  #group = new Map<string, Uint8Array | null>();
  /** The highest that a write of the group was accepted under: it may have been lowered since. */
  #quota = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #storing: Promise<void> = Promise.resolve();
  #failure: ClocheError | undefined;
  #closing: Promise<void> | undefined;

  private constructor(database: Database, lock: WebLock, content: KvContent, seenAt: number) {
    this.#database = database;
    this.#lock = lock;
    this.#content = content;
    this.#usage = content.usage;
    this.#stamp = content.stamp;
    this.#seenAt = seenAt;
  }

  /**
   * @param most bytes that are worth reading
   * @returns undefined where there are more, or somebody else has the lock
   * @throws {ClocheError} STORAGE_FAILED
   */
  static async open(
    database: Database,
    tryLock: () => Promise<WebLock | undefined>,
    most: number,
  ): Promise<WriteBehind | undefined> {
    const lock = await tryLock();
    if (!lock) return undefined;
    let content: KvContent | undefined;
    const seenAt = performance.now();
    try {
      content = await database.transact('readonly', (store) => readAll(store, Math.min(most, MOST_BYTES)));
    } finally {
      if (!content) lock[dispose]();
    }
    return content && new WriteBehind(database, lock, content, seenAt);
  }

  /** Whether it may answer now. */
  get isFresh(): boolean {
    return this.#isSound && performance.now() - this.#seenAt <= TRUST_MS;
  }

  /** Whether it may answer after a look at the database. @throws {ClocheError} STORAGE_FAILED where that fails */
  async refresh(): Promise<boolean> {
    if (!this.isFresh) await this.#look();
    return this.#isSound;
  }

  async get(key: string): Promise<Uint8Array | null> {
    return this.#content.values.get(key)?.slice() ?? null;
  }

  async set(key: string, value: Uint8Array, quota: number): Promise<boolean> {
    const old = this.#content.values.get(key) ?? null;
    const usage = usageWith(this.#usage, key, old, value, quota);
    if (!usage) return false;
    this.#content.values.set(key, value);
    this.#quota = Math.max(this.#quota, quota);
    this.#accept(key, value, usage);
    return true;
  }

  async delete(key: string): Promise<boolean> {
    const old = this.#content.values.get(key);
    if (!old) return false;
    this.#content.values.delete(key);
    this.#accept(key, null, usageWithout(this.#usage, key, old));
    return true;
  }

  async keys(prefix = ''): Promise<string[]> {
    return [...this.#content.values.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  /**
   * What the worker may answer from in its place, no longer than it may itself. What is written there has to be written here
   * as well, before anything else.
   * @param askedAt when the worker asked, or later
   * @returns undefined where all that is stored is large, or has to be looked at soon
   */
  lease(limits: Pick<LeaseTerms, 'mostBytes' | 'mostValueBytes'>, askedAt: number): Uint8Array | undefined {
    const trustMs = this.#seenAt + TRUST_MS - askedAt;
    const { bytes } = this.#usage;
    const { values } = this.#content;
    if (!this.isFresh || trustMs < SHORTEST_LEASE_MS || bytes > MOST_LEASED_BYTES) return undefined;
    // What an app has stored under any other key would be found under the wrong one.
    if (![...values.keys()].every((key) => key.isWellFormed())) return undefined;
    return writeLease({
      terms: { trustMs, bytes, ...limits, mostKeys: MAX_KEYS, mostKeyBytes: MAX_KEY_BYTES },
      values,
    });
  }

  /**
   * Stores what was accepted, and lets go of the lock. Of several closings each hears how the one ended.
   * @throws {ClocheError} STORAGE_FAILED where something was accepted that could not be stored, now or earlier
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#store();
    this.#lock[dispose]();
    if (this.#failure) throw this.#failure;
  }

  get #isSound(): boolean {
    return !(this.#isStale || this.#failure || this.#lock.isLost || this.#usage.bytes > MOST_BYTES);
  }

  #accept(key: string, value: Uint8Array | null, usage: KvUsage): void {
    this.#usage = usage;
    this.#group.set(key, value);
    this.#timer ??= setTimeout(() => void this.#store(), GROUP_MS);
  }

  /** By the transaction that stores what waits, or else by one that only looks. */
  async #look(): Promise<void> {
    if (this.#group.size > 0) return this.#store();
    await this.#storing;
    const seenAt = performance.now();
    const stamp = await this.#database.transact('readonly', readStamp);
    this.#isStale ||= stamp === undefined || stamp !== this.#stamp;
    this.#seenAt = seenAt;
  }

  /** Stores what waits, after what waited before. Fails never: `#failure` says what went wrong. */
  #store(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#storing = this.#storing.then(() => this.#storeGroup());
    return this.#storing;
  }

  async #storeGroup(): Promise<void> {
    const [writes, quota] = [this.#group, this.#quota];
    if (writes.size === 0 || this.#failure) return;
    this.#group = new Map();
    this.#quota = 0;
    const known = { stamp: this.#isStale ? undefined : this.#stamp, usage: this.#usage };
    const [stamp, seenAt] = [newStamp(), performance.now()];
    try {
      const wasKnown = await this.#database.transact('readwrite', (store) =>
        putAll(store, writes, known, stamp, quota),
      );
      this.#isStale ||= !wasKnown;
      this.#stamp = stamp;
      this.#seenAt = seenAt;
    } catch (cause) {
      const what = `${writes.size} accepted ${writes.size === 1 ? 'write was' : 'writes were'} not stored`;
      this.#failure = new ClocheError('STORAGE_FAILED', `${what}: ${messageOf(cause)}`, { cause });
    }
  }
}
