// The sandboxes of one kind of isolation: opens what they need when the first is wanted, and keeps a spare warm.

import { asyncDispose, dispose } from '../util/dispose.ts';
import type { SandboxBackend } from './isolation/backend.ts';
import { frameRemoved } from './isolation/frame-guard.ts';
import { hostClosed } from './runner-errors.ts';
import { Sandbox } from './sandbox.ts';

/** After a plugin has been started: two workers booting at once only slow each other. In ms. */
const SPARE_AFTER_MS = 50;

export class SandboxSupply implements AsyncDisposable {
  readonly #open: () => Promise<SandboxBackend>;
  #backend: Promise<SandboxBackend> | undefined;
  #spare: Sandbox | undefined;
  #closed = false;

  constructor(open: () => Promise<SandboxBackend>) {
    this.#open = open;
  }

  /** Opens it and warms the spare, so that the first plugin finds a worker ready. */
  async warm(): Promise<void> {
    this.#fillSpare(await this.backend());
  }

  /** A failed opening is forgotten, so that the next start tries again. */
  backend(): Promise<SandboxBackend> {
    if (this.#closed) return Promise.reject(hostClosed());
    this.#backend ??= this.#open();
    const opening = this.#backend;
    const forget = (): void => {
      if (this.#backend === opening) this.#backend = undefined;
    };
    return opening.then(
      (backend) => {
        if (backend.workerHost.alive) return backend;
        // The page has thrown its frame out. The workers are gone with it, and so is the spare.
        forget();
        this.#spare?.end(frameRemoved());
        return this.backend();
      },
      (thrown) => {
        forget();
        throw thrown;
      },
    );
  }

  /** The spare, or a new one. */
  take(backend: SandboxBackend): Sandbox {
    const sandbox = this.#spare?.alive ? this.#spare : newSandbox(backend);
    this.#spare = undefined;
    setTimeout(() => this.#fillSpare(backend), SPARE_AFTER_MS);
    return sandbox;
  }

  /** Workers at present, the spare included. */
  async workerCount(): Promise<number> {
    return (await this.#backend)?.workerHost.workerCount ?? 0;
  }

  /** Lets go of the spare and of what holds the workers, with all sandboxes in it. */
  async [asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#spare?.[dispose]();
    const backend = this.#backend;
    this.#backend = undefined;
    // What never opened has nothing to close, and its caller was told why.
    await backend?.then(
      ({ workerHost }) => workerHost[dispose](),
      () => undefined,
    );
  }

  #fillSpare(backend: SandboxBackend): void {
    if (this.#closed || !backend.workerHost.alive || this.#spare?.alive) return;
    // One whose frame was thrown out still holds its way of waiting.
    this.#spare?.end(frameRemoved());
    this.#spare = newSandbox(backend);
  }
}

function newSandbox({ workerHost, openAnswerChannel }: SandboxBackend): Sandbox {
  return new Sandbox(workerHost, openAnswerChannel());
}
