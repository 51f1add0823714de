// When the engine itself has no room left for one more plugin, whatever that may take by its limits.

import { ClocheError, messageOf } from '../src/errors.ts';

/**
 * By its words: Chromium throws a RangeError ("Out of memory: Cannot allocate Wasm memory for new instance"), WebKit as well,
 * Firefox the bare text "out of memory". A guest can make the glue throw RangeErrors of other words, in its start function.
 */
export function isEngineFull(thrown: unknown): boolean {
  const text = thrown instanceof RangeError ? thrown.message : thrown;
  return typeof text === 'string' && /out of memory|allocate (?:wasm )?memory/i.test(text);
}

export function engineFull(cause: unknown): ClocheError {
  const what = 'the engine has no room for one more plugin; close others, or lower `live`';
  return new ClocheError('ENGINE_FULL', what, { detail: messageOf(cause) });
}

/**
 * Instantiates, or makes a memory.
 * @throws {ClocheError} ENGINE_FULL
 */
export async function withRoom<T>(make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (thrown) {
    throw isEngineFull(thrown) ? engineFull(thrown) : thrown;
  }
}
