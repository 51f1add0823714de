// The sandboxes of one kind of isolation: opens what they need when the first is wanted, and keeps spares warm.

import { asyncDispose, dispose } from '../util/dispose.ts';
import type { SandboxBackend } from './isolation/backend.ts';
import { frameRemoved } from './isolation/frame-guard.ts';
import { hostClosed } from './runner-errors.ts';
import { Sandbox } from './sandbox.ts';

/** Workers that are kept warm: a plugin that is killed finds one, and the next one too. */
export const SPARES = 2;
/** After one was taken, and between two: a worker that boots slows plugins that start, which come together. In ms. */
const SPARE_AFTER_MS = 1_000;

/** Workers: those that serve a plugin, and those that are kept warm. */
export interface Population {
  readonly plugins: number;
  readonly spares: number;
}

export class SandboxSupply implements AsyncDisposable {
  readonly #open: () => Promise<SandboxBackend>;
  #backend: Promise<SandboxBackend> | undefined;
  #spares: Sandbox[] = [];
  #filling: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(open: () => Promise<SandboxBackend>) {
    this.#open = open;
  }

  /** Opens it and warms a spare, so that the first plugin finds a worker ready. */
  async warm(): Promise<void> {
    this.#addSpare(await this.backend());
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
        // The page has thrown its frame out. The workers are gone with it, and so are the spares.
        forget();
        this.#dropLost();
        return this.backend();
      },
      (thrown) => {
        forget();
        throw thrown;
      },
    );
  }

  /**
   * The spare that is longest there, or a new one.
   * @param source what its worker is to run, where that is not what spares run
   */
  take(backend: SandboxBackend, source?: string): Sandbox {
    if (source !== undefined) return newSandbox(backend, source);
    this.#dropLost();
    const sandbox = this.#spares.shift() ?? newSandbox(backend);
    this.#fillLater(backend);
    return sandbox;
  }

  /** Workers at present. */
  async population(): Promise<Population> {
    const workers = (await this.#backend)?.workerHost.workerCount ?? 0;
    const spares = Math.min(workers, this.#spares.length);
    return { plugins: workers - spares, spares };
  }

  /** Lets go of the spares and of what holds the workers, with all sandboxes in it. */
  async [asyncDispose](): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#filling);
    for (const spare of this.#spares.splice(0)) spare[dispose]();
    const backend = this.#backend;
    this.#backend = undefined;
    // What never opened has nothing to close, and its caller was told why.
    await backend?.then(
      ({ workerHost }) => workerHost[dispose](),
      () => undefined,
    );
  }

  /** One after the other. */
  #fillLater(backend: SandboxBackend): void {
    this.#filling ??= setTimeout(() => {
      this.#filling = undefined;
      this.#addSpare(backend);
      if (this.#mayHaveMore(backend)) this.#fillLater(backend);
    }, SPARE_AFTER_MS);
  }

  #addSpare(backend: SandboxBackend): void {
    this.#dropLost();
    if (this.#mayHaveMore(backend)) this.#spares.push(newSandbox(backend));
  }

  #mayHaveMore({ workerHost }: SandboxBackend): boolean {
    return !this.#closed && workerHost.alive && this.#spares.length < SPARES;
  }

  /** One whose frame was thrown out still holds its way of waiting. */
  #dropLost(): void {
    for (const spare of this.#spares) if (!spare.alive) spare.end(frameRemoved());
    this.#spares = this.#spares.filter(({ alive }) => alive);
  }
}

function newSandbox({ workerHost, openAnswerChannel }: SandboxBackend, source?: string): Sandbox {
  return new Sandbox(workerHost, openAnswerChannel(), source);
}
