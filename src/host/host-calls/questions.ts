// Questions for optional permissions: one at a time a host, none twice, and none for ever.

import type { AskPermission } from '../../permissions/ask.ts';
import { loadChunk } from '../../util/load-chunk.ts';
import type { Questions } from './question-queue.ts';

/** Comes with the first question. */
export function makeQuestions(ask: AskPermission): Questions {
  let loaded: Questions | undefined;
  return {
    async ask(...asked) {
      const { QuestionQueue } = await loadChunk(() => import('./question-queue.ts'));
      loaded ??= new QuestionQueue(ask);
      return loaded.ask(...asked);
    },
    forget: (installation) => loaded?.forget(installation),
  };
}
