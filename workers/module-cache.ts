// What a new worker is handed: its way to the page, and compiled modules that it may borrow instead of compiling.

import type { Endpoint } from 'comlink';
import type { FromWorker, ToWorker } from '../src/runtime/wire/protocol.ts';

/** What is used of a worker's global scope. */
export interface WorkerScope extends EventTarget {
  postMessage(message: unknown, transfer?: Transferable[]): void;
}

export class ModuleCache {
  /** The private way to the page; it is told once. */
  readonly page: Promise<Endpoint>;
  readonly #cached: Promise<Map<string, WebAssembly.Module>>;
  readonly #holder: Endpoint;

  constructor(scope: WorkerScope) {
    const { promise: page, resolve: resolvePage } = Promise.withResolvers<Endpoint>();
    const { promise: cached, resolve: resolveCached } = Promise.withResolvers<Map<string, WebAssembly.Module>>();
    this.page = page;
    this.#cached = cached;
    const holder = channelOf(scope);
    this.#holder = holder;
    const hear = (event: Event): void => {
      const { data } = event as MessageEvent<ToWorker>;
      if (data.type === 'PORT') resolvePage(besidePort(data.port, holder));
      if (data.type === 'HELD') resolvePage(holder);
      if (data.type !== 'MODULES') return;
      resolveCached(new Map(data.modules));
      scope.removeEventListener('message', hear);
    };
    scope.addEventListener('message', hear);
  }

  /** Modules that are compiled already, here or in another worker, by key. Waits for the word of what holds the worker. */
  cached(): Promise<ReadonlyMap<string, WebAssembly.Module>> {
    return this.#cached;
  }

  /** Gives away freshly compiled modules. Must come before any code of the guest runs: whoever keeps them trusts that. */
  async give(modules: readonly (readonly [string, WebAssembly.Module])[]): Promise<void> {
    if (modules.length === 0) return;
    this.#holder.postMessage({ type: 'COMPILED', modules } satisfies FromWorker);
    const cached = await this.#cached;
    for (const [key, module] of modules) cached.set(key, module);
  }
}

/** The port to the page, which may also say something by what holds the worker. */
function besidePort(port: MessagePort, holder: Endpoint): Endpoint {
  return {
    postMessage: port.postMessage.bind(port),
    addEventListener(type, listener) {
      port.addEventListener(type, listener);
      holder.addEventListener(type, listener);
    },
    removeEventListener(type, listener) {
      port.removeEventListener(type, listener);
      holder.removeEventListener(type, listener);
    },
    start: () => port.start(),
  };
}

/** The worker's own channel, as it is before the lockdown. */
function channelOf(scope: WorkerScope): Endpoint {
  return {
    postMessage: scope.postMessage.bind(scope),
    addEventListener: scope.addEventListener.bind(scope),
    removeEventListener: scope.removeEventListener.bind(scope),
  };
}
