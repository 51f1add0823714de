// All of WASI for one plugin: the page keeps its files and does what the guest wants of them while that waits. A guest that cannot
// wait gets a copy of them, and what it has done there is done again by the page when it was left.

import { ClocheError } from '../../../src/errors.ts';
import type { Access } from '../../../src/files/access.ts';
import { ENOTCAPABLE, SUCCESS } from '../../../src/files/errno.ts';
import { FILES_FUNCTION, FILES_NAMESPACE } from '../../../src/files/host-function.ts';
import { type OperationName, READ_ONLY } from '../../../src/files/operations.ts';
import { preopensOf } from '../../../src/files/session/preopens.ts';
import { Session } from '../../../src/files/session/session.ts';
import { type Image, readImage } from '../../../src/files/volume/image.ts';
import type { Volume } from '../../../src/files/volume/volume.ts';
import {
  BEGIN,
  operationValues,
  padded,
  RENEW,
  REPLAY,
  type WireOperation,
  writeOperations,
} from '../../../src/files/wire.ts';
import type { GuestProgram } from '../../../src/runtime/wire/guest-contract.ts';
import { CLOCK_MODES } from '../../../src/runtime/wire/guest-modes.ts';
import type { WireValue } from '../../../src/runtime/wire/protocol.ts';
import { valuesOf } from '../../failures.ts';
import type { GuestDeps } from '../../guest.ts';
import type { Clock } from '../clock.ts';
import { REALTIME } from '../clock.ts';
import { type GuestMemory, NO_MEMORY } from '../guest-memory.ts';
import { functionsOver, guarded, memoryOf, type Wasi, type WasiSystem } from '../preview1.ts';
import { Streams } from '../streams.ts';
import { type FileCalls, then } from './file-calls.ts';
import { fullFunctions, waits } from './functions.ts';

/** Most bytes of one operation. */
const MOST_BYTES = 1 << 22;
/** What of an answer is not its bytes. */
const ERRNO_BYTES = 2;

const NOTHING = new Uint8Array();

/** Undefined for a plugin that does not ask for it, or may not have it. */
export function fullWasi(deps: GuestDeps): WasiSystem | undefined {
  const { guest, wasi } = deps.request;
  return guest.program && wasi === 'full' ? new FullWasi(deps, guest.program) : undefined;
}

class FullWasi implements WasiSystem {
  readonly #deps: GuestDeps;
  readonly #program: GuestProgram;
  readonly #streams: Streams;
  /** Number of the host function; -1 where the host has none. */
  readonly #index: number;
  #copy: CopiedFiles | undefined;
  /** Whether it has files at all: the host has some, and the plugin may know of them. */
  #hasFiles = false;
  #currentStreams: Streams;

  constructor(deps: GuestDeps, program: GuestProgram) {
    this.#deps = deps;
    this.#program = program;
    this.#streams = new Streams(deps.logs);
    this.#currentStreams = this.#streams;
    this.#index = deps.request.functions.findIndex(
      ({ namespace, name }) => namespace === FILES_NAMESPACE && name === FILES_FUNCTION,
    );
  }

  async begin(): Promise<void> {
    this.#currentStreams = new Streams(this.#deps.logs);
    this.#copy = undefined;
    this.#hasFiles = false;
    if (this.#index < 0 || this.#program.folders.length === 0) return;
    const { wait, clock } = this.#deps.request;
    const copies = wait.way === 'none';
    const json = new TextEncoder().encode(JSON.stringify(this.#program.folders));
    const answer = await this.#tell(BEGIN, [copies ? 1n : 0n, BigInt(CLOCK_MODES.indexOf(clock))], json);
    this.#hasFiles = errnoOf(answer) === SUCCESS;
    if (copies && this.#hasFiles) this.#copy = new CopiedFiles(answer.slice(ERRNO_BYTES), this.#program);
  }

  newWasi(clock: Clock): Wasi {
    let memory: GuestMemory = NO_MEMORY;
    const streams = this.#currentStreams;
    const { hostCalls, request } = this.#deps;
    const plain = functionsOver(() => memory, streams, clock);
    const functions = fullFunctions(plain, {
      memory: () => memory,
      streams,
      files: this.#files(clock),
      args: this.#program.args.map(zeroEnded),
      environment: this.#program.env.map(([name, value]) => zeroEnded(`${name}=${value}`)),
      mostBytes: Math.min(MOST_BYTES, request.exchangeBytes - ERRNO_BYTES),
    });
    const asks = this.#hasFiles && !this.#copy;
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

  async enter(): Promise<void> {
    const copy = this.#copy;
    if (!copy) return;
    const image = this.#answered(await this.#tell(RENEW, [BigInt(copy.number)], NOTHING));
    if (image.length > 0) copy.take(image);
  }

  async settle(): Promise<void> {
    const operations = this.#copy?.taken() ?? [];
    if (!this.#copy || operations.length === 0) return;
    const number = this.#answered(await this.#tell(REPLAY, [], writeOperations(operations)));
    this.#copy.number = new DataView(number.buffer, number.byteOffset).getFloat64(0, true);
  }

  #files(clock: Clock): FileCalls {
    const copy = this.#copy;
    if (copy) {
      copy.now = () => clock.time(REALTIME);
      return copy;
    }
    if (!this.#hasFiles) return noFiles;
    const { hostCalls } = this.#deps;
    return {
      run: (...operation) =>
        then(hostCalls.ask(this.#index, operationValues(operation)), ([answer]) => bytesOf(answer ?? null)),
    };
  }

  /** While no guest runs. */
  async #tell(what: number, numbers: readonly bigint[], bytes: Uint8Array): Promise<Uint8Array> {
    const args: WireValue[] = [what, ...padded(numbers), bytes, NOTHING];
    const [answer] = valuesOf(await this.#deps.page.hostCall(this.#index, args));
    return bytesOf(answer ?? null);
  }

  #answered(answer: Uint8Array): Uint8Array {
    if (errnoOf(answer) === SUCCESS) return answer.slice(ERRNO_BYTES);
    throw new ClocheError('STORAGE_FAILED', 'what the plugin did to its files could not be kept; its log says why');
  }
}

/** What the page has given, and what was done to it since the guest was entered. */
class CopiedFiles implements FileCalls {
  readonly #session: Session;
  #image: Image;
  #operations: (readonly [WireOperation, errno: number])[] = [];
  now: () => bigint = () => 0n;
  /** Of what is stored, as far as it is known here. */
  number: number;

  constructor(image: Uint8Array, { folders }: GuestProgram) {
    this.#image = readImage(image, () => this.now());
    this.number = this.#image.number;
    const { volumes, access } = this.#image;
    const current: Access = {
      may: (way, path) => this.#image.access.may(way, path),
      leads: (path) => this.#image.access.leads(path),
    };
    this.#session = new Session(preopensOf(folders, volumes, access), current);
  }

  /** What is stored by now. */
  take(image: Uint8Array): void {
    const before = this.#image.volumes;
    this.#image = readImage(image, () => this.now());
    this.number = this.#image.number;
    this.#session.moveTo(new Map(before.map((volume, i) => [volume, this.#image.volumes[i] as Volume])));
  }

  run(name: OperationName, numbers: readonly bigint[], one: Uint8Array, other: Uint8Array): Uint8Array {
    const answer = this.#session.run(name, numbers, one, other);
    if (!READ_ONLY.has(name)) this.#operations.push([[name, numbers, one, other], errnoOf(answer)]);
    return answer;
  }

  taken(): readonly (readonly [WireOperation, errno: number])[] {
    const operations = this.#operations;
    this.#operations = [];
    return operations;
  }
}

/** Of a plugin that has none: no descriptor is one. */
const noFiles = new Session([], { may: () => false, leads: () => false });

function errnoOf(answer: Uint8Array): number {
  return new DataView(answer.buffer, answer.byteOffset).getUint16(0, true);
}

function bytesOf(answer: WireValue): Uint8Array {
  if (answer instanceof Uint8Array && answer.length >= ERRNO_BYTES) return answer;
  const refused = new Uint8Array(ERRNO_BYTES);
  new DataView(refused.buffer).setUint16(0, ENOTCAPABLE, true);
  return refused;
}

function zeroEnded(text: string): Uint8Array {
  return new TextEncoder().encode(`${text}\0`);
}
