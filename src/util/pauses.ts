// Pauses in long work, so that the page it runs in stays responsive.

/** Work between two pauses, in ms. */
const BUSY_MS = 12;

export class Pauses {
  readonly #signal: AbortSignal | undefined;
  #since = performance.now();

  /** @param signal ends the work at its next pause */
  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** Whether it is time for {@link take}: asked after each step, which must be a short one. */
  get due(): boolean {
    return performance.now() - this.#since > BUSY_MS;
  }

  /** Does all steps, with a pause whenever it is time for one. */
  async through<T>(steps: Steps<T>): Promise<T> {
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      if (this.due) await this.take();
    }
  }

  /** Lets whatever else the page has to do run first. @throws the reason of the signal */
  async take(): Promise<void> {
    // Timers wait longer and longer, for a whole second in a tab that is hidden.
    await messageTurns(1);
    this.#signal?.throwIfAborted();
    this.#since = performance.now();
  }
}

/** Work in short steps: between any two of them others may have a turn. */
export type Steps<T> = Generator<void, T>;

/** Does all steps, with a pause whenever it is time for one. @param signal ends the work at its next pause */
export function withPauses<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  return new Pauses(signal).through(steps);
}

/** Does all steps in one go: for what is short. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Resolves when a message of the page to itself has come round so many times: others of its tasks have had their turns. */
export function messageTurns(count: number): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  let left = count;
  return new Promise((resolve) => {
    port1.onmessage = () => {
      if (--left > 0) return port2.postMessage(null);
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
