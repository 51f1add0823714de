// WASI preview 1 for one instance: no arguments, environment, files or network; a clock, random numbers,
// and standard output as log lines. One each, since the shim serves a single memory (S5).

import { ConsoleStdout, WASI } from '@bjorn3/browser_wasi_shim';
import type { LogLines } from './log-lines.ts';
import { pollOneoff } from './wasi-poll.ts';

const SUCCESS = 0;
const EBADF = 8;
const EINVAL = 28;
const ENOTSOCK = 57;
const ENOTSUP = 58;

/** Most buffers, or subscriptions, of one call: what POSIX calls IOV_MAX. Each becomes an object here. */
const MOST_PIECES = 1_024;

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
  let memory = new WebAssembly.Memory({ initial: 0, maximum: 0 });
  wasi.inst = { exports: { memory } };
  return {
    imports: { ...wasi.wasiImport, ...ours(wasi, () => memory) },
    attach(instance) {
      memory = memoryOf(instance);
      wasi.inst = { exports: { memory } };
    },
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

/** Where the shim throws, or takes as much memory as a guest says. */
function ours(wasi: WASI, memory: () => WebAssembly.Memory): Record<string, CallableFunction> {
  const capped = ['fd_read', 'fd_write', 'fd_pread', 'fd_pwrite'].map((name) => {
    const run = wasi.wasiImport[name] as (...args: unknown[]) => number;
    return [name, (...args: unknown[]) => ((args[2] as number) >>> 0 > MOST_PIECES ? EINVAL : run(...args))] as const;
  });
  return {
    ...Object.fromEntries(capped),
    poll_oneoff: (from: number, to: number, count: number, counted: number) =>
      count >>> 0 > MOST_PIECES ? EINVAL : pollOneoff(memory(), from, to, count, counted),
    proc_raise: () => ENOTSUP,
    ...Object.fromEntries(['accept', 'recv', 'send', 'shutdown'].map((name) => [`sock_${name}`, () => ENOTSOCK])),
  };
}

/** The functions that are served; a module that imports another is refused before it is linked. */
export const WASI_FUNCTIONS: ReadonlySet<string> = new Set(
  Object.keys(new WASI([], [], [], { debug: false }).wasiImport),
);

function memoryOf({ exports }: WebAssembly.Instance): WebAssembly.Memory {
  const memory = exports.memory ?? Object.values(exports).find((value) => value instanceof WebAssembly.Memory);
  // A module without a memory of its own cannot call WASI with anything to point at.
  return memory instanceof WebAssembly.Memory ? memory : new WebAssembly.Memory({ initial: 0, maximum: 0 });
}
