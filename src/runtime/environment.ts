// What the engine and the page can do, where plugins live therefore, and how they wait for host functions.

import type { StoragePlace } from '../database/open-database.ts';
import { ClocheError, messageOf } from '../errors.ts';
import { dispose } from '../util/dispose.ts';
import { loadChunk } from '../util/load-chunk.ts';
import { cellBackend, compartmentBackend, type OpaqueWay, type SandboxBackend } from './isolation/backend.ts';
import type { ProcessKind } from './isolation/cell/measure-process.ts';
import { knownProcess } from './isolation/cell/own-process.ts';
import { mayGiveOwnProcess } from './isolation/engine-choice.ts';
import type { HostCallWay } from './wire/protocol.ts';

/** What `host.environment` says. */
export interface Environment extends StoragePlace, IsolationFacts {}

/** What of it the engine and the page decide, for plugins that were not installed with an `isolation` of their own. */
export interface IsolationFacts {
  /** How a plugin waits for a host function. `none`: plugins run, and host functions that must wait fail by name. */
  readonly hostCalls: HostCallWay;
  /** Whose origin workers have. `same-origin` only for those that wait for a service worker. */
  readonly isolation: 'opaque-origin' | 'same-origin' | 'none';
  /** Which of the two kinds of an opaque origin it is, as in the option `isolation`; `none` where it is neither. */
  readonly mode: 'origin' | 'process' | 'none';
  /**
   * Whether workers have a process apart from the page's. No engine says, so of a cell it is `unknown` until it is measured,
   * which `requireOwnProcess` does.
   */
  readonly process: ProcessKind;
  /** Why it is so. */
  readonly reason: string;
}

/** What a host or a plugin can ask for; see `HostOptions`. */
export type IsolationChoice = 'auto' | 'origin' | 'process';

/** The same of a plugin. `own-process`: a cell that has a process of its own, or it does not run. */
export type PluginIsolation = IsolationChoice | 'own-process';

/** Where plugins can live: in a compartment, in a cell, or in workers of the page's own origin. */
export type BackendKind = 'origin' | 'process' | 'page';

/** How sandboxes of a host are made. */
export interface Isolation extends Disposable {
  readonly environment: IsolationFacts;
  /** Where plugins live that ask for nothing else. */
  readonly usual: BackendKind;
  /** Whether none runs but in a process of its own. */
  readonly requiresOwnProcess: boolean;
  open(kind: BackendKind): Promise<SandboxBackend>;
}

/** What was asked for; see `HostOptions`. */
export interface IsolationOptions {
  readonly hostCalls: 'auto' | HostCallWay;
  readonly serviceWorker: string | URL | undefined;
  readonly isolation: IsolationChoice;
  readonly requireOwnProcess: boolean;
}

/**
 * Never throws for a missing engine feature, unless that is required: it says so, and what needs the feature fails with a code
 * that names it.
 * @throws {ClocheError} ISOLATION_UNAVAILABLE
 */
export async function chooseIsolation(options: IsolationOptions): Promise<Isolation> {
  const missing = missingBasics();
  if (missing && options.requireOwnProcess) throw noOwnProcess(missing);
  if (missing) return unusable(missing);
  const isolation = new EngineIsolation(options);
  await isolation.choose();
  return isolation;
}

/** Of a host whose plugins are switched off as a whole: nothing is opened, and nothing asks for it. */
export function switchedOff(): Isolation {
  return unusable('plugins are switched off here as a whole');
}

/** @param why what is so instead */
export function noOwnProcess(why = 'this engine gives a sandboxed frame none'): ClocheError {
  const message = `\`requireOwnProcess\` demands a process apart from the page’s; ${why}`;
  return new ClocheError('ISOLATION_UNAVAILABLE', message);
}

class EngineIsolation implements Isolation {
  readonly requiresOwnProcess: boolean;
  readonly #options: IsolationOptions;
  /** Why each better way to wait was not taken. */
  readonly #refusals: string[] = [];
  #usual: BackendKind = 'process';
  #way: HostCallWay = 'none';
  /** Opened to see whether it opens, and not taken yet. */
  #early: SandboxBackend | undefined;
  /** Why there is no compartment, where there should be one. */
  #noCompartment: string | undefined;
  #openPage: (() => Promise<SandboxBackend>) | undefined;

  constructor(options: IsolationOptions) {
    this.#options = options;
    this.requiresOwnProcess = options.requireOwnProcess;
  }

  async choose(): Promise<void> {
    this.#way = await this.#chooseWay();
    this.#usual = this.#openPage ? 'page' : this.#wantsCompartment ? 'origin' : 'process';
    if (this.requiresOwnProcess) await this.#proveOwnProcess();
    else if (this.#usual === 'origin') this.#early ??= await this.#openOrigin();
  }

  get usual(): BackendKind {
    return this.#usual;
  }

  get environment(): IsolationFacts {
    if (this.#usual === 'page') {
      const reason = sentence(this.#refusals, WAITS['service-worker']);
      return { hostCalls: 'service-worker', isolation: 'same-origin', mode: 'none', process: 'shared', reason };
    }
    const isCompartment = this.#usual === 'origin' && this.#noCompartment === undefined;
    const way = isCompartment ? this.#wayInCompartment : this.#wayInCell;
    return {
      hostCalls: way,
      isolation: 'opaque-origin',
      mode: isCompartment ? 'origin' : 'process',
      process: isCompartment ? 'shared' : knownProcess(),
      reason: `${sentence(this.#refusals, WAITS[way])} ${this.#whyThere}`,
    };
  }

  async open(kind: BackendKind): Promise<SandboxBackend> {
    const early = this.#early;
    if (kind === this.#usual && early) {
      this.#early = undefined;
      return early;
    }
    if (kind === 'page' && this.#openPage) return this.#openPage();
    return kind === 'origin' ? this.#openOrigin() : cellBackend(this.#wayInCell);
  }

  [dispose](): void {
    this.#early?.workerHost[dispose]();
  }

  get #wantsCompartment(): boolean {
    const { isolation, requireOwnProcess } = this.#options;
    if (requireOwnProcess) return false;
    // Shared memory does not reach into a cell.
    return isolation === 'origin' || (isolation === 'auto' && (this.#way === 'atomics' || !mayGiveOwnProcess()));
  }

  /** A cell where no compartment opens: that is not less, but for memory that a guest may need to wait. */
  async #openOrigin(): Promise<SandboxBackend> {
    try {
      const backend = await compartmentBackend(this.#wayInCompartment);
      this.#noCompartment = undefined;
      return backend;
    } catch (thrown) {
      this.#noCompartment = messageOf(thrown);
      return cellBackend(this.#wayInCell);
    }
  }

  async #chooseWay(): Promise<HostCallWay> {
    const { hostCalls } = this.#options;
    const refusals = this.#refusals;
    if (hostCalls === 'none') refusals.push('the host was made with `hostCalls: "none"`');
    const ways = [
      ['jspi', () => (hasJspi() ? undefined : 'the engine has no JSPI')],
      ['atomics', () => this.#tryAtomics()],
      ['service-worker', () => this.#tryServiceWorker()],
    ] as const;
    for (const [way, attempt] of ways) {
      if (hostCalls !== 'auto' && hostCalls !== way) continue;
      const refusal = await attempt();
      if (refusal === undefined) return way;
      refusals.push(refusal);
    }
    return 'none';
  }

  /** @returns what is in the way */
  async #tryAtomics(): Promise<string | undefined> {
    const { isolation, requireOwnProcess } = this.#options;
    if (!hasSharedMemory()) return 'the page is not cross-origin isolated, so it has no shared memory';
    if (isolation === 'process' || requireOwnProcess) return 'shared memory does not reach into a cell';
    try {
      this.#early = await compartmentBackend('atomics');
      return undefined;
    } catch (thrown) {
      return `no compartment opens (${messageOf(thrown)})`;
    }
  }

  /** @returns what is in the way */
  async #tryServiceWorker(): Promise<string | undefined> {
    const { serviceWorker, isolation, requireOwnProcess } = this.#options;
    if (serviceWorker === undefined) return 'no `serviceWorker` was given';
    if (isolation !== 'auto' || requireOwnProcess) return '`isolation` forbids workers of the page’s own origin';
    try {
      const { serviceWorkerBackend } = await loadChunk(() => import('./isolation/service-worker-backend.ts'));
      this.#openPage = await serviceWorkerBackend(serviceWorker);
      return undefined;
    } catch (thrown) {
      return `the service worker did not start (${messageOf(thrown)})`;
    }
  }

  get #wayInCompartment(): OpaqueWay {
    return this.#way === 'atomics' ? 'atomics' : this.#wayInCell;
  }

  /** Also for a plugin that asks for a cell on a host whose other plugins wait in another way. */
  get #wayInCell(): 'jspi' | 'none' {
    return this.#way === 'jspi' ? 'jspi' : 'none';
  }

  async #proveOwnProcess(): Promise<void> {
    const cell = await cellBackend(this.#wayInCell);
    if ((await cell.process()) === 'own') {
      this.#early = cell;
      return;
    }
    cell.workerHost[dispose]();
    throw noOwnProcess();
  }

  get #whyThere(): string {
    const { isolation, requireOwnProcess } = this.#options;
    const failure = this.#noCompartment;
    if (failure !== undefined) return `They live in a cell, as no compartment opens: ${failure}.`;
    const isCompartment = this.#usual === 'origin';
    const place = `They live in a ${isCompartment ? 'compartment' : 'cell'}, as`;
    if (isolation !== 'auto' || requireOwnProcess) return `${place} was asked for.`;
    if (this.#way === 'atomics') return `${place} shared memory reaches no further.`;
    return `${place} the engine ${isCompartment ? 'gives a cell no' : 'may give it a'} process of its own.`;
  }
}

const WAITS: Readonly<Record<HostCallWay, string>> = {
  jspi: 'the engine can suspend WebAssembly (JSPI), so plugins wait without blocking',
  atomics: 'plugins wait on shared memory',
  'service-worker': 'plugins wait for the page’s service worker, in workers of its own origin',
  none: 'plugins run, and host functions that must wait fail with HOST_CALLS_UNAVAILABLE',
};

function hasJspi(): boolean {
  return 'Suspending' in WebAssembly && 'promising' in WebAssembly;
}

function hasSharedMemory(): boolean {
  return globalThis.crossOriginIsolated && typeof SharedArrayBuffer === 'function';
}

function missingBasics(): string | undefined {
  if (typeof document === 'undefined') return 'there is no document to keep a frame in';
  if (typeof WebAssembly === 'undefined') return 'the engine has no WebAssembly';
  if (typeof Worker === 'undefined') return 'the engine has no workers';
  return undefined;
}

function unusable(why: string): Isolation {
  return {
    environment: {
      hostCalls: 'none',
      isolation: 'none',
      mode: 'none',
      process: 'unknown',
      reason: `No plugin can run here: ${why}.`,
    },
    usual: 'process',
    requiresOwnProcess: false,
    open: async () => {
      throw new ClocheError('START_FAILED', `No plugin can run here: ${why}`);
    },
    [dispose]: () => undefined,
  };
}

function sentence(refusals: readonly string[], then: string): string {
  const text = refusals.length > 0 ? `${refusals.join(', and ')}; ${then}.` : `${then}.`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
