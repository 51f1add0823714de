// Watches a catalog that does not tell of changes itself: by asking again.

import { dispose } from '../util/dispose.ts';
import type { ListedPlugin } from './catalog.ts';

/** @param everyMs from the end of one question to the next; what fails is asked again */
export function poll(list: () => Promise<readonly ListedPlugin[]>, everyMs: number, changed: () => void): Disposable {
  let isOver = false;
  let before: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = async (): Promise<void> => {
    const now = await list().then(JSON.stringify, () => before);
    if (isOver) return;
    const isNews = before !== undefined && now !== before;
    before = now;
    // Before anybody is told, who may throw, or want to hear no more.
    timer = setTimeout(() => void look(), everyMs);
    if (isNews) changed();
  };
  void look();
  return {
    [dispose]() {
      isOver = true;
      clearTimeout(timer);
    },
  } as Disposable;
}
