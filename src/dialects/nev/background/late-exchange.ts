// What keeps in the page what several instances of a plugin share, or an app takes part in: one for each editor that is offered, whose
// code comes when it is first used.

import type { EditorService } from '../../../capabilities/services.ts';
import { loadChunk } from '../../../util/load-chunk.ts';
import type { Exchange } from './exchange.ts';

const exchanges = new WeakMap<EditorService, Promise<Exchange>>();

/** @throws {ClocheError} FETCH_FAILED; a later call may succeed */
export function exchangeOf(editor: EditorService): Promise<Exchange> {
  const known =
    exchanges.get(editor) ?? loadChunk(() => import('./exchange.ts')).then(({ Exchange: Made }) => new Made());
  exchanges.set(editor, known);
  known.catch(() => exchanges.delete(editor));
  return known;
}
