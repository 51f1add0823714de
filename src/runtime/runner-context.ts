// What the runtime needs of a plugin, and nothing more of it: one object, from the runner through the sandbox to the host
// function. Read at each use, so that changed settings and grants hold at once.

import type { ClocheError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { RunningCall } from './calls/running-call.ts';
import type { PluginIsolation } from './environment.ts';
import type { ModuleFiles } from './start/module-files.ts';
import type { GuestContract } from './wire/guest-contract.ts';
import type { ClockMode, WasiMode } from './wire/guest-modes.ts';
import type {
  FunctionShape,
  HostAnswer,
  LeasedCalls,
  LogLevel,
  LogMessage,
  ModuleFacts,
  OneWayCall,
  WireValue,
} from './wire/protocol.ts';

export interface RunnerContext {
  readonly id: string;
  readonly limits: Limits;
  readonly functions: readonly FunctionShape[];
  /** Once its facts are known there is a stub among `functions` for each that nothing provides. */
  readonly stubs: boolean;
  /** A promise where it has to be worked out. */
  readonly config: ReadonlyMap<string, string> | Promise<ReadonlyMap<string, string>>;
  readonly guest: GuestContract;
  /** See `Occupant`. */
  workerSource?(): Promise<string> | undefined;
  readonly wasi: WasiMode;
  readonly clock: ClockMode;
  readonly isolation: PluginIsolation;
  readonly logLevel: LogLevel | 'off';
  /** Why it may not run now. Checked when its turn comes: it may have been switched off while it waited. */
  readonly refusal: ClocheError | undefined;
  readonly modules: readonly { readonly name: string; readonly sha256: string }[];
  /** Name of the Web Lock that it holds during each call; depends on what its modules import. */
  lock(facts: readonly ModuleFacts[]): string | undefined;
  /** All modules; asked for only when the cell does not have them compiled, or nobody has read them in this page. */
  files(): Promise<ModuleFiles>;
  /** A worker has told what the modules import and export, and that is not what was stored of them. */
  inspected(facts: readonly ModuleFacts[]): void;
  /** Answers a host call: at once, where its function promises nothing. @param index of the function, as in `functions` */
  dispatch(call: RunningCall, index: number, args: readonly WireValue[]): HostAnswer | Promise<HostAnswer>;
  /**
   * Runs a host call that the worker has answered itself, before whatever comes after it. Where it comes to another answer, the
   * call fails.
   * @returns false for one that no lease is for
   */
  oneWay(call: RunningCall, oneWay: OneWayCall): boolean;
  /** The worker says that it has answered these itself. */
  leasedCalls(calls: readonly LeasedCalls[]): void;
  log(message: LogMessage): void;
  /** `call` is undefined when its worker was lost between two calls. */
  killed(error: ClocheError, call: RunningCall | undefined): void;
  /** It was killed too often, and that must outlive this page. */
  quarantined(): void;
  /** Its worker was lost through no fault of the plugin, or what its guest would have kept over a sleep. */
  lost(error: ClocheError): void;
  /** A call that has failed anyway did not get done what its host functions had left to do. */
  unfinished(error: ClocheError): void;
  /** The runner came to life, fell asleep, or was quarantined. */
  changed(): void;
}
