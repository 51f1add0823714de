// The files of one plugin, as its guest has them: the page keeps them and does what the guest wants of them while that waits. A
// guest that cannot wait gets a copy of them, and what it has done there is done again by the page when it was left.

import { ClocheError } from '../../../src/errors.ts';
import { SUCCESS } from '../../../src/files/errno.ts';
import { FILES_FUNCTION, FILES_NAMESPACE } from '../../../src/files/host-function.ts';
import { Session } from '../../../src/files/session/session.ts';
import { BEGIN, operationValues, padded, RENEW, REPLAY, writeOperations } from '../../../src/files/wire.ts';
import type { GuestProgram } from '../../../src/runtime/wire/guest-contract.ts';
import { CLOCK_MODES } from '../../../src/runtime/wire/guest-modes.ts';
import type { WireValue } from '../../../src/runtime/wire/protocol.ts';
import { valuesOf } from '../../failures.ts';
import type { GuestDeps } from '../../guest.ts';
import type { Clock } from '../clock.ts';
import { REALTIME } from '../clock.ts';
import { bytesOf, ERRNO_BYTES, errnoOf } from './answers.ts';
import { CopiedFiles } from './copied-files.ts';
import { type FileCalls, then } from './file-calls.ts';

const NOTHING = new Uint8Array();

/** Of a plugin that has none: no descriptor is one. */
const noFiles = new Session([], { may: () => false, leads: () => false });

export class PluginFiles {
  readonly #deps: GuestDeps;
  readonly #program: GuestProgram;
  readonly #copies: boolean;
  /** Number of the host function; -1 where the host has none. */
  readonly #index: number;
  #copy: CopiedFiles | undefined;
  /** Whether it has files at all: the host has some, and the plugin may know of them. */
  #isThere = false;

  /** @param copies whether the guest works on a copy, as one has to that cannot wait */
  constructor(deps: GuestDeps, program: GuestProgram, copies = deps.request.wait.way === 'none') {
    this.#deps = deps;
    this.#program = program;
    this.#copies = copies;
    this.#index = deps.request.functions.findIndex(
      ({ namespace, name }) => namespace === FILES_NAMESPACE && name === FILES_FUNCTION,
    );
  }

  /** Whether its operations wait for the page. */
  get asks(): boolean {
    return this.#isThere && !this.#copy;
  }

  /** Before an instance is made; what came before it is gone. */
  async begin(): Promise<void> {
    this.#copy = undefined;
    this.#isThere = false;
    if (this.#index < 0 || this.#program.folders.length === 0) return;
    const json = new TextEncoder().encode(JSON.stringify(this.#program.folders));
    const clock = BigInt(CLOCK_MODES.indexOf(this.#deps.request.clock));
    const answer = await this.#tell(BEGIN, [this.#copies ? 1n : 0n, clock], json);
    this.#isThere = errnoOf(answer) === SUCCESS;
    if (this.#copies && this.#isThere) {
      const { exchangeBytes } = this.#deps.request;
      this.#copy = new CopiedFiles(answer.slice(ERRNO_BYTES), this.#program, exchangeBytes);
    }
  }

  /** Before a call of that instance. */
  async enter(): Promise<void> {
    if (this.#copy) this.#renewed(this.#copy, await this.#tell(...renewal(this.#copy)));
  }

  /** As {@link enter}, where a way of waiting blocks. */
  enterAtOnce(): void {
    if (this.#copy) this.#renewed(this.#copy, this.#tellAtOnce(...renewal(this.#copy)));
  }

  #renewed(copy: CopiedFiles, answer: Uint8Array): void {
    const image = this.#answered(answer);
    if (image.length > 0) copy.take(image);
  }

  /** When the guest was left, however that came. @throws {ClocheError} STORAGE_FAILED */
  async settle(): Promise<void> {
    const operations = this.#copy?.taken() ?? [];
    if (!this.#copy || operations.length === 0) return;
    this.#settled(this.#copy, await this.#tell(REPLAY, [], writeOperations(operations)));
  }

  /** As {@link settle}, where a way of waiting blocks. */
  settleAtOnce(): void {
    const operations = this.#copy?.taken() ?? [];
    if (!this.#copy || operations.length === 0) return;
    this.#settled(this.#copy, this.#tellAtOnce(REPLAY, [], writeOperations(operations)));
  }

  #settled(copy: CopiedFiles, answer: Uint8Array): void {
    const number = this.#answered(answer);
    copy.number = new DataView(number.buffer, number.byteOffset).getFloat64(0, true);
  }

  /** For the instance that has begun. */
  calls(clock: Clock): FileCalls {
    const copy = this.#copy;
    if (copy) {
      copy.now = () => clock.time(REALTIME);
      return copy;
    }
    if (!this.#isThere) return noFiles;
    const { hostCalls } = this.#deps;
    return {
      run: (...operation) =>
        then(hostCalls.ask(this.#index, operationValues(operation)), ([answer]) => bytesOf(answer)),
    };
  }

  /** While no guest runs. */
  async #tell(what: number, numbers: readonly bigint[], bytes: Uint8Array): Promise<Uint8Array> {
    const args: WireValue[] = [what, ...padded(numbers), bytes, NOTHING];
    const [answer] = valuesOf(await this.#deps.page.hostCall(this.#index, args));
    return bytesOf(answer);
  }

  #tellAtOnce(what: number, numbers: readonly bigint[], bytes: Uint8Array): Uint8Array {
    const values = this.#deps.hostCalls.ask(this.#index, [what, ...padded(numbers), bytes, NOTHING]);
    if (values instanceof Promise)
      throw new ClocheError('HOST_CALLS_UNAVAILABLE', 'this way of waiting does not block');
    return bytesOf(values[0]);
  }

  #answered(answer: Uint8Array): Uint8Array {
    if (errnoOf(answer) === SUCCESS) return answer.slice(ERRNO_BYTES);
    throw new ClocheError('STORAGE_FAILED', 'what the plugin did to its files could not be kept; its log says why');
  }
}

function renewal(copy: CopiedFiles): [what: number, numbers: bigint[], bytes: Uint8Array] {
  return [RENEW, [BigInt(copy.number)], NOTHING];
}
