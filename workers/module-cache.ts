// What the cell hands to a new worker: its port, and compiled modules that it may borrow instead of compiling.

import type { FromWorker, ToWorker } from '../src/runtime/wire/protocol.ts';

/** What is used of a worker's global scope. */
export interface WorkerScope extends EventTarget {
  postMessage(message: FromWorker): void;
}

export class ModuleCache {
  /** The private port to the page; it arrives once. */
  readonly port: Promise<MessagePort>;
  readonly #cached: Promise<Map<string, WebAssembly.Module>>;
  readonly #toCell: (message: FromWorker) => void;

  constructor(scope: WorkerScope) {
    const { promise: port, resolve: resolvePort } = Promise.withResolvers<MessagePort>();
    const { promise: cached, resolve: resolveCached } = Promise.withResolvers<Map<string, WebAssembly.Module>>();
    this.port = port;
    this.#cached = cached;
    this.#toCell = scope.postMessage.bind(scope);
    scope.addEventListener('message', (event) => {
      const { data } = event as MessageEvent<ToWorker>;
      if (data.type === 'PORT') resolvePort(data.port);
      if (data.type === 'MODULES') resolveCached(new Map(data.modules));
    });
  }

  /** Modules that are compiled already, here or in another worker, by key. Waits for the cell's word. */
  cached(): Promise<ReadonlyMap<string, WebAssembly.Module>> {
    return this.#cached;
  }

  /** Gives freshly compiled modules to the cell. Must come before any code of the guest runs: the cell trusts it. */
  async give(modules: readonly (readonly [string, WebAssembly.Module])[]): Promise<void> {
    if (modules.length === 0) return;
    this.#toCell({ type: 'COMPILED', modules });
    const cached = await this.#cached;
    for (const [key, module] of modules) cached.set(key, module);
  }
}
