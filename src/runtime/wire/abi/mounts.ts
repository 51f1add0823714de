// What a plugin has put under a path, to be taken from there again: once, by whoever opens it first.

import { trap } from './trap.ts';

const MOST_MOUNTS = 10_000;
const MOST_PATH_LENGTH = 4_096;

export class Mounts<T extends { release?(): void }> {
  readonly #mounted = new Map<string, T>();
  #count = 0;

  /**
   * What was there before is nobody's any more.
   * @param unique under a path of its own, which begins with this
   * @returns the path that it has @throws {WebAssembly.RuntimeError} where there are too many
   */
  mount(resource: T, path: string, unique: boolean): string {
    const free = unique ? `${path}-${++this.#count}` : path;
    const problem = this.#problemWith(free);
    if (problem !== undefined) {
      // Whoever gave it away cannot let go of it any more.
      resource.release?.();
      throw trap(problem);
    }
    this.#mounted.get(free)?.release?.();
    this.#mounted.set(free, resource);
    return free;
  }

  open(path: string): T | undefined {
    const resource = this.#mounted.get(path);
    this.#mounted.delete(path);
    return resource;
  }

  #problemWith(path: string): string | undefined {
    if (path.length > MOST_PATH_LENGTH) return `a path of more than ${MOST_PATH_LENGTH} characters`;
    if (this.#mounted.has(path) || this.#mounted.size < MOST_MOUNTS) return undefined;
    return `the guest has mounted ${MOST_MOUNTS} resources and opened none`;
  }
}
