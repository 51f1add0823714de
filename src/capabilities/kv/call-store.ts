// What the host calls of an installation go through: each in its turn, in a transaction of its own at first, and from memory
// where a call asks for much.

import type { Database } from '../../database/indexed-db.ts';
import { CallEnd } from '../../runtime/calls/call-end.ts';
import { LeaseOffer } from '../../runtime/calls/lease-offer.ts';
import type { LeaseTerms } from '../../runtime/wire/lease.ts';
import { WorkQueue } from '../../util/async/work-queue.ts';
import type { WebLock } from '../../util/web-lock.ts';
import { type KvAccess, type KvPlace, type KvStore, kvStore, openKvDatabase } from './kv-store.ts';
import { noLock, tryLock } from './memory-lock.ts';
import { WriteBehind } from './write-behind.ts';

/** Accesses of a call before memory is worth its lock and its reading. */
const FEW = 3;

/** So much is read in the time of one access, in bytes: reading all is to cost no more than what was read one by one. */
const BYTES_PER_ACCESS = 1 << 16;

/** What the plugin may have of its data. */
type LeaseLimits = Pick<LeaseTerms, 'mostBytes' | 'mostValueBytes'>;

/** @param lock name of the one under which memory may answer; what is temporary needs none */
export function makeCallStore(installation: string, place: KvPlace, lock: string): CallStore {
  return new CallStore(openKvDatabase(installation, place), place.temporary ? noLock : () => tryLock(lock));
}

export class CallStore {
  readonly #database: Database;
  readonly #direct: KvStore;
  readonly #tryLock: () => Promise<WebLock | undefined>;
  readonly #queue = new WorkQueue();
  /** How many have a turn or wait for one. */
  #turns = 0;
  #accesses = 0;
  /** With how many accesses memory is worth a try: a try that came to nothing is repeated after twice as many. */
  #nextTry = FEW;
  #memory: WriteBehind | undefined;
  /** Ends the use of memory, at the end of each call that used it. */
  #settle: () => Promise<void> = async () => undefined;

  constructor(database: Database, tryLock: () => Promise<WebLock | undefined>) {
    this.#database = database;
    this.#direct = kvStore(database);
    this.#tryLock = tryLock;
  }

  /**
   * For a host call. What was accepted in memory is stored before its call settles, or else its call fails.
   * @param signal of the host call; where that belongs to no call, nothing is accepted that is not stored
   * @param limits under which what is in memory may be leased. @default it is not
   * @throws {ClocheError} STORAGE_FAILED; what the signal was aborted with, and then nothing is done
   */
  async use<T>(signal: AbortSignal, run: (store: KvAccess) => Promise<T>, limits?: () => LeaseLimits): Promise<T> {
    const end = CallEnd.of(signal);
    if (!end) return this.useStored(signal, run);
    if (this.#turns === 0 && this.#memory?.isFresh) {
      signal.throwIfAborted();
      this.#accesses++;
      end.add(this.#settle);
      return fromMemory(this.#memory, run, LeaseOffer.of(signal), limits);
    }
    return this.#inTurn(async () => {
      signal.throwIfAborted();
      end.add(this.#forget);
      const memory = await this.#find();
      if (memory) await this.#settleAt(end, memory);
      return memory ? fromMemory(memory, run, LeaseOffer.of(signal), limits) : run(this.#direct);
    });
  }

  /** For what must see, or change, what is stored. */
  useStored<T>(signal: AbortSignal, run: (store: KvStore) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      signal.throwIfAborted();
      await this.#close(this.#memory);
      return run(this.#direct);
    });
  }

  /** For the host itself. What was accepted and cannot be stored is told to the calls that wrote it. */
  forHost<T>(run: (store: KvStore) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      await this.#close(this.#memory).catch(() => undefined);
      return run(this.#direct);
    });
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    this.#turns++;
    return this.#queue.add(() => run().finally(() => this.#turns--));
  }

  async #find(): Promise<WriteBehind | undefined> {
    this.#accesses++;
    if (this.#memory) {
      if (await this.#memory.refresh()) return this.#memory;
      await this.#close(this.#memory);
    }
    if (this.#accesses < this.#nextTry) return undefined;
    this.#nextTry = this.#accesses * 2;
    const memory = await WriteBehind.open(this.#database, this.#tryLock, this.#accesses * BYTES_PER_ACCESS);
    this.#settle = () => this.#inTurn(() => this.#close(memory));
    this.#memory = memory;
    return memory;
  }

  async #settleAt(end: CallEnd, memory: WriteBehind): Promise<void> {
    try {
      end.add(this.#settle);
    } catch (ended) {
      // Meanwhile, so nobody else would close it.
      await this.#close(memory);
      throw ended;
    }
  }

  async #close(memory: WriteBehind | undefined): Promise<void> {
    if (this.#memory === memory) this.#memory = undefined;
    await memory?.close();
  }

  readonly #forget = async (): Promise<void> => {
    this.#accesses = 0;
    this.#nextTry = FEW;
  };
}

async function fromMemory<T>(
  memory: WriteBehind,
  run: (store: KvAccess) => Promise<T>,
  offer: LeaseOffer | undefined,
  limits: (() => LeaseLimits) | undefined,
): Promise<T> {
  const answer = await run(memory);
  if (limits && offer) offer.make(memory.lease(limits(), offer.askedAt));
  return answer;
}
