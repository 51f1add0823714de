// What a worker knows of a guest, whatever its ABI. An implementation is a folder beside this file, with one entry in `guests.ts`.

import type { GuestCall, GuestResult, MemoryUse, ModuleFacts, StartRequest } from '../src/runtime/wire/protocol.ts';
import type { HostCalls } from './host-calls/host-calls.ts';
import type { LogLines } from './log-lines.ts';
import type { ModuleCache } from './module-cache.ts';
import type { PagePort } from './page-port.ts';

/** What every ABI is given. */
export interface GuestDeps {
  readonly request: StartRequest;
  readonly hostCalls: HostCalls;
  readonly logs: LogLines;
  /** For what waits for the page without a guest's function in between. */
  readonly page: Pick<PagePort, 'hostCall'>;
}

/** One plugin in its worker. Called by one call at a time, in this order. */
export interface Guest {
  /**
   * Reads, limits and compiles the modules; nothing of the guest runs.
   * @returns the facts of those that came with their bytes
   * @throws {ClocheError} MODULE_REJECTED, IMPORT_MISSING
   */
  load(cache: CompiledModules): Promise<readonly ModuleFacts[]>;
  /** Instantiates and initialises, so that the first call finds a warm plugin. */
  start(): Promise<void>;
  /**
   * Runs one export, in a fresh instance where there is none.
   * @returns copies, in the form of the call
   */
  call(call: GuestCall): Promise<GuestResult>;
  /** At the end of the last call where its instance is gone. */
  use(): MemoryUse;
  /** Whether an instance is there that the next call will find. */
  readonly hasInstance: boolean;
}

/** An ABI: how to speak to guests that were built for it. */
export interface Abi {
  newGuest(deps: GuestDeps): Guest;
  /** Something that any worker can run before its plugin comes; see `warm-up.ts`. */
  readonly example?: Example;
}

export interface Example {
  readonly request: StartRequest;
  readonly call: GuestCall;
}

/** The modules that are compiled already, and whoever keeps those that were compiled here. */
export type CompiledModules = Pick<ModuleCache, 'cached' | 'give'>;
