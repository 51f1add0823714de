// Workers that the page itself holds: what it says to one goes through the `Worker`, which costs less than a port.

import { dispose } from '../../util/dispose.ts';
import { hostClosed } from '../runner-errors.ts';
import type { ToWorker } from '../wire/protocol.ts';
import { CompiledModules, isDelivery } from './compiled-modules.ts';
import { RecentKeys } from './recent-keys.ts';
import { startWorker } from './start-worker.ts';
import type { Death, PluginWorker, WorkerContainer, WorkerHost, WorkerPort } from './worker-host.ts';

export class PageWorkerHost implements WorkerHost {
  readonly workerDirective: string;
  readonly #newWorker: (source?: string) => Worker;
  readonly #container: WorkerContainer;
  readonly #modules = new CompiledModules();
  readonly #keys = new RecentKeys();
  readonly #workers = new Set<HeldWorker>();
  #closed = false;

  /** @param newWorker makes one that runs what it is given, or what all run; may throw, as `new Worker` does */
  constructor(newWorker: (source?: string) => Worker, workerDirective: string, container: WorkerContainer) {
    this.workerDirective = workerDirective;
    this.#newWorker = newWorker;
    this.#container = container;
  }

  spawn(source?: string): PluginWorker {
    if (this.#closed) throw hostClosed();
    const worker = new HeldWorker(() => this.#newWorker(source), this.#modules, {
      ended: () => this.#workers.delete(worker),
      compiled: (keys) => this.#modules.delete(this.#keys.add(keys)),
    });
    this.#workers.add(worker);
    worker.start();
    return worker;
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  get alive(): boolean {
    return !this.#closed && this.#container.isAttached();
  }

  get workerCount(): number {
    return this.#workers.size;
  }

  /** Ends all workers, and takes down what they stand in. */
  [dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const worker of [...this.#workers]) worker[dispose]();
    this.#container[dispose]();
  }

  /** The page has taken away what they stood in: a worker says nothing of its end then. */
  lose(): void {
    const workers = [...this.#workers];
    this[dispose]();
    for (const worker of workers) worker.die({ message: '', why: 'removed' });
  }
}

interface Listeners {
  /** However that came. */
  ended(): void;
  compiled(keys: readonly string[]): void;
}

class HeldWorker implements PluginWorker, WorkerPort {
  readonly port: WorkerPort = this;
  readonly sharesProcess = true;
  readonly died: Promise<Death>;
  readonly die: (death: Death) => void;
  onmessage: WorkerPort['onmessage'] = null;
  onmessageerror: WorkerPort['onmessageerror'] = null;
  readonly #newWorker: () => Worker;
  readonly #modules: CompiledModules;
  readonly #listeners: Listeners;
  #worker: Worker | undefined;
  /** Keys that it was asked to compile and has not delivered yet. */
  #expected: ReadonlySet<string> = new Set();

  constructor(newWorker: () => Worker, modules: CompiledModules, listeners: Listeners) {
    this.#newWorker = newWorker;
    this.#modules = modules;
    this.#listeners = listeners;
    ({ promise: this.died, resolve: this.die } = Promise.withResolvers<Death>());
  }

  start(): void {
    const worker = startWorker(this.#newWorker, (message, why) => {
      this[dispose]();
      this.die({ message, why });
    });
    this.#worker = worker;
    if (!worker) return;
    worker.onmessage = (event: MessageEvent<unknown>) => this.#hear(event);
    worker.onmessageerror = (event) => this.onmessageerror?.(event);
    this.#send({ type: 'HELD' });
  }

  loadModules(keys: readonly string[]): void {
    this.#expected = this.#modules.missing(keys);
    this.#send({ type: 'MODULES', modules: this.#modules.lend(keys) });
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    this.#worker?.postMessage(message, transfer);
  }

  /** What it still says is heard by nobody. */
  close(): void {
    this.onmessage = null;
    this.onmessageerror = null;
  }

  [dispose](): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#listeners.ended();
  }

  #hear(event: MessageEvent<unknown>): void {
    if (!this.#worker) return;
    const expected = this.#expected;
    // One that nobody asked for is a message of no known form to whoever listens.
    if (expected.size === 0 || !isDelivery(event.data)) {
      this.onmessage?.(event);
      return;
    }
    this.#expected = new Set();
    const keys = this.#modules.keep(expected, event.data);
    if (keys.length > 0) this.#listeners.compiled(keys);
  }

  #send(message: ToWorker): void {
    this.postMessage(message);
  }
}
