// All of WASI preview 1 for one plugin: files, arguments and environment beside what every worker has.

import type { GuestProgram } from '../../../src/runtime/wire/guest-contract.ts';
import type { GuestDeps } from '../../guest.ts';
import type { Clock } from '../clock.ts';
import { type GuestMemory, NO_MEMORY } from '../guest-memory.ts';
import { functionsOver, guarded, memoryOf, type Wasi, type WasiSystem } from '../preview1.ts';
import { Streams } from '../streams.ts';
import { ERRNO_BYTES } from './answers.ts';
import { fullFunctions, waits } from './functions.ts';
import { PluginFiles } from './plugin-files.ts';

/** Most bytes of one operation. */
const MOST_BYTES = 1 << 22;

/** Undefined for a plugin that does not ask for it, or may not have it. */
export function fullWasi(deps: GuestDeps): WasiSystem | undefined {
  const { guest, wasi } = deps.request;
  return guest.program && wasi === 'full' ? new FullWasi(deps, guest.program) : undefined;
}

class FullWasi implements WasiSystem {
  readonly #deps: GuestDeps;
  readonly #program: GuestProgram;
  readonly #files: PluginFiles;
  #streams: Streams;

  constructor(deps: GuestDeps, program: GuestProgram) {
    this.#deps = deps;
    this.#program = program;
    this.#files = new PluginFiles(deps, program);
    this.#streams = new Streams(deps.logs);
  }

  begin(): Promise<void> {
    this.#streams = new Streams(this.#deps.logs);
    return this.#files.begin();
  }

  newWasi(clock: Clock): Wasi {
    let memory: GuestMemory = NO_MEMORY;
    const streams = this.#streams;
    const { hostCalls, request } = this.#deps;
    const plain = functionsOver(() => memory, streams, clock);
    const functions = fullFunctions(plain, {
      memory: () => memory,
      streams,
      files: this.#files.calls(clock),
      args: this.#program.args.map(zeroEnded),
      environment: this.#program.env.map(([name, value]) => zeroEnded(`${name}=${value}`)),
      mostBytes: Math.min(MOST_BYTES, request.exchangeBytes - ERRNO_BYTES),
    });
    const { asks } = this.#files;
    const imports = Object.entries(functions).map(([name, run]) => [
      name,
      asks && waits(name) ? hostCalls.asking(guarded(run)) : guarded(run),
    ]);
    return {
      imports: Object.fromEntries(imports),
      attach(instance) {
        memory = memoryOf(instance);
      },
    };
  }

  enter(): Promise<void> {
    return this.#files.enter();
  }

  settle(): Promise<void> {
    return this.#files.settle();
  }
}

function zeroEnded(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\0`);
}
