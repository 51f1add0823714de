// When plugins of Nev keep what they have, and take it up again: around the saves of its session, which here is as long as the page.

import type { Host } from '../../../src/index.ts';

/** @param page its document: one that is hidden may never be seen again */
export function tellOfSession(
  host: Pick<Host, 'emit'>,
  page: Pick<Document, 'visibilityState' | 'addEventListener'>,
  failed: (error: unknown) => void,
): void {
  const tell = (event: string): void => void host.emit(event, null).catch(failed);
  tell('app/initialized');
  tell('session/restored');
  page.addEventListener('visibilitychange', () => {
    if (page.visibilityState === 'hidden') tell('session/save');
  });
}
