// The glue of the component that this worker runs: the end of its script hands it over here.

import { ClocheError } from '../../src/errors.ts';
import type { ImportObject } from './imports.ts';

export type Exports = Readonly<Record<string, unknown>>;

/** What the transpiler writes. */
export type Instantiate = (
  getModule: (name: string) => WebAssembly.Module,
  imports: ImportObject,
  instantiateCore: (module: WebAssembly.Module, imports?: WebAssembly.Imports) => Promise<WebAssembly.Instance>,
) => Exports | Promise<Exports>;

let made: Instantiate | undefined;

/** Whoever calls it first: the rest of the script follows at once. */
export function awaitGlue(): void {
  Object.defineProperty(globalThis, 'clocheGlue', {
    configurable: true,
    value(make: () => Instantiate) {
      Reflect.deleteProperty(globalThis, 'clocheGlue');
      made = make();
    },
  });
}

/** @throws {ClocheError} START_FAILED */
export function glue(): Instantiate {
  if (made) return made;
  throw new ClocheError('START_FAILED', 'the script of this worker has no glue');
}
