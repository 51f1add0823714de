// What passes between the page and the worker that keeps changes in files. No logic.

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
