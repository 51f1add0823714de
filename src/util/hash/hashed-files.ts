// Files by what they hold. A file is hashed once, on its way in; the type says so to all who are handed the files afterwards.

import { Pauses } from '../pauses.ts';
import { sha256 } from './sha256.ts';

declare const hashed: unique symbol;

type Bytes = Uint8Array<ArrayBuffer>;

/** By the SHA-256 of their bytes, 64 lower-case hex digits, which nobody has to compute again. */
export type HashedFiles = ReadonlyMap<string, Bytes> & { readonly [hashed]: true };

export interface FileHasher {
  /** All that were added so far. */
  readonly files: HashedFiles;
  /** The hash of bytes that do not change any more; computed once. @throws as `add` */
  hash(bytes: Bytes): Promise<string>;
  /**
   * Adds a file whose bytes do not change any more.
   * @returns its hash
   * @throws {ClocheError} START_FAILED outside secure contexts
   */
  add(bytes: Bytes): Promise<string>;
}

export function fileHasher(): FileHasher {
  const files = new Map<string, Bytes>();
  // Chromium hashes at once, so that a hash after the other would be one task.
  const pauses = new Pauses();
  const known = new WeakMap<Bytes, string>();
  const hash = async (bytes: Bytes): Promise<string> => {
    const computed = known.get(bytes) ?? (await sha256(bytes));
    known.set(bytes, computed);
    if (pauses.due) await pauses.take();
    return computed;
  };
  return {
    files: files as unknown as HashedFiles,
    hash,
    async add(bytes) {
      const computed = await hash(bytes);
      files.set(computed, bytes);
      return computed;
    },
  };
}
