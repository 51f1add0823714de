// Parts of Cloche that not every page needs: files of their own, fetched when one is first used.

import { ClocheError } from '../errors.ts';

/**
 * @param load imports the part
 * @throws {ClocheError} FETCH_FAILED when its file cannot be loaded; the next use tries again
 */
export async function loadChunk<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const message =
      'A part of Cloche could not be loaded: serve the folder `chunks` beside its script, and allow it in `script-src`';
    throw new ClocheError('FETCH_FAILED', message, { cause });
  }
}

/**
 * For what is used again and again: at once where it is there, as an engine takes 0.1 ms for an `import()` of what it has loaded.
 * @param load as of {@link loadChunk}
 */
export function lateChunk<T>(load: () => Promise<T>): () => T | Promise<T> {
  let loaded: T | undefined;
  return () =>
    loaded ??
    loadChunk(load).then((chunk) => {
      loaded = chunk;
      return chunk;
    });
}
