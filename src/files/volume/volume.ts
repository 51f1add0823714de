// The tree of files below one root, in memory. It knows nothing of descriptors, permissions, or where it is stored.

import { EFBIG, EMLINK, Refused } from '../errno.ts';
import { type Budget, costOf } from './budget.ts';
import { type FileNode, type FolderNode, type LinkNode, type Node, NotLoaded } from './nodes.ts';

const MOST_FILE_BYTES = 2 ** 31 - 1;
const MOST_NAMES = 1_000;
/** The first that a listing gives are the folder itself and its parent. */
export const FIRST_PLACE = 2;

export class Volume {
  /** As paths begin: `ws0://`. */
  readonly root: string;
  readonly top: FolderNode;
  readonly nodes = new Map<number, Node>();
  readonly budget: Budget;
  /** Files whose bytes are not those that are stored. */
  readonly written = new Set<FileNode>();
  /** Whether anything else is not as it is stored. */
  isChanged = false;
  readonly #now: () => bigint;
  readonly #open = new Map<Node, number>();
  #nextId = 1;

  /** @param now in ns since 1970 */
  constructor(root: string, budget: Budget, now: () => bigint) {
    this.root = root;
    this.budget = budget;
    this.#now = now;
    this.top = this.addFolder(this.#nextId);
    this.top.names = 1;
  }

  get nextId(): number {
    return this.#nextId;
  }

  /** For whoever reads what is stored. */
  set nextId(id: number) {
    this.#nextId = id;
  }

  addFolder(id: number): FolderNode {
    return this.#add({
      ...this.#common(id),
      kind: 'folder',
      entries: new Map(),
      parent: undefined,
      nextPlace: FIRST_PLACE,
    });
  }

  addFile(id: number, size = 0, bytes?: Uint8Array<ArrayBuffer>): FileNode {
    return this.#add({ ...this.#common(id), kind: 'file', size, bytes });
  }

  addLink(id: number, target: string): LinkNode {
    return this.#add({ ...this.#common(id), kind: 'link', target });
  }

  /** Its path; undefined of one that was removed. */
  pathOf(folder: FolderNode, name?: string): string | undefined {
    const names = name === undefined ? [] : [name];
    let at = folder;
    while (at.parent) {
      names.unshift(at.parent.name);
      at = at.parent.folder;
    }
    return at === this.top ? this.root + names.join('/') : undefined;
  }

  /** @throws {Refused} EDQUOT */
  createFolder(parent: FolderNode, name: string): FolderNode {
    this.budget.take(costOf(name), 1);
    const folder = this.addFolder(this.#nextId);
    this.put(parent, name, folder);
    return folder;
  }

  /** @throws {Refused} EDQUOT */
  createFile(parent: FolderNode, name: string): FileNode {
    this.budget.take(costOf(name), 1);
    const file = this.addFile(this.#nextId, 0, new Uint8Array());
    this.put(parent, name, file);
    this.written.add(file);
    return file;
  }

  /** @throws {Refused} EDQUOT */
  createLink(parent: FolderNode, name: string, target: string): LinkNode {
    this.budget.take(costOf(name) + costOf(target), 1);
    const link = this.addLink(this.#nextId, target);
    this.put(parent, name, link);
    return link;
  }

  /** One more name. @throws {Refused} EDQUOT, EMLINK */
  addName(parent: FolderNode, name: string, node: Node): void {
    if (node.names >= MOST_NAMES) throw new Refused(EMLINK);
    this.budget.take(costOf(name));
    this.put(parent, name, node);
    node.times.changed = this.#now();
  }

  /** Without a look at what it costs. */
  put(parent: FolderNode, name: string, node: Node): void {
    parent.entries.set(name, { node, place: parent.nextPlace++ });
    if (node.kind === 'folder') node.parent = { folder: parent, name };
    node.names++;
    this.#folderChanged(parent);
  }

  /** Takes a name away; what has none any more goes, at the latest when it is closed. */
  remove(parent: FolderNode, name: string): void {
    const node = parent.entries.get(name)?.node;
    if (!node) return;
    parent.entries.delete(name);
    this.budget.giveBack(costOf(name));
    if (node.kind === 'folder') node.parent = undefined;
    node.names--;
    node.times.changed = this.#now();
    this.#folderChanged(parent);
    this.#forgetUnused(node);
  }

  /** In the place of what has the new name. @throws {Refused} EDQUOT */
  move(from: FolderNode, name: string, to: FolderNode, newName: string): void {
    const node = from.entries.get(name)?.node;
    if (!node) return;
    const more = costOf(newName) - costOf(name);
    if (more > 0) this.budget.take(more);
    else this.budget.giveBack(-more);
    this.remove(to, newName);
    from.entries.delete(name);
    node.names--;
    this.put(to, newName, node);
    node.times.changed = this.#now();
    this.#folderChanged(from);
  }

  /** @throws {NotLoaded} */
  read(file: FileNode, at: number, most: number): Uint8Array<ArrayBuffer> {
    const bytes = this.#bytesOf(file);
    const end = Math.min(file.size, at + most);
    return bytes.slice(Math.min(at, end), end);
  }

  /** @throws {NotLoaded} @throws {Refused} EDQUOT, EFBIG */
  write(file: FileNode, at: number, data: Uint8Array): void {
    if (data.length === 0) return;
    this.#bytesOf(file);
    if (at + data.length > file.size) this.#resize(file, at + data.length);
    file.bytes?.set(data, at);
    this.#fileChanged(file);
  }

  /** @throws {NotLoaded} @throws {Refused} EDQUOT, EFBIG */
  resize(file: FileNode, size: number): void {
    // What is cut to nothing need not be read.
    if (size === 0) file.bytes ??= new Uint8Array(file.size);
    this.#bytesOf(file);
    if (size === file.size && size > 0) return;
    this.#resize(file, size);
    this.#fileChanged(file);
  }

  /** Is kept until it was closed as often. */
  opened(node: Node): void {
    this.#open.set(node, (this.#open.get(node) ?? 0) + 1);
  }

  closed(node: Node): void {
    const count = (this.#open.get(node) ?? 1) - 1;
    if (count > 0) this.#open.set(node, count);
    else this.#open.delete(node);
    this.#forgetUnused(node);
  }

  now(): bigint {
    return this.#now();
  }

  touched(): void {
    this.isChanged = true;
  }

  #common(id: number): { id: number; times: Node['times']; names: number } {
    const now = this.#now();
    return { id, times: { accessed: now, modified: now, changed: now }, names: 0 };
  }

  #add<N extends Node>(node: N): N {
    this.nodes.set(node.id, node);
    this.#nextId = Math.max(this.#nextId, node.id + 1);
    return node;
  }

  #bytesOf(file: FileNode): Uint8Array<ArrayBuffer> {
    if (!file.bytes) throw new NotLoaded(this, file);
    return file.bytes;
  }

  #resize(file: FileNode, size: number): void {
    if (size > MOST_FILE_BYTES) throw new Refused(EFBIG);
    if (size > file.size) this.budget.take(size - file.size);
    else this.budget.giveBack(file.size - size);
    const bytes = file.bytes as Uint8Array<ArrayBuffer>;
    if (size > bytes.length) {
      // Twice as much as before, so that what is written piece by piece is not copied each time.
      const larger = new Uint8Array(Math.max(size, Math.min(bytes.length * 2, size + (1 << 20))));
      larger.set(bytes.subarray(0, file.size));
      file.bytes = larger;
    } else if (size < file.size) {
      bytes.fill(0, size, file.size);
    }
    file.size = size;
  }

  #fileChanged(file: FileNode): void {
    const now = this.#now();
    file.times.modified = now;
    file.times.changed = now;
    this.written.add(file);
    this.isChanged = true;
  }

  #folderChanged(folder: FolderNode): void {
    const now = this.#now();
    folder.times.modified = now;
    folder.times.changed = now;
    this.isChanged = true;
  }

  #forgetUnused(node: Node): void {
    if (node.names > 0 || node === this.top || this.#open.has(node) || !this.nodes.delete(node.id)) return;
    const size = node.kind === 'file' ? node.size : node.kind === 'link' ? costOf(node.target) : 0;
    this.budget.giveBack(size, 1);
    if (node.kind === 'file') this.written.delete(node);
  }
}
