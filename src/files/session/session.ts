// What `fd_*` and `path_*` of WASI preview 1 do to files, for one instance of a guest. It takes numbers and bytes and gives
// bytes, so that the page may run it for a worker, or the worker by itself: see `operations.ts`.

import type { Access } from '../access.ts';
import { Refused, SUCCESS } from '../errno.ts';
import type { Operation, OperationName } from '../operations.ts';
import type { Volume } from '../volume/volume.ts';
import { Descriptors } from './descriptors.ts';
import { fileOperations } from './file-operations.ts';
import { pathOperations } from './path-operations.ts';
import { ALL_RIGHTS, FOLDER_RIGHTS } from './rights.ts';
import type { SessionContext } from './session-context.ts';

/** A folder that a guest finds open. */
export interface Preopen {
  /** What the guest knows it as. */
  readonly name: string;
  readonly volume: Volume;
  /** Below the root of the volume; undefined where it is not there, and then neither is the preopen. */
  readonly folder: Volume['top'] | undefined;
}

export class Session {
  readonly #open = new Descriptors();
  readonly #volumes: Volume[];
  readonly #operations: Readonly<Record<OperationName, Operation>>;

  constructor(preopens: readonly Preopen[], access: Access) {
    this.#volumes = [...new Set(preopens.map(({ volume }) => volume))];
    const context: SessionContext = {
      open: this.#open,
      access,
      deviceOf: (volume) => this.#volumes.indexOf(volume) + 1,
    };
    this.#operations = { ...fileOperations(context), ...pathOperations(context) };
    for (const { name, volume, folder } of preopens) {
      if (!folder) continue;
      const path = volume.pathOf(folder) ?? volume.root;
      const rights = { base: FOLDER_RIGHTS, inheriting: ALL_RIGHTS };
      this.#open.add({ volume, node: folder, path, ...rights, flags: 0, at: 0n, preopen: name });
    }
  }

  /**
   * @returns the errno in two bytes, and behind a 0 what the operation gives
   * @throws {NotLoaded} and then nothing was done
   */
  run(name: OperationName, numbers: readonly bigint[], one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
    try {
      return answer(SUCCESS, this.#operations[name](numbers, one, other));
    } catch (thrown) {
      if (thrown instanceof Refused) return answer(thrown.errno);
      throw thrown;
    }
  }

  /** Its volumes were read anew, each into another. */
  moveTo(volumes: ReadonlyMap<Volume, Volume>): void {
    this.#open.moveTo(volumes);
    for (const [i, volume] of this.#volumes.entries()) this.#volumes[i] = volumes.get(volume) ?? volume;
  }

  /** Lets go of all that it has open. */
  end(): void {
    this.#open.closeAll();
  }
}

function answer(errno: number, result?: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2 + (result?.length ?? 0));
  new DataView(bytes.buffer).setUint16(0, errno, true);
  if (result) bytes.set(result, 2);
  return bytes;
}
