// What passes between the page and the worker that assembles text of WebAssembly.

export interface AssembleRequest {
  readonly type: 'ASSEMBLE';
  readonly text: Uint8Array;
}

export type AssembleAnswer =
  | { readonly type: 'ASSEMBLED'; readonly ok: true; readonly module: Uint8Array<ArrayBuffer> }
  | {
      readonly type: 'ASSEMBLED';
      readonly ok: false;
      readonly problem: string;
      /** Of the first mistake, from 1; 0 where the assembler knows none. */
      readonly line: number;
      /** From 1. */
      readonly column: number;
    };
