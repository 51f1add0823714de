// What passes between the page and the worker that keeps changes in files, and what both know of those.

export type ChangesRequest = { readonly id: number } & (
  | { readonly type: 'OPEN'; readonly path: readonly string[]; readonly name: string }
  | { readonly type: 'APPEND'; readonly records: readonly Uint8Array[] }
  | { readonly type: 'REPLACE'; readonly records: readonly Uint8Array[] }
  | { readonly type: 'CLOSE' }
);

export type ChangesAnswer =
  | { readonly id: number; readonly ok: true; readonly records: readonly Uint8Array[]; readonly bytes: number }
  /** `busy`: somebody else has it open. */
  | { readonly id: number; readonly ok: false; readonly busy: boolean; readonly message: string };

/** What a file begins with, see `changes-file.worker.ts`. */
export const MARK = 0x434c5351;
export const HEAD_BYTES = 16;

/** There are two of each database. */
export const FILE_SUFFIXES = ['a', 'b'] as const;

/** @param bytes that a file begins with; one of zeros has none, and counts for nothing */
export function isHead(bytes: Uint8Array): boolean {
  return (
    bytes.length >= HEAD_BYTES && new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0) === MARK
  );
}
