// Instances of a plugin beside its first, each in a worker of its own: under the same limits, counted together. They end with the first,
// and what kills one of them kills it.

import { ClocheError } from '../../errors.ts';
import type { Runner } from '../../runtime/runner.ts';
import type { RunnerContext } from '../../runtime/runner-context.ts';
import { dispose } from '../../util/dispose.ts';

const MOST = 4;

interface Instance {
  readonly runner: Runner;
  /** What its memory may grow to. */
  readonly memoryBytes: number;
  end(): void;
}

export interface StartedInstance {
  /** @throws {ClocheError} why it did not start */
  readonly started: Promise<void>;
  end(): void;
}

export class BackgroundInstances {
  readonly #main: Runner;
  readonly #running = new Set<Instance>();

  constructor(main: Runner) {
    this.#main = main;
  }

  /** @param args what its guest reads @throws {ClocheError} QUOTA_EXCEEDED */
  start(args: string): StartedInstance {
    if (this.#running.size >= MOST) {
      throw new ClocheError('QUOTA_EXCEEDED', `a plugin has at most ${MOST} instances in the background`);
    }
    let isStarted = false;
    const end = (): void => {
      this.#running.delete(instance);
      runner[dispose]();
    };
    const runner = this.#main.beside((own) => {
      const { sleep: _, ...guest } = own.guest;
      const limits = { ...own.limits, memoryBytes: this.#shareOf(own.limits.memoryBytes) };
      const killed: RunnerContext['killed'] = (error, call) => {
        own.killed(error, call);
        if (runner.quarantined) this.#main.quarantine(error);
        else this.#main.stop(error, true);
      };
      // It has no sleep to wake up from.
      const changed = (): void => {
        if (isStarted && !runner.live) end();
      };
      const inspected = (): void => undefined;
      const values = { guest: { ...guest, background: { args } }, limits, killed, changed, inspected };
      const entries = Object.entries(values).map(([name, value]) => [name, { value, enumerable: true }] as const);
      // All else as the first has it at the time.
      return Object.create(own, Object.fromEntries(entries)) as RunnerContext;
    });
    const instance: Instance = { runner, memoryBytes: runner.memoryBytes, end };
    this.#running.add(instance);
    runner.onFinish = () => void runner.settled.then(end);
    const started = runner.start().then(
      () => {
        isStarted = true;
      },
      (thrown: unknown) => {
        end();
        throw thrown;
      },
    );
    return { started, end };
  }

  /** The first may have grown since they were started: the last of them makes room. @returns how many ended */
  makeRoom(limit: number): number {
    let ended = 0;
    for (const instance of [...this.#running].reverse()) {
      if (this.#memoryBytes <= limit) break;
      instance.end();
      ended++;
    }
    return ended;
  }

  /** Half of what is left, so that there is some for others; but as much as the first has, which is of the same module. */
  #shareOf(limit: number): number {
    const left = Math.max(0, limit - this.#memoryBytes);
    return Math.min(left, Math.max(Math.floor(left / 2), this.#main.stats.use?.memoryBytes ?? 0));
  }

  get #memoryBytes(): number {
    const used = this.#main.stats.use?.memoryBytes ?? 0;
    return [...this.#running].reduce((sum, { memoryBytes }) => sum + memoryBytes, used);
  }
}
