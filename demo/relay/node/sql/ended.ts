// What the last statements of transactions that have ended were answered: whoever has not heard it asks again with the same key.

import type { SqlAnswer } from '../../functions/sql.ts';

interface Last {
  readonly role: string;
  readonly key: string;
  readonly answer: Promise<SqlAnswer | undefined>;
}

/** Longer than a client goes on asking, in ms. */
const KEPT_MS = 60_000;
const MOST_KEPT = 1_000;

export class Ended {
  readonly #kept = new Map<string, Last & { readonly timer: NodeJS.Timeout }>();

  add(id: string, last: Last): void {
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= MOST_KEPT && oldest !== undefined) this.#forget(oldest);
    const timer = setTimeout(() => this.#forget(id), KEPT_MS);
    timer.unref();
    // Rows would be a lot to keep, and are worth nothing when their transaction is rolled back.
    const answer = last.answer.then((one) => (one && 'rows' in one && one.rows.length > 0 ? undefined : one));
    // Whoever has asked first hears what went wrong.
    answer.catch(() => undefined);
    this.#kept.set(id, { role: last.role, key: last.key, answer, timer });
  }

  /** Undefined where nothing was asked with this key. */
  async answer(id: string, role: string, key: string): Promise<SqlAnswer | undefined> {
    const last = this.#kept.get(id);
    return last?.role === role && last.key === key ? last.answer : undefined;
  }

  close(): void {
    for (const id of [...this.#kept.keys()]) this.#forget(id);
  }

  #forget(id: string): void {
    clearTimeout(this.#kept.get(id)?.timer);
    this.#kept.delete(id);
  }
}
