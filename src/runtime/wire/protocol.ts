// The whole wire between page, cell and plugin worker: types only, no logic.
// `workers/` imports of `src/` this file, `errors.ts`, and what else both sides of the wire share in this folder:
// `abi/`, `answer-codec.ts`, `comlink-messages.ts`, `host-namespace.ts`, `lease.ts`, `module-facts.ts`, `shared-answer.ts` and
// `wasm-page.ts`.

import type { ErrorCode } from '../../errors.ts';
import type { AbiFunction } from './abi/types.ts';
import type { GuestContract } from './guest-contract.ts';
import type { ClockMode, WasiMode } from './guest-modes.ts';
import type { LOG_LEVELS } from './log-level.ts';

/** How a value of a host function crosses: the first three lie in memory, where and how its ABI has them. */
export type ValueShape = 'bytes' | 'text' | 'json' | 'i64' | 'i32' | 'f32' | 'f64';

/** What may travel as an argument or an answer. Text and JSON travel as UTF-8 bytes and are decoded by the page. */
export type WireValue = Uint8Array | bigint | number | null;

/** A host function as the worker sees it: enough to link it, nothing about what it does. */
export interface FunctionShape {
  readonly namespace: string;
  readonly name: string;
  readonly params: readonly ValueShape[];
  readonly result: ValueShape | null;
  /** The page answers for memory that cannot be read, and gets the guest's pointer in its place. @default a trap */
  readonly lenient?: boolean;
  /** How the worker may answer it from data that was leased to it (`lease.ts`). @default the page answers */
  readonly leased?: Leasing;
  /** It stands for an import that nothing provides, whatever type that is of. @default false */
  readonly stub?: boolean;
  /** What guests of an ABI with types find it by. @default it is for guests of others */
  readonly types?: AbiFunction;
}

export interface Leasing {
  /**
   * What it does with a key. `get` gives its bytes or nothing, `set` takes bytes and gives 0 where they were accepted, `delete`
   * gives 1 where it was there, else 0.
   */
  readonly use: 'get' | 'set' | 'delete';
  /** Where its one argument and its answer are JSON instead. */
  readonly json?: LeasedJson;
}

/** The argument is an object with the texts `key` and, for `set`, `value`. */
export interface LeasedJson {
  /** Answer to what was set or deleted, whether it was there or not, and to an empty value. */
  readonly done: string;
  readonly absent: string;
  /** What stands before and behind a value, which is written as JSON. */
  readonly found: readonly [before: string, behind: string];
}

/** Calls of one host function that a worker has answered itself and changed nothing: its own word. */
export interface LeasedCalls {
  readonly index: number;
  readonly calls: number;
  readonly requestBytes: number;
  readonly answerBytes: number;
}

export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogSource = 'plugin' | 'stdout' | 'stderr';

/** How a guest waits for the page, in the order of preference. */
export type HostCallWay = 'jspi' | 'atomics' | 'service-worker' | 'none';

/** A module to load. `key` names it, with its limits, in the cell's memory of compiled modules. */
export interface ModuleToLoad {
  readonly name: string;
  readonly key: string;
  /** Absent when the cell has the compiled module. */
  readonly bytes: Uint8Array | null;
}

/** Caps written into each module before it is compiled. */
export interface ModuleLimits {
  readonly memoryPages: number;
  /** What a memory may grow beyond its initial pages. */
  readonly growthPages: number;
  readonly tableElements: number;
}

export interface ImportFact {
  readonly module: string;
  readonly name: string;
  readonly kind: 'function' | 'table' | 'memory' | 'global' | 'tag';
  /** For functions, such as `(i64, i64) -> i64`. */
  readonly type: string;
}

export interface ExportFact {
  readonly name: string;
  readonly kind: ImportFact['kind'];
  readonly type: string;
  /** A function without parameters and with at most one i32 result: what can be called with an `input`. */
  readonly callable: boolean;
}

export interface ModuleFacts {
  readonly name: string;
  readonly imports: readonly ImportFact[];
  readonly exports: readonly ExportFact[];
}

export interface StartRequest {
  readonly modules: readonly ModuleToLoad[];
  readonly limits: ModuleLimits;
  /** Only read and compile; nothing of the guest runs. */
  readonly inspectOnly: boolean;
  /**
   * What the page takes the facts of the modules to be (`factsText`): where they are others, nothing of the guest runs, as
   * with `inspectOnly`. `null` where it knows them from a worker, or wants to.
   */
  readonly assumed: string | null;
  readonly functions: readonly FunctionShape[];
  /**
   * A function that nothing provides is no reason to refuse a module: the page has a stub for it among `functions`, once it knows
   * what is imported. @default false
   */
  readonly stubs?: boolean;
  readonly config: readonly (readonly [string, string])[];
  readonly varBytes: number;
  readonly exchangeBytes: number;
  readonly logLevel: LogLevel | 'off';
  readonly logLineBytes: number;
  readonly guest: GuestContract;
  /** How much of `guest.wasi` it may import. */
  readonly wasi: WasiMode;
  readonly clock: ClockMode;
  readonly wait: WaitSetup;
}

/** What the worker needs for its way of waiting. */
export type WaitSetup =
  | { readonly way: 'jspi' }
  | { readonly way: 'atomics'; readonly buffer: SharedArrayBuffer }
  | { readonly way: 'service-worker'; readonly url: string }
  | { readonly way: 'none' };

export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly detail?: string;
  readonly exitCode?: number;
  readonly wasmStack?: readonly string[];
}

/** Bytes used, for the limit bars. */
export interface MemoryUse {
  readonly memoryBytes: number;
  readonly exchangeBytes: number;
  readonly varBytes: number;
}

export type StartAnswer =
  | { readonly ok: true; readonly modules: readonly ModuleFacts[]; readonly use: MemoryUse }
  | WireFailure;
export type CallAnswer = (({ readonly ok: true; readonly use: MemoryUse } & GuestResult) | WireFailure) & {
  /** Nothing is left of the instance that ran the call: the next call finds another. */
  readonly instanceEnded: boolean;
  readonly input?: Uint8Array;
  readonly leasedCalls?: readonly LeasedCalls[];
};
export interface WireFailure {
  readonly ok: false;
  readonly error: WireError;
  readonly use: MemoryUse | null;
}

/**
 * What an export is called with: bytes, which it takes and answers as its ABI lets it, or arguments. Text travels as UTF-8.
 */
export type GuestCall =
  | { readonly export: string; readonly input: Uint8Array }
  | { readonly export: string; readonly args: readonly WireValue[] };

/** What came of it, in the form of the call. */
export type GuestResult = { readonly output: Uint8Array } | { readonly values: readonly WireValue[] };
export type ResultOf<C extends GuestCall> = Extract<
  GuestResult,
  C extends { readonly input: Uint8Array } ? { readonly output: Uint8Array } : { readonly values: readonly WireValue[] }
>;

/** A call on its way: an empty input is left out. `returnInput`: its memory is to come back with the answer. */
export type SentCall = (GuestCall & { readonly returnInput?: boolean }) | { readonly export: string };

/** What the page asks of a worker, by Comlink's protocol, one name each. */
export interface WorkerApi {
  start(request: StartRequest): Promise<StartAnswer>;
  call(call: SentCall): Promise<CallAnswer>;
}

/** What a worker asks of the page. `index` counts `StartRequest.functions`. */
export interface PageApi {
  hostCall(index: number, args: WireValue[]): Promise<HostAnswer>;
}

/** Behind the one value there may be a lease, and how many calls one-way it allows. */
export type HostAnswer =
  | { readonly ok: true; readonly values: readonly WireValue[] }
  | { readonly ok: false; readonly error: WireError };

/** Sent without an answer: a line of the plugin's log. */
export interface LogMessage {
  readonly type: 'LOG';
  readonly level: LogLevel;
  readonly source: LogSource;
  readonly text: string;
}

/** A host call of a worker that blocks: `PageApi.hostCall` in another form, answered in the way it waits. */
export interface BlockingHostCall {
  readonly type: 'HOST_CALL';
  readonly index: number;
  readonly args: WireValue[];
}

/** A host call that the worker has answered itself, under a lease: `answer` is what its guest got. Nobody waits for it. */
export interface OneWayCall {
  readonly type: 'ONE_WAY';
  readonly index: number;
  readonly args: readonly WireValue[];
  readonly answer: WireValue;
}

/** The worker took a chunk of an answer and waits for the next (`shared-answer.ts`). */
export interface MoreOfAnswer {
  readonly type: 'MORE';
}

/**
 * To a worker from what holds it: once how it reaches the page, then which compiled modules it may use. A cell gives it a
 * port to the page; where the page itself holds it, all goes through the worker's own channel.
 */
export type ToWorker =
  | { readonly type: 'PORT'; readonly port: MessagePort }
  | { readonly type: 'HELD' }
  | { readonly type: 'MODULES'; readonly modules: readonly (readonly [string, WebAssembly.Module])[] };

/** From a worker to what holds it: modules it compiled, before anything of the guest ran. */
export interface FromWorker {
  readonly type: 'COMPILED';
  readonly modules: readonly (readonly [string, WebAssembly.Module])[];
}

/** Page to cell, over the cell's private port. `id` names a worker. */
export type ToCell =
  | { readonly type: 'SPAWN'; readonly id: number; readonly port: MessagePort; readonly source?: string }
  | { readonly type: 'LOAD'; readonly id: number; readonly keys: readonly string[] }
  | { readonly type: 'END'; readonly id: number }
  | { readonly type: 'EVICT'; readonly keys: readonly string[] }
  | { readonly type: 'SPIN'; readonly ms: number; readonly port: MessagePort };

/** Why a worker ended by itself: a policy keeps it from loading, it broke the protocol, or its script failed. */
export type DeathCause = 'blocked' | 'violation' | 'error';

/** Cell to page. */
export type FromCell =
  | { readonly type: 'READY' }
  | { readonly type: 'CACHED'; readonly keys: readonly string[] }
  | { readonly type: 'DIED'; readonly id: number; readonly message: string; readonly why: DeathCause };

/** The first window message: page to cell frame, with the cell's private port. */
export interface CellHandshake {
  readonly type: 'CLOCHE_CELL';
  readonly workerSource: string;
}

/** The other: what is large goes to a worker by its cell where that costs less than its port. Nothing comes back that way. */
export interface PassedOn {
  readonly type: 'CLOCHE_PASS';
  readonly id: number;
  readonly message: unknown;
  readonly buffers: Transferable[];
}

/** Page to service worker, and what comes back: which client it is. */
export interface Hello {
  readonly type: 'CLOCHE_HELLO';
}
/** Service worker to page: the worker that holds `token` waits for its host call's answer, which goes to the port. */
export interface Relayed {
  readonly type: 'CLOCHE_HOST_CALL';
  readonly token: string;
}
