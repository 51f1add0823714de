// Notices at once when the page takes a frame of ours away. Pages that swap their whole document, and cleaners of what
// they do not know, do that; the frame's workers end with it, and say nothing.

import { ClocheError } from '../../errors.ts';
import { dispose } from '../../util/dispose.ts';

/**
 * Watches a frame that stands directly below the document's element.
 * @param gone called once, when the frame was removed, moved, which loads it anew, or loaded by somebody else
 * @returns the watch, to be ended
 */
export function guardFrame(frame: HTMLIFrameElement, gone: () => void): Disposable {
  const { contentWindow } = frame;
  let loads = 0;
  const stop = (): void => {
    observer.disconnect();
    frame.removeEventListener('load', onLoad);
  };
  const look = (): void => {
    // Moved, it has another window.
    if (frame.isConnected && frame.contentWindow === contentWindow && loads < 2) return;
    stop();
    gone();
  };
  const onLoad = (): void => {
    loads++;
    look();
  };
  const observer = new MutationObserver(look);
  // The second sees that the document gets another element.
  for (const place of [document.documentElement, document]) observer.observe(place, { childList: true });
  frame.addEventListener('load', onLoad);
  return { [dispose]: stop };
}

export function frameRemoved(): ClocheError {
  return new ClocheError(
    'FRAME_REMOVED',
    'the page removed, moved or reloaded the hidden frame that plugins run in (`iframe[title="Cloche"]`); ' +
      'keep it where it is. The next call opens another',
  );
}
