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
  return {
    files: files as unknown as HashedFiles,
    async add(bytes) {
      const hash = await sha256(bytes);
      files.set(hash, bytes);
      if (pauses.due) await pauses.take();
      return hash;
    },
  };
}
