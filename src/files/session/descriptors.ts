// What a guest has open. The three standard streams are the worker's own, so numbers begin behind them.

import { EBADF, EMFILE, ENOTCAPABLE, ENOTDIR, Refused } from '../errno.ts';
import type { FileNode, FolderNode } from '../volume/nodes.ts';
import type { Volume } from '../volume/volume.ts';

export const FIRST_DESCRIPTOR = 3;
const MOST_OPEN = 1_024;

export interface Descriptor {
  volume: Volume;
  node: FileNode | FolderNode;
  /** Of a file: its path when it was opened, by which it is still allowed or not. */
  readonly path: string;
  base: bigint;
  inheriting: bigint;
  flags: number;
  /** Of a file: where it is read and written next. */
  at: bigint;
  /** The name under which the guest found it open; undefined of what it has opened itself. */
  readonly preopen: string | undefined;
}

export class Descriptors {
  readonly #open = new Map<number, Descriptor>();
  /** Numbers that the worker has given to standard streams. */
  readonly #streams = new Set<number>();

  /** @throws {Refused} EMFILE */
  add(descriptor: Descriptor): number {
    if (this.#open.size >= MOST_OPEN) throw new Refused(EMFILE);
    let fd = FIRST_DESCRIPTOR;
    while (this.#open.has(fd) || this.#streams.has(fd)) fd++;
    this.#set(fd, descriptor);
    return fd;
  }

  /** @param right that it has to have; 0n where any will do @throws {Refused} EBADF, ENOTCAPABLE */
  get(fd: number, right = 0n): Descriptor {
    const found = this.#open.get(fd);
    if (!found) throw new Refused(EBADF);
    if ((found.base & right) !== right) throw new Refused(ENOTCAPABLE);
    return found;
  }

  /** @throws {Refused} EBADF, ENOTDIR, ENOTCAPABLE */
  folder(fd: number, right: bigint): Descriptor & { readonly node: FolderNode } {
    const found = this.get(fd);
    if (!isFolder(found)) throw new Refused(ENOTDIR);
    this.get(fd, right);
    return found;
  }

  /** @throws {Refused} EBADF */
  close(fd: number): void {
    if (this.#streams.delete(fd)) return;
    const { volume, node } = this.get(fd);
    this.#open.delete(fd);
    volume.closed(node);
  }

  /** What `to` was is closed. Either may be a standard stream, of which only the number is known here. @throws {Refused} EBADF */
  renumber(from: number, to: number): void {
    const moved = this.#open.get(from);
    const replaced = this.#open.get(to);
    if (!moved && !this.#isStream(from)) throw new Refused(EBADF);
    if (!replaced && !this.#isStream(to)) throw new Refused(EBADF);
    if (from === to) return;
    this.#open.delete(to);
    this.#streams.delete(to);
    if (moved) {
      this.#open.delete(from);
      this.#open.set(to, moved);
    } else {
      this.#streams.delete(from);
      if (to >= FIRST_DESCRIPTOR) this.#streams.add(to);
    }
    replaced?.volume.closed(replaced.node);
  }

  /** The volumes were read anew: what is not there any more is closed. */
  moveTo(volumes: ReadonlyMap<Volume, Volume>): void {
    for (const [fd, descriptor] of this.#open) {
      const volume = volumes.get(descriptor.volume);
      const node = volume?.nodes.get(descriptor.node.id);
      if (!volume || !node || node.kind !== descriptor.node.kind) {
        this.#open.delete(fd);
        continue;
      }
      Object.assign(descriptor, { volume, node });
      volume.opened(node);
    }
  }

  closeAll(): void {
    for (const fd of [...this.#open.keys()]) this.close(fd);
  }

  #isStream(fd: number): boolean {
    return this.#streams.has(fd) || (fd < FIRST_DESCRIPTOR && !this.#open.has(fd));
  }

  #set(fd: number, descriptor: Descriptor): void {
    this.#open.set(fd, descriptor);
    descriptor.volume.opened(descriptor.node);
  }
}

function isFolder(descriptor: Descriptor): descriptor is Descriptor & { readonly node: FolderNode } {
  return descriptor.node.kind === 'folder';
}
