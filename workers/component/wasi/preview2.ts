// WASI 0.2 for one instance, by interface: no arguments and no environment; clocks, random numbers, standard streams as log lines,
// and files and requests as far as they are granted. The keys are those of the glue: without a version, and in camel case.
// https://github.com/WebAssembly/WASI/tree/main/proposals

import { ClocheError } from '../../../src/errors.ts';
import type { WasiMode } from '../../../src/runtime/wire/guest-modes.ts';
import { type Clock, MONOTONIC, REALTIME } from '../../wasi/clock.ts';
import { ProcExit } from '../../wasi/exit.ts';
import type { FileCalls } from '../../wasi/full/file-calls.ts';
import { IoError } from './errors.ts';
import { datetimeOf } from './files/file-stat.ts';
import { filesystem } from './files/filesystem.ts';
import { type HttpDeps, outgoingHttp } from './http/outgoing-http.ts';
import { type Awaited, Pollable, type Waiter } from './pollable.ts';
import { InputStream, OutputStream } from './streams.ts';

export interface WasiDeps {
  readonly mode: WasiMode;
  readonly clock: Clock;
  readonly waiter: Waiter;
  /** Told of what the guest hands over: what was read for it is done with. */
  crossing(): void;
  /** Takes what the guest writes to a standard stream. */
  output(source: 'stdout' | 'stderr', bytes: Uint8Array): void;
  /** Undefined for a guest that has none. */
  readonly files?: FileCalls | undefined;
  /** Undefined where the host has no such function, or the guest may not know of it. */
  readonly http?: HttpDeps | undefined;
}

/** Most bytes that `getRandomValues` gives at once, and most of one call. */
const MOST_RANDOM = 65_536n;

const EMPTY = { read: () => undefined };

/** In ms: what is not finite never comes. */
const NS = 1e6;

export type Interfaces = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

export function preview2({ mode, clock, waiter, crossing, output, files, http }: WasiDeps): Interfaces {
  const random = (count: bigint): Uint8Array => {
    if (mode === 'none') throw forbidden('wasi:random');
    if (count > MOST_RANDOM) throw new RangeError(`at most ${MOST_RANDOM} random bytes at once, got ${count}`);
    return crypto.getRandomValues(new Uint8Array(Number(count)));
  };
  const random64 = (): bigint => new DataView(random(8n).buffer as ArrayBuffer).getBigUint64(0);
  const streamTo = (source: 'stdout' | 'stderr'): OutputStream =>
    new OutputStream({
      write(bytes) {
        crossing();
        output(source, bytes);
      },
    });
  const after = (ns: bigint): Pollable => {
    const awaited: Awaited = { due: performance.now() + Number(ns) / NS };
    return new Pollable(awaited, waiter);
  };
  const randoms = {
    getRandomBytes: random,
    getRandomU64: random64,
    getInsecureRandomBytes: random,
    getInsecureRandomU64: random64,
    insecureSeed: () => [random64(), random64()],
  };
  return new Map<string, Readonly<Record<string, unknown>>>([
    ['wasi:cli/environment', { getEnvironment: () => [], getArguments: () => [], initialCwd: () => undefined }],
    [
      'wasi:cli/exit',
      {
        exit(status: { readonly tag: string }) {
          throw new ProcExit(status.tag === 'ok' ? 0 : 1);
        },
        exitWithCode(code: number) {
          throw new ProcExit(code);
        },
      },
    ],
    ['wasi:cli/stdin', { getStdin: () => new InputStream(EMPTY) }],
    ['wasi:cli/stdout', { getStdout: () => streamTo('stdout') }],
    ['wasi:cli/stderr', { getStderr: () => streamTo('stderr') }],
    ['wasi:cli/terminal-input', { TerminalInput: class {} }],
    ['wasi:cli/terminal-output', { TerminalOutput: class {} }],
    ['wasi:cli/terminal-stdin', { getTerminalStdin: () => undefined }],
    ['wasi:cli/terminal-stdout', { getTerminalStdout: () => undefined }],
    ['wasi:cli/terminal-stderr', { getTerminalStderr: () => undefined }],
    ['wasi:io/error', { Error: IoError }],
    ['wasi:io/poll', { Pollable, poll: (pollables: readonly Pollable[]) => waiter.poll(pollables) }],
    ['wasi:io/streams', { InputStream, OutputStream }],
    [
      'wasi:clocks/monotonic-clock',
      {
        now: () => clock.time(MONOTONIC),
        resolution: () => clock.resolution(MONOTONIC),
        subscribeDuration: after,
        subscribeInstant: (instant: bigint) => after(instant - clock.time(MONOTONIC)),
      },
    ],
    [
      'wasi:clocks/wall-clock',
      {
        now: () => datetimeOf(clock.time(REALTIME)),
        resolution: () => datetimeOf(clock.resolution(REALTIME)),
      },
    ],
    ['wasi:random/random', randoms],
    ['wasi:random/insecure', randoms],
    ['wasi:random/insecure-seed', randoms],
    ...filesystem(files, crossing),
    ...(http ? outgoingHttp(http, crossing) : []),
  ]);
}

/** For what has no error of its own. */
function forbidden(what: string): ClocheError {
  return new ClocheError('PERMISSION_DENIED', `the plugin used \`${what}\`, which it was not granted`);
}
