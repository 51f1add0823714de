// Operations on files for one instance, by the numbers that preview 1 has for what is open.

import { EBADF, SUCCESS } from '../../../../src/files/errno.ts';
import type { OperationName } from '../../../../src/files/operations.ts';
import { FIRST_DESCRIPTOR } from '../../../../src/files/session/descriptors.ts';
import { ERRNO_BYTES, errnoOf } from '../../../wasi/full/answers.ts';
import type { FileCalls } from '../../../wasi/full/file-calls.ts';
import { FileError, fileFailure, nameOf } from './file-errors.ts';

const NOTHING = new Uint8Array();

export class OpenFiles {
  readonly #calls: FileCalls;
  readonly #crossing: () => void;

  /** @param calls of files that answer at once, as a copy does */
  constructor(calls: FileCalls, crossing: () => void) {
    this.#calls = calls;
    this.#crossing = crossing;
  }

  /** @throws what the guest hears as the error of its function */
  run(
    name: OperationName,
    numbers: readonly bigint[],
    one: Uint8Array = NOTHING,
    other: Uint8Array = NOTHING,
  ): DataView {
    const { errno, view } = this.#answer(name, numbers, one, other);
    if (errno !== SUCCESS) throw fileFailure(errno);
    return view;
  }

  /** The same for a stream, whose errors are resources. */
  stream(name: OperationName, numbers: readonly bigint[], one: Uint8Array = NOTHING): DataView {
    const { errno, view } = this.#answer(name, numbers, one, NOTHING);
    if (errno !== SUCCESS) throw new FileError(nameOf(errno));
    return view;
  }

  close(fd: bigint): void {
    // What is closed already has nothing to say to anybody.
    this.#answer('fd_close', [fd], NOTHING, NOTHING);
  }

  /** Folders that the guest finds open. */
  preopens(): { readonly fd: bigint; readonly name: string }[] {
    const found: { fd: bigint; name: string }[] = [];
    for (let fd = BigInt(FIRST_DESCRIPTOR); ; fd++) {
      const { errno, view } = this.#answer('fd_prestat_get', [fd], NOTHING, NOTHING);
      if (errno === EBADF) return found;
      if (errno !== SUCCESS) continue;
      const room = BigInt(view.getUint32(0, true));
      found.push({ fd, name: textOf(this.run('fd_prestat_dir_name', [fd, room])) });
    }
  }

  #answer(
    name: OperationName,
    numbers: readonly bigint[],
    one: Uint8Array,
    other: Uint8Array,
  ): { errno: number; view: DataView } {
    this.#crossing();
    const answer = this.#calls.run(name, numbers, one, other);
    if (answer instanceof Promise) throw new Error('files of a component answer at once');
    const view = new DataView(answer.buffer, answer.byteOffset + ERRNO_BYTES, answer.byteLength - ERRNO_BYTES);
    return { errno: errnoOf(answer), view };
  }
}

/** A copy: what is behind the view may be a file's own. */
export function bytesOf({ buffer, byteOffset, byteLength }: DataView): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength).slice();
}

export function textOf(view: DataView): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytesOf(view));
}
