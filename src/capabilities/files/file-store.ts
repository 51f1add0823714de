// The files of one installation: their trees in memory, their bytes as far as they were asked for, and both as they are stored.
//
// Stored are the bytes of each file under a name that is never used again, and one list of all of it under a number that counts up.
// What a change adds is stored first, then the list that knows of it; only then goes what no list needs. So whatever cuts a change
// short, there is a whole list, and all that it names.

import { ClocheError, messageOf } from '../../errors.ts';
import { ROOTS } from '../../files/roots.ts';
import { Budget } from '../../files/volume/budget.ts';
import type { FileNode } from '../../files/volume/nodes.ts';
import { readTree, type StoredTree, writeTree } from '../../files/volume/tree.ts';
import { Volume } from '../../files/volume/volume.ts';
import type { Drive } from './drive.ts';

/** A list that does not count yet. */
const STAGED = 'staged';
const LIST = /^list-(\d{1,15})$/;
/** Before a store knows its limits: what is stored is read, whatever the limits are by now. */
const NOTHING = { bytes: 0, nodes: 0 };

interface StoredList {
  readonly format: 'cloche-files';
  readonly version: 1;
  readonly trees: Readonly<Record<string, StoredTree>>;
}

export class FileStore {
  readonly #drive: Drive;
  #volumes: readonly Volume[] = [];
  #budget = new Budget(NOTHING);
  /** The number of the list that is in memory; -1 before any was read. */
  #number = -1;
  /** The highest of any list, whole or not: no number is used twice. */
  #highest = 0;
  #bytesOf = new Map<FileNode, string>();
  #names: readonly string[] = [];
  /** What files take for the time, as real as the plugin may know it. In ns since 1970. */
  now: () => bigint = () => 0n;

  constructor(drive: Drive) {
    this.#drive = drive;
  }

  get volumes(): readonly Volume[] {
    return this.#volumes;
  }

  /** Counts what was stored. */
  get number(): number {
    return this.#number;
  }

  get budget(): Budget {
    return this.#budget;
  }

  /**
   * Reads what is stored, unless that is in memory already.
   * @returns the volumes of before with those in their place; undefined where nothing is new
   * @throws {ClocheError} STORAGE_FAILED
   */
  async refresh(): Promise<ReadonlyMap<Volume, Volume> | undefined> {
    const names = await this.#drive.names();
    const numbers = names.flatMap((name) => (LIST.test(name) ? [Number(LIST.exec(name)?.[1])] : []));
    const highest = Math.max(0, ...numbers);
    if (this.#number >= 0 && highest === this.#highest) return undefined;
    this.#highest = highest;
    const before = this.#volumes;
    await this.#read(
      names,
      numbers.sort((a, b) => b - a),
    );
    return new Map(before.map((volume, i) => [volume, this.#volumes[i] as Volume]));
  }

  /** What is in memory and not stored is forgotten with the next `refresh`. */
  forget(): void {
    this.#number = -1;
  }

  /** @throws {ClocheError} STORAGE_FAILED */
  async load(file: FileNode): Promise<void> {
    const name = this.#bytesOf.get(file);
    const bytes = name === undefined ? undefined : await this.#drive.read(name);
    if (bytes?.length !== file.size) throw damaged('bytes of a file are missing');
    file.bytes ??= bytes;
  }

  /** In the place of what is in memory; stored with the next `commit`. */
  put(volumes: readonly Volume[], budget: Budget): void {
    this.#volumes = volumes;
    this.#budget = budget;
  }

  /** Another over the same drive, which has only what is stored. */
  aside(): FileStore {
    const store = new FileStore(this.#drive);
    store.now = this.now;
    return store;
  }

  /**
   * @param meanwhile begins when all is stored but for the step with which it counts
   * @throws {ClocheError} STORAGE_FAILED, what `meanwhile` throws; then what is stored is as it was
   */
  async commit(meanwhile?: () => Promise<void>): Promise<void> {
    // Forgotten, and perhaps not of what is stored.
    if (this.#number < 0) return;
    if (!this.#volumes.some((volume) => volume.isChanged || volume.written.size > 0)) return;
    const number = this.#highest + 1;
    const pieces = new Map<string, Uint8Array<ArrayBuffer>>();
    const bytesOf = new Map<FileNode, string>();
    const nameOf = (volume: Volume, file: FileNode): string => {
      const isWritten = volume.written.has(file);
      const name = isWritten ? `${number}-${this.#volumes.indexOf(volume)}-${file.id}` : this.#bytesOf.get(file);
      if (isWritten && file.size > 0)
        pieces.set(name as string, (file.bytes as Uint8Array<ArrayBuffer>).slice(0, file.size));
      bytesOf.set(file, name ?? '');
      return name ?? '';
    };
    const trees = this.#volumes.map((volume) => [volume.root, writeTree(volume, (file) => nameOf(volume, file))]);
    const list: StoredList = { format: 'cloche-files', version: 1, trees: Object.fromEntries(trees) };
    const needed = new Set(bytesOf.values());
    const last = `list-${number}`;
    const text = sealed(JSON.stringify(list));
    const gone = this.#names.filter((name) => !needed.has(name));
    try {
      if (meanwhile) {
        await this.#drive.write(pieces, [STAGED, text], []);
        pieces.clear();
        gone.push(STAGED);
        await meanwhile();
      }
      await this.#drive.write(pieces, [last, text], gone);
    } catch (thrown) {
      this.forget();
      throw thrown;
    }
    this.#number = number;
    this.#highest = number;
    this.#bytesOf = bytesOf;
    this.#names = [last, ...[...needed].filter((name) => name !== '')];
    for (const volume of this.#volumes) {
      volume.isChanged = false;
      volume.written.clear();
    }
  }

  /** @throws {ClocheError} STORAGE_FAILED */
  async wipe(): Promise<void> {
    await this.#drive.wipe();
    this.forget();
  }

  async #read(names: readonly string[], numbers: readonly number[]): Promise<void> {
    for (const number of numbers) {
      const bytes = await this.#drive.read(`list-${number}`);
      const text = bytes && unsealed(bytes);
      // One that was cut short: the one before it is whole.
      if (text === undefined) continue;
      this.#take(number, JSON.parse(text), names);
      return;
    }
    if (numbers.length > 0) throw damaged('no list of them is whole');
    this.#take(0, { trees: {} }, names);
  }

  #take(number: number, list: Pick<StoredList, 'trees'>, names: readonly string[]): void {
    const budget = new Budget(this.#budget.quota);
    const bytesOf = new Map<FileNode, string>();
    try {
      this.#volumes = ROOTS.map((root) => {
        const volume = new Volume(root, budget, () => this.now());
        const tree = list.trees[root];
        if (tree) for (const [file, name] of readTree(volume, tree)) bytesOf.set(file, name);
        volume.isChanged = false;
        return volume;
      });
    } catch (thrown) {
      throw damaged(messageOf(thrown));
    }
    this.#budget = budget;
    this.#bytesOf = bytesOf;
    this.#number = number;
    this.#names = names;
  }
}

/** With its own checksum, by which a text that was cut short is told. */
function sealed(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${checksum(text)} ${text}`);
}

function unsealed(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(bytes);
  const end = text.indexOf(' ');
  const body = text.slice(end + 1);
  return end > 0 && text.slice(0, end) === checksum(body) ? body : undefined;
}

/** FNV-1a, with the length: http://www.isthe.com/chongo/tech/comp/fnv/ */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return `${text.length}.${hash}`;
}

function damaged(what: string): ClocheError {
  return new ClocheError('STORAGE_FAILED', `Files of a plugin: ${what}`);
}
