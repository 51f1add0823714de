// Opens after too many kills in a row of time, so that a plugin which loops at each start is not started for ever.

const KILLS = 3;
const WINDOW_MS = 60_000;

export class CircuitBreaker {
  #kills: number[] = [];

  /** Counts a kill. Returns whether the plugin has had its chances. */
  trip(now = performance.now()): boolean {
    this.#kills = [...this.#kills.filter((time) => now - time < WINDOW_MS), now];
    return this.#kills.length >= KILLS;
  }

  reset(): void {
    this.#kills = [];
  }
}
