// A function of the host that guests import: what it is given, who is calling, what it may return.

import type { ClocheError } from '../errors.ts';
import type { CallDecision } from '../events.ts';
import type { Limits } from '../limits.ts';
import type { AbiFunction } from '../runtime/wire/abi/types.ts';
import type { Leasing, LogLevel, ValueShape, WireValue } from '../runtime/wire/protocol.ts';
import type { Secret } from '../secrets/sealed-secrets.ts';

interface ValueOfShape {
  bytes: Uint8Array;
  text: string;
  json: unknown;
  i64: bigint;
  i32: number;
  f32: number;
  f64: number;
}

/**
 * What a host function gets for each shape: an absent block (offset 0) is empty bytes, `''` or `undefined`. An argument
 * of `text` may have 1 MiB and one of `json` 256 KiB, since reading them blocks the page; more is HOST_FUNCTION_FAILED.
 * `bytes` have no limit but `exchangeBytes`: large data travels as these.
 */
export type ArgumentsOf<P extends readonly ValueShape[]> = {
  -readonly [I in keyof P]: ValueOfShape[P[I]];
};

/**
 * What a host function may return: nothing where no result is declared; `null` is offset 0. A blob, a file and a response
 * give their bytes, as text or JSON where that is declared. An integer may be signed or not, within its bits.
 */
export type ResultOf<R> = R extends 'json'
  ? unknown
  : R extends 'bytes' | 'text'
    ? (R extends 'bytes' ? ArrayBuffer | ArrayBufferView : string) | Blob | Response | null | undefined
    : R extends 'i64'
      ? bigint | number
      : R extends ValueShape
        ? number
        : // biome-ignore lint/suspicious/noConfusingVoidType: a host function without a result may return anything
          void;

/** Who is calling, and under which grant. Copies: changing them changes nothing. */
export interface HostCallContext {
  readonly plugin: {
    readonly id: string;
    readonly name: string;
    readonly version: string;
    /** Whom stored data belongs to: keep it under this. Under `id` the next plugin of that id would find it. */
    readonly installation: string;
    /** It is only open: what is stored for it may go when it is closed, see `wipe` of the capability. */
    readonly temporary: boolean;
  };
  /**
   * Aborted when nobody waits for the answer any more: it was given, it took too long, or the call has ended.
   * Pass it to `fetch` and the like.
   */
  readonly signal: AbortSignal;
  /** What the caller of `plugin.call(..., { context })` passed; `{ claims }` while it answers a request that has some. */
  readonly context: unknown;
  /** What this plugin was granted of this capability, as its `scope.parse` returned it. */
  readonly grant: unknown;
  /** The most that the host allows anyone, or undefined for no further limit. */
  readonly policy: unknown;
  /** The limits of this plugin, see `limits.ts`. */
  readonly limits: Limits;
  /** How long the signal leaves at most, in ms, at the time of the call. */
  readonly remainingMs: number;
  /** The plugin is only asked about itself, before it is installed: nothing is done in its name yet. */
  readonly describing: boolean;
  /** What of the plugin is calling: all that it forgets, it forgets at once. */
  readonly instance: CallingInstance;
  /** @internal Notes which rule says yes or no to what is called for; the last that is noted counts. */
  decided?(decision: CallDecision): void;
  /** @internal The same call under what the plugin was granted of another capability; undefined where that is nothing. */
  under?(capability: string): HostCallContext | undefined;
  /** @internal The secrets of its config; undefined for a plugin whose manifest names none. */
  readonly secrets?: SecretAccess | undefined;
  /** Writes a line to the plugin's log: as the host, or in the plugin's own name, then from the host's `logLevel` up. */
  log(level: LogLevel, text: string, source?: 'host' | 'plugin'): void;
}

/** Secrets of a plugin, for what carries them to where they may go. */
export interface SecretAccess {
  /** @throws {ClocheError} SECRET_UNAVAILABLE where it is not set, or cannot be read any more; STORAGE_FAILED */
  read(name: string): Promise<Secret>;
  /** The same text or bytes, with handles in the place of the plugin's secrets. */
  redact<T extends string | Uint8Array>(value: T): T;
}

/**
 * An instance of the plugin's modules, with a memory of its own. It ends when the plugin is ended, closed or put to sleep,
 * when a call traps, and after each call where the manifest says `per-call`.
 */
export interface CallingInstance {
  /** Unique within this page. Handles that are given to a plugin belong under this. */
  readonly id: number;
  /**
   * Runs once, when the instance has ended; at once, if it has by now. For what must not outlive it, such as a transaction
   * that nobody can commit any more. What `run` throws goes to the plugin's log. Register once for each instance: nothing
   * takes it back.
   */
  onEnd(run: () => unknown): void;
  /** @internal Runs an export of it with arguments, after the call under way: whoever waits for that in a host function waits for ever. */
  call(name: string, args: readonly WireValue[]): Promise<readonly WireValue[]>;
  /** @internal It has done its work, and ends after the call under way, where it is one in the background. */
  finish(): void;
}

export interface HostFunction<
  P extends readonly ValueShape[] = readonly ValueShape[],
  R extends ValueShape | undefined = ValueShape | undefined,
> {
  /** @default that of its capability */
  readonly namespace?: string;
  /** What the arguments are read as, and how large they may be: see {@link ArgumentsOf}. @example ['text', 'i64'] */
  readonly params: P;
  readonly result?: R;
  call(args: ArgumentsOf<P>, context: HostCallContext): ResultOf<R> | Promise<ResultOf<R>>;
  /**
   * What the plugin hears where a call is denied, late, fails with a {@link ClocheError}, or passes a block that cannot
   * be read (ARGUMENT_UNREADABLE), if its contract has a value for that. @default none: the plugin's own call fails
   */
  failed?(error: ClocheError): ResultOf<R> | Promise<ResultOf<R>>;
  /**
   * @internal What it waits for first that is loaded once for all plugins: no time of the call, which waits so once at most.
   * Undefined once that is there. It has to end by itself; where it fails, the function is called all the same, and says so.
   */
  ready?(): Promise<void> | undefined;
  /**
   * @internal How the worker may answer it, where what it reads and writes may be leased to it (`LeaseOffer`).
   */
  readonly leased?: Leasing;
  /** @internal Of an argument of `json`, where that is all that a call hands over. @default 256 KiB */
  readonly mostJsonBytes?: number;
  /** @internal What its arguments and result are for guests of an ABI with types. */
  readonly types?: AbiFunction;
}
