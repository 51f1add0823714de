// WASI preview 1 for one instance: no arguments, environment, files or network; a clock, random numbers,
// and standard output as log lines. One each, since the shim serves a single memory (EX32).
// https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md

import { ConsoleStdout, WASI } from '@bjorn3/browser_wasi_shim';
import type { StartRequest } from '../../src/runtime/wire/protocol.ts';
import { isStackOverflow } from '../failures.ts';
import type { LogLines } from '../log-lines.ts';
import { type GuestMemory, NO_MEMORY } from './guest-memory.ts';
import { pollOneoff } from './poll.ts';

const SUCCESS = 0;
const EBADF = 8;
const EFAULT = 21;
const EINVAL = 28;
const ENOTSOCK = 57;
const ENOTSUP = 58;

/** Most buffers, or subscriptions, of one call: what POSIX calls IOV_MAX. Each becomes an object here. */
const MOST_PIECES = 1_024;

/** Most bytes that `getRandomValues` gives at once. */
const MOST_RANDOM = 65_536;

export interface Wasi {
  readonly imports: Record<string, CallableFunction>;
  /** Tells it whose memory to use, before the instance's first code runs outside its start function. */
  attach(instance: WebAssembly.Instance): void;
}

export function makeWasi(logs: LogLines): Wasi {
  const wasi = new WASI(
    [],
    [],
    [
      new NoInput(),
      new ConsoleStdout((bytes) => logs.stream('stdout', bytes)),
      new ConsoleStdout((bytes) => logs.stream('stderr', bytes)),
    ],
    { debug: false },
  );
  let memory = NO_MEMORY;
  const use = (used: GuestMemory): void => {
    memory = used;
    // The shim looks at nothing but the buffer.
    wasi.inst = { exports: { memory: used as WebAssembly.Memory } };
  };
  use(NO_MEMORY);
  return {
    imports: Object.fromEntries(
      Object.entries({ ...wasi.wasiImport, ...ours(wasi, () => memory) }).map(([name, run]) =>
        // It throws, and that is its work.
        name === 'proc_exit' ? [name, run] : [name, guarded(run as Run)],
      ),
    ),
    attach: (instance) => use(memoryOf(instance)),
  };
}

/** Standard input, at its end. The shim's empty file would take what a guest writes, past all limits on memory. */
class NoInput extends ConsoleStdout {
  constructor() {
    super(() => undefined);
  }

  override fd_read(): { ret: number; data: Uint8Array } {
    return { ret: SUCCESS, data: new Uint8Array() };
  }

  override fd_write(): { ret: number; nwritten: number } {
    return { ret: EBADF, nwritten: 0 };
  }
}

type Run = (...args: (number | bigint)[]) => number | undefined;

/**
 * What the shim has, by pointers without a sign. A pointer outside memory is EFAULT, as natively; the shim throws there,
 * or does less than it says.
 */
function guarded(run: Run): Run {
  return (...args) => {
    try {
      return run(...args.map((arg) => (typeof arg === 'number' ? arg >>> 0 : arg)));
    } catch (thrown) {
      if (thrown instanceof RangeError && !isStackOverflow(thrown)) return EFAULT;
      throw thrown;
    }
  };
}

/** Where the shim throws, cuts short, or takes as much memory as a guest says. */
function ours(wasi: WASI, memory: () => GuestMemory): Record<string, Run> {
  const capped = ['fd_read', 'fd_write', 'fd_pread', 'fd_pwrite'].map((name) => {
    const run = wasi.wasiImport[name] as Run;
    const checked: Run = (...args) => {
      const [, pieces = 0, count = 0] = args as number[];
      if (count > MOST_PIECES) return EINVAL;
      checkPieces(memory(), pieces, count, args.at(-1) as number);
      return run(...args);
    };
    return [name, checked] as const;
  });
  return {
    ...Object.fromEntries(capped),
    poll_oneoff: (...args) => {
      const [from = 0, to = 0, count = 0, counted = 0] = args as number[];
      return count > MOST_PIECES ? EINVAL : pollOneoff(memory(), from, to, count, counted);
    },
    random_get: (...args) => {
      const [at = 0, length = 0] = args as number[];
      const bytes = new Uint8Array(memory().buffer, at, length);
      for (let i = 0; i < length; i += MOST_RANDOM) crypto.getRandomValues(bytes.subarray(i, i + MOST_RANDOM));
      return SUCCESS;
    },
    proc_raise: () => ENOTSUP,
    ...Object.fromEntries(['accept', 'recv', 'send', 'shutdown'].map((name) => [`sock_${name}`, () => ENOTSOCK])),
  };
}

/** Before anything is read or written. @throws {RangeError} where a buffer, or the count at `done`, is not in memory */
function checkPieces({ buffer }: GuestMemory, pieces: number, count: number, done: number): void {
  const view = new DataView(buffer);
  view.getUint32(done);
  for (let at = pieces; at < pieces + count * 8; at += 8) {
    new Uint8Array(buffer, view.getUint32(at, true), view.getUint32(at + 4, true));
  }
}

const FUNCTIONS: ReadonlySet<string> = new Set(Object.keys(new WASI([], [], [], { debug: false }).wasiImport));

/** What a libc asks for as it starts, standard streams, and an exit. */
const REDUCED: ReadonlySet<string> = new Set(
  'clock_time_get environ_get environ_sizes_get fd_close fd_fdstat_get fd_read fd_seek fd_write proc_exit'.split(' '),
);

/** Why a module may not import a function of this name; it is refused before it is linked. Undefined where it may. */
export function problemWithWasi(
  name: string,
  { guest, wasi }: Pick<StartRequest, 'guest' | 'wasi'>,
): string | undefined {
  if (!FUNCTIONS.has(name)) return 'not a function of WASI preview 1';
  if (guest.wasi !== 'preview1' || wasi === 'none') return 'WASI, which this plugin may not use';
  return wasi === 'full' || REDUCED.has(name) ? undefined : 'not in the part of WASI that this plugin may use';
}

function memoryOf({ exports }: WebAssembly.Instance): GuestMemory {
  const memory = exports.memory ?? Object.values(exports).find((value) => value instanceof WebAssembly.Memory);
  // A module without a memory of its own cannot call WASI with anything to point at.
  return memory instanceof WebAssembly.Memory ? memory : NO_MEMORY;
}
