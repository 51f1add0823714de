// Channels: bytes that one end writes and the other reads, within one plugin. Who waits for them is called once the call has ended
// in which they came. Waiters are of an owner: the one instance of a worker, or one of several that the page keeps them for.

import type { Budget } from './budget.ts';
import { trap } from './trap.ts';

/** A call of the guest that is due. */
export type Due<O = undefined> = (Heard | Task) & { readonly owner: O };

interface Heard {
  readonly fun: number;
  readonly data: number;
  readonly closed: boolean;
}

/** Something that the guest waits for. */
interface Task {
  readonly task: bigint;
  readonly canceled: boolean;
}

interface Listener<O> {
  readonly fun: number;
  readonly data: number;
  readonly owner: O;
}

interface Waiter<O> {
  readonly task: bigint;
  readonly count: number;
  readonly owner: O;
}

/** Writes are put together up to this: what is kept of a byte is many times as large. */
const CHUNK_BYTES = 4_096;
/** That wait at one channel at once. */
const MOST_WAITERS = 1_000;

export class Channel<O = undefined> {
  readonly #budget: Budget;
  #chunks: Uint8Array[] = [];
  #waiting = 0;
  #closed = false;
  #abandoned = false;
  #listener: Listener<O> | undefined;
  #waiters: Waiter<O>[] = [];
  /** Something has come that its listener has not heard of. */
  #isNews = false;
  /** Something has come since those who wait were looked at. */
  #hasChanged = false;
  /** Its listener is being called, and hears of what comes meanwhile once it is back. */
  isTelling = false;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Bytes that nobody has read. */
  get waiting(): number {
    return this.#waiting;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Nobody is left who could read it. */
  get isAbandoned(): boolean {
    return this.#abandoned;
  }

  /**
   * What is written to a closed one is lost, as to one that nobody reads.
   * @throws {WebAssembly.RuntimeError} where there is no room for it
   */
  write(bytes: Uint8Array): void {
    if (this.#closed || this.#abandoned || bytes.length === 0) return;
    this.#budget.take(bytes.length, 'what waits in a channel');
    const last = this.#chunks.at(-1);
    if (last && last.length + bytes.length <= CHUNK_BYTES) {
      const both = new Uint8Array(last.length + bytes.length);
      both.set(last);
      both.set(bytes, last.length);
      this.#chunks[this.#chunks.length - 1] = both;
    } else this.#chunks.push(bytes);
    this.#waiting += bytes.length;
    this.#isNews = true;
    this.#hasChanged = true;
  }

  /** At most so many, and what is there now. */
  read(most = this.#waiting): Uint8Array {
    const taken = new Uint8Array(Math.max(0, Math.min(most, this.#waiting)));
    let length = 0;
    let chunks = 0;
    for (const chunk of this.#chunks) {
      if (length === taken.length) break;
      const part = chunk.subarray(0, taken.length - length);
      taken.set(part, length);
      length += part.length;
      if (part.length < chunk.length) this.#chunks[chunks] = restOf(chunk, part.length);
      else chunks++;
    }
    if (chunks > 0) this.#chunks = this.#chunks.slice(chunks);
    this.#waiting -= length;
    this.#budget.give(length);
    return taken;
  }

  close(): void {
    this.#isNews ||= !this.#closed;
    this.#hasChanged ||= !this.#closed;
    this.#closed = true;
  }

  /** Its reading end is gone: what waits in it is nobody's, and who waits for more is told so. */
  abandon(): void {
    this.#abandoned = true;
    this.#hasChanged = true;
    this.read();
  }

  /** Replaces who listened. What is there already is news to it. */
  listen(listener: Listener<O>): void {
    this.#listener = listener;
    this.#isNews = this.#waiting > 0 || this.#closed;
  }

  unlisten(): void {
    this.#listener = undefined;
  }

  /** Nothing is waited for any more by one that has ended. */
  forget(owner: O): void {
    this.#waiters = this.#waiters.filter((waiter) => waiter.owner !== owner);
    if (this.#listener?.owner === owner) this.unlisten();
  }

  /** @returns whether there is nothing to wait for @throws {WebAssembly.RuntimeError} where too many wait already */
  wait(task: bigint, count: number, owner: O): boolean {
    if (this.#waiting >= count || this.#closed) return true;
    if (this.#waiters.length >= MOST_WAITERS) throw trap(`${MOST_WAITERS} tasks wait at one channel already`);
    this.#waiters.push({ task, count, owner });
    return false;
  }

  /** What is to be called now; once. */
  *due(): Generator<Due<O>> {
    const satisfied = this.#hasChanged ? this.#takeSatisfied() : [];
    for (const { task, count, owner } of satisfied) yield { task, canceled: this.#waiting < count, owner };
    if (!this.#isNews || this.isTelling) return;
    this.#isNews = false;
    if (this.#listener) yield { ...this.#listener, closed: this.#closed };
  }

  #takeSatisfied(): Waiter<O>[] {
    this.#hasChanged = false;
    const satisfied: Waiter<O>[] = [];
    const others: Waiter<O>[] = [];
    const isOver = this.#closed || this.#abandoned;
    for (const waiter of this.#waiters) (this.#waiting >= waiter.count || isOver ? satisfied : others).push(waiter);
    this.#waiters = others;
    return satisfied;
  }
}

/** What was read is let go of, once it is more than half. */
function restOf(chunk: Uint8Array, from: number): Uint8Array {
  const rest = chunk.subarray(from);
  return rest.length * 2 > chunk.buffer.byteLength ? rest : rest.slice();
}
