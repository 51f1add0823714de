// How functions of WASI 0.2 say that something failed: the glue takes the value of an error from `payload`.

/** @param payload the error, as its interface has it */
export function failure(payload: unknown): Error {
  return Object.assign(new Error('a function of WASI failed'), { payload });
}

/** `error` of `wasi:io/error`. https://github.com/WebAssembly/WASI/blob/main/proposals/io/wit/error.wit */
export class IoError {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toDebugString(): string {
    return this.#text;
  }
}
