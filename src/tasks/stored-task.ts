// When one task is stored: with each change of its state, and a moment after what its plugins tell or give meanwhile.

import { dispose } from '../util/dispose.ts';
import { Timer } from '../util/time/timer.ts';
import type { TaskRecord } from './task.ts';
import type { TaskStore } from './task-store.ts';

/** A plugin may tell more than a disk takes; as long as this it is in memory alone, in ms. */
const SOON_MS = 500;

export class StoredTask {
  readonly #store: Pick<TaskStore, 'put'>;
  readonly #record: () => TaskRecord;
  readonly #stored: () => void;
  /** One write after the other, or an older one could come last. Never rejects. */
  #writing: Promise<void> = Promise.resolve();
  #later: Timer | undefined;
  #hasFailed = false;

  /** @param record as it is by now @param stored told after each write */
  constructor(store: Pick<TaskStore, 'put'>, record: () => TaskRecord, stored: () => void) {
    this.#store = store;
    this.#record = record;
    this.#stored = stored;
  }

  /** @throws {ClocheError} STORAGE_FAILED */
  async now(): Promise<void> {
    this.#later?.[dispose]();
    this.#later = undefined;
    const written = this.#writing.then(() => this.#store.put(this.#record()));
    // Whoever has asked for it hears why.
    this.#writing = written.catch(() => undefined);
    await written;
    this.#stored();
  }

  /** What cannot be stored is reported once: with the next change of its state the task itself fails by it. */
  soon(): void {
    if (this.#hasFailed) return;
    this.#later ??= new Timer(SOON_MS, () => {
      this.now().catch((thrown: unknown) => {
        this.#hasFailed = true;
        reportError(thrown);
      });
    });
  }
}
