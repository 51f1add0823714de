// The files of a database, made of what was stored of it.

import type { FileChanges, WrittenFile } from './change-record.ts';

export type TreeEntry =
  | { readonly kind: 'dir'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string; readonly data: Uint8Array };

export class FileTree {
  readonly #folders = new Set<string>();
  readonly #files = new Map<string, Uint8Array>();

  apply({ ops, files }: FileChanges): void {
    for (const { op, path } of ops) {
      if (op === 'mkdir') this.#folders.add(path);
      else this.#remove(path);
    }
    for (const file of files) this.#files.set(file.path, this.#written(file));
  }

  /** Folders come before what is in them. */
  *entries(): Generator<TreeEntry> {
    for (const path of [...this.#folders].sort()) yield { kind: 'dir', path };
    for (const [path, data] of this.#files) yield { kind: 'file', path, data };
  }

  /** All of it, as one change of nothing. */
  whole(): FileChanges {
    return {
      ops: [...this.#folders].sort().map((path) => ({ op: 'mkdir', path })),
      files: [...this.#files].map(([path, data]) => ({
        path,
        size: data.length,
        full: true,
        truncate: true,
        chunks: [{ at: 0, data }],
      })),
    };
  }

  #remove(path: string): void {
    const within = `${path}/`;
    for (const known of [...this.#files.keys()])
      if (known === path || known.startsWith(within)) this.#files.delete(known);
    for (const known of [...this.#folders]) if (known === path || known.startsWith(within)) this.#folders.delete(known);
  }

  #written({ path, size, full, chunks }: WrittenFile): Uint8Array {
    const before = full ? undefined : this.#files.get(path);
    const data = before?.length === size ? before : new Uint8Array(size);
    if (before && data !== before) data.set(before.subarray(0, size));
    for (const { at, data: piece } of chunks) data.set(piece, at);
    return data;
  }
}
