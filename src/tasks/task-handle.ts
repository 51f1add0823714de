// One execution, as its caller has it.

import type { TaskInfo, TaskProgress, TaskResult, TaskState } from './task.ts';

/** Tells of `change`. */
export class TaskHandle extends EventTarget {
  readonly id: string;
  /**
   * What each plugin gave, when all have ended.
   * Rejects with the error of the first that failed, ABORTED where it was cancelled, CLOSED where its host was closed before.
   */
  readonly result: Promise<readonly TaskResult[]>;
  readonly #info: () => TaskInfo;
  readonly #cancel: () => void;

  /** @internal */
  constructor(id: string, result: Promise<readonly TaskResult[]>, info: () => TaskInfo, cancel: () => void) {
    super();
    this.id = id;
    this.result = result;
    this.#info = info;
    this.#cancel = cancel;
    // Whoever only looks at its state has seen that it failed.
    result.catch(() => undefined);
  }

  get name(): string {
    return this.#info().name;
  }

  get state(): TaskState {
    return this.#info().state;
  }

  get progress(): TaskProgress {
    return this.#info().progress;
  }

  /** Ends it, and the call that it has under way; what is over stays as it is. */
  cancel(): void {
    this.#cancel();
  }
}
