// Watches a catalog that does not tell of changes itself: by asking again, while somebody can see the page.

import { dispose } from '../util/dispose.ts';
import type { ListedPlugin } from './catalog.ts';

/** @param everyMs from the end of one question to the next; what fails is asked again */
export function poll(list: () => Promise<readonly ListedPlugin[]>, everyMs: number, changed: () => void): Disposable {
  let isOver = false;
  let before: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const shown = new AbortController();
  const look = async (): Promise<void> => {
    await whileHidden(shown.signal);
    if (isOver) return;
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
      shown.abort();
      clearTimeout(timer);
    },
  } as Disposable;
}

/** Resolves at once where there is no page, or somebody can see it. */
async function whileHidden(signal: AbortSignal): Promise<void> {
  const page = globalThis.document as Document | undefined;
  if (!page?.hidden || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const seen = (): void => {
      if (!page.hidden) resolve();
    };
    page.addEventListener('visibilitychange', seen, { signal });
    signal.addEventListener('abort', () => resolve());
  });
}
