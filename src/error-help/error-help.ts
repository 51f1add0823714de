import type { ErrorCode } from '../errors.ts';
import { loadChunk } from '../util/load-chunk.ts';

/**
 * What an error code means and what helps, in a sentence or two for people.
 * @throws {ClocheError} FETCH_FAILED when the words cannot be loaded
 */
export async function errorHelp(code: ErrorCode): Promise<string> {
  const { ERROR_MEANINGS } = await loadChunk(() => import('./error-meanings.ts'));
  return ERROR_MEANINGS[code];
}
