import { ClocheError } from '../errors.ts';

/** Why no compiled module is taken: limits are written into the bytes before they are compiled. */
export function compiledModule(place: string): ClocheError {
  return new ClocheError(
    'SOURCE_INVALID',
    `${place} is a compiled WebAssembly.Module, and memory limits cannot be set in one; pass its bytes`,
  );
}
