// Extism vars: byte strings that live as long as the plugin's worker.

import { ClocheError } from '../../src/errors.ts';

/** What the native runtime adds to key and value for each var (EX37). */
const OVERHEAD_BYTES = 48;

export class Vars {
  readonly #values = new Map<string, Uint8Array>();
  readonly #limit: number;
  /** Bytes counted against the limit. */
  size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): Uint8Array | undefined {
    return this.#values.get(key);
  }

  /** @throws {ClocheError} QUOTA_EXCEEDED, with the words of the native runtime. */
  set(key: string, value: Uint8Array): void {
    this.#assertEnabled();
    const cost = costOf(key, value);
    // As natively, the new value counts beside the one it replaces.
    if (this.size + cost > this.#limit) throw new ClocheError('QUOTA_EXCEEDED', 'Variable store is full');
    this.#drop(key);
    this.#values.set(key, value);
    this.size += cost;
  }

  /** @throws {ClocheError} QUOTA_EXCEEDED where vars are off, also when there is nothing to delete. */
  delete(key: string): void {
    this.#assertEnabled();
    this.#drop(key);
  }

  #drop(key: string): void {
    const old = this.#values.get(key);
    if (!old) return;
    this.#values.delete(key);
    this.size -= costOf(key, old);
  }

  #assertEnabled(): void {
    if (this.#limit === 0) throw new ClocheError('QUOTA_EXCEEDED', 'Vars are disabled by this host');
  }
}

function costOf(key: string, value: Uint8Array): number {
  return new TextEncoder().encode(key).length + value.length + OVERHEAD_BYTES;
}
