// The dialects of a host that is not told otherwise. Where they stand is written in `known.ts` beside this file, which is loaded
// with the first manifest: of a bare module every page knows whose it is.

import { loadChunk } from '../util/load-chunk.ts';
import type { Dialect, Dialects } from './dialect.ts';
import { bareExtism } from './extism/extism.ts';

export const DEFAULT_DIALECTS: Dialects = { bare: [bareExtism], all: defaultDialects };

/**
 * All built-in dialects, for the option `dialects`. Add to the list, or filter one out by its `name`.
 * @throws {ClocheError} FETCH_FAILED
 */
export async function defaultDialects(): Promise<Dialect[]> {
  const { known } = await loadChunk(() => import('./known.ts'));
  return known(bareExtism);
}
