// A copy of a plugin's files in its worker, for a guest that is not to wait for the page.

import type { Access } from '../../../src/files/access.ts';
import { EDQUOT } from '../../../src/files/errno.ts';
import { type OperationName, READ_ONLY } from '../../../src/files/operations.ts';
import { preopensOf } from '../../../src/files/session/preopens.ts';
import { Session } from '../../../src/files/session/session.ts';
import { type Image, readImage } from '../../../src/files/volume/image.ts';
import type { Volume } from '../../../src/files/volume/volume.ts';
import type { WireOperation } from '../../../src/files/wire.ts';
import type { GuestProgram } from '../../../src/runtime/wire/guest-contract.ts';
import { errnoOf, refusedWith } from './answers.ts';
import type { FileCalls } from './file-calls.ts';

/** Of one that is kept, beside its bytes. */
const OPERATION_BYTES = 128;

/** What the page has given, and what was done to it since the guest was entered. */
export class CopiedFiles implements FileCalls {
  readonly #session: Session;
  #image: Image;
  #operations: (readonly [WireOperation, errno: number])[] = [];
  #bytes = 0;
  readonly #mostBytes: number;
  now: () => bigint = () => 0n;
  /** Of what is stored, as far as it is known here. */
  number: number;

  /** @param mostBytes of what is done to it during one call */
  constructor(image: Uint8Array, { folders }: GuestProgram, mostBytes: number) {
    this.#mostBytes = mostBytes;
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
    if (READ_ONLY.has(name)) return this.#session.run(name, numbers, one, other);
    // Each is kept until the page does it again: else a guest that writes one byte for ever would fill the worker.
    const bytes = OPERATION_BYTES + one.length + other.length;
    if (this.#bytes + bytes > this.#mostBytes) return refusedWith(EDQUOT);
    const answer = this.#session.run(name, numbers, one, other);
    this.#bytes += bytes;
    this.#operations.push([[name, numbers, one, other], errnoOf(answer)]);
    return answer;
  }

  taken(): readonly (readonly [WireOperation, errno: number])[] {
    const operations = this.#operations;
    this.#operations = [];
    this.#bytes = 0;
    return operations;
  }
}
