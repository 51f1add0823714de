// Objects with slashes in their names, as the folder that they stand for.

import type { Folder } from './folder.ts';

type Open = () => Promise<File>;

/** Each file is loaded when it is read. @param files by their paths in the folder */
export function folderOf(name: string, files: ReadonlyMap<string, Open>): Folder {
  const folders = new Map<string, Map<string, Open>>();
  const own: object[] = [];
  for (const [path, getFile] of files) {
    const slash = path.indexOf('/');
    if (slash === -1) {
      own.push({ kind: 'file', name: path, getFile });
      continue;
    }
    const folder = path.slice(0, slash);
    folders.set(folder, (folders.get(folder) ?? new Map<string, Open>()).set(path.slice(slash + 1), getFile));
  }
  const below = [...folders].map(([folder, inside]) => folderOf(folder, inside));
  return new ObjectFolder(name, [...own, ...below]) as unknown as Folder;
}

/** As much of a handle as is read of one. A class, as a plain object would be copied for a manifest before it is installed. */
class ObjectFolder {
  readonly kind = 'directory';
  readonly getFileHandle = undefined;
  readonly name: string;
  readonly #entries: readonly object[];

  constructor(name: string, entries: readonly object[]) {
    this.name = name;
    this.#entries = entries;
  }

  async *values(): AsyncGenerator<unknown> {
    yield* this.#entries;
  }
}
