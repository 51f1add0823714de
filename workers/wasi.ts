// WASI preview 1 for one instance: no arguments, environment, files or network; a clock, random numbers,
// and standard output as log lines. One each, since the shim serves a single memory (S5).

import { ConsoleStdout, File, OpenFile, WASI } from '@bjorn3/browser_wasi_shim';
import type { LogLines } from './log-lines.ts';

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
      new OpenFile(new File([])),
      new ConsoleStdout((bytes) => logs.stream('stdout', bytes)),
      new ConsoleStdout((bytes) => logs.stream('stderr', bytes)),
    ],
    { debug: false },
  );
  return {
    imports: wasi.wasiImport,
    attach(instance) {
      wasi.inst = { exports: { memory: memoryOf(instance) } };
    },
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
