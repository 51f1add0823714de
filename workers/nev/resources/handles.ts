// The resources of one instance, by the handles that its guest knows them by: from 0, the lowest free one first.

import { trap } from '../../../src/runtime/wire/abi/trap.ts';

/** Each is an object here, whatever its guest does with the number. */
const MOST_HANDLES = 65_536;

export interface Resource {
  readonly kind: string;
  readonly value: unknown;
  /** Nothing of the guest knows it any more. */
  release?(): void;
}

export class Handles {
  readonly #resources: (Resource | undefined)[] = [];
  /** None below it is free. */
  #lowest = 0;

  /** @throws {WebAssembly.RuntimeError} where there are too many */
  add(resource: Resource): number {
    while (this.#resources[this.#lowest]) this.#lowest++;
    const handle = this.#lowest;
    if (handle >= MOST_HANDLES) throw trap(`the guest holds ${MOST_HANDLES} resources and has dropped none`);
    this.#resources[handle] = resource;
    return handle;
  }

  /** @throws {WebAssembly.RuntimeError} for a handle that is none, or of something else */
  get(handle: number, kind: string): Resource {
    const resource = this.#resources[handle >>> 0];
    if (!resource) throw trap(`Invalid resource index ${handle >>> 0}`);
    if (resource.kind !== kind) throw trap(`Invalid resource index ${handle >>> 0}: a ${resource.kind}, not a ${kind}`);
    return resource;
  }

  /** Its handle is nobody's from now on, and may be given again. @throws {WebAssembly.RuntimeError} */
  take(handle: number, kind: string): Resource {
    const resource = this.get(handle, kind);
    this.#resources[handle >>> 0] = undefined;
    this.#lowest = Math.min(this.#lowest, handle >>> 0);
    return resource;
  }

  /** @throws {WebAssembly.RuntimeError} */
  drop(handle: number, kind: string): void {
    this.take(handle, kind).release?.();
  }
}
