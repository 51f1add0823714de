// Whose turn it is: one question at a time in the whole page, and an end to those of a plugin that asks too often.

import { WorkQueue } from '../../../util/async/work-queue.ts';

/** From this many questions of one plugin within this time on, in ms, there may be no more of them. */
const MANY = 3;
const MANY_WITHIN_MS = 60_000;

export class Turns {
  readonly #queue = new WorkQueue();
  /** Of questions while a package is installed that was decided on: it may ask as it is tried. */
  #within: WorkQueue | undefined;
  readonly #askedAt = new Map<string, number[]>();
  readonly #muted = new Set<string>();

  /** Runs after what was begun before it. @returns undefined where the signal was aborted before its turn came */
  take<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T | undefined> {
    return this.#queue.add(() => (signal?.aborted ? undefined : work()));
  }

  /** As `take`; what a plugin asks as it is installed does not wait for the end of that, which waits for the answer. */
  takeQuestion<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | undefined> {
    return (this.#within ?? this.#queue).add(() => (signal.aborted ? undefined : work()));
  }

  /**
   * Runs what a person has said yes to, in the turn of that. It lasts until what was asked meanwhile is answered, by whatever plugin:
   * else the next dialog would lie over that one, and a press meant for the upper could meet the lower.
   */
  async carryOut<T>(work: () => Promise<T>): Promise<T> {
    const within = new WorkQueue();
    this.#within = within;
    try {
      return await work();
    } finally {
      this.#within = undefined;
      await within.add(() => undefined);
    }
  }

  /** A plugin asks. @returns whether it has asked so often that somebody may want an end to it */
  isMany(plugin: string, now = performance.now()): boolean {
    const recent = [...(this.#askedAt.get(plugin) ?? []).filter((time) => now - time < MANY_WITHIN_MS), now];
    this.#askedAt.set(plugin, recent.slice(-MANY));
    return recent.length >= MANY;
  }

  /** No more questions of the plugin until the page is left. */
  mute(plugin: string): void {
    this.#muted.add(plugin);
  }

  isMuted(plugin: string): boolean {
    return this.#muted.has(plugin);
  }
}

/** Those of this page: a modal dialog holds up all of it. */
export const turns = new Turns();
