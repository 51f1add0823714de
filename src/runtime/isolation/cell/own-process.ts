// Whether cells have a process apart from the page's, as it was measured.

import { loadChunk } from '../../../util/load-chunk.ts';
import type { ProcessKind, Spin } from './measure-process.ts';

let known: ProcessKind = 'unknown';

/** What is known of the cells of this page. */
export function knownProcess(): ProcessKind {
  return known;
}

/**
 * Measures it by one cell, unless that was done before: it is the same for all in a page.
 * @throws {ClocheError} FETCH_FAILED
 */
export async function processOfCells(spin: Spin): Promise<ProcessKind> {
  if (known !== 'unknown') return known;
  const { measure } = await loadChunk(() => import('./measure-process.ts'));
  const measured = await measure(spin);
  // A cell that went away meanwhile says nothing of the others.
  if (measured !== 'unknown') known = measured;
  return measured;
}
