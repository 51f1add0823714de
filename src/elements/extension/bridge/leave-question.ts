// What is asked before a link of a plugin's page to another site opens. The address is the plugin's, and can carry out
// whatever it knows; that is why a person decides, and sees all of it.

import type { ShowConfirm } from '../../../manifest/page-messages.ts';
import { shownLine, shownLines } from '../../../util/text/shown-text.ts';

const MOST_URL_LENGTH = 2_000;
const MOST_HOST_BYTES = 100;

export function leaveQuestion(url: URL): ShowConfirm {
  // As the browser writes it: names with foreign letters are encoded, so that none looks like another.
  const host = shownLine(url.host, MOST_HOST_BYTES);
  return {
    type: 'confirm',
    id: 'link',
    title: 'Open another site?',
    message: `${shownLines(url.href, MOST_URL_LENGTH)}\n\nThe plugin made this address, which may tell the site what the plugin knows.`,
    confirmText: `Open ${host}`,
    cancelText: 'Stay here',
    variant: 'primary',
  };
}

/** In a window that knows nothing of this one. */
export function leaveFor(url: URL): void {
  window.open(url, '_blank', 'noopener,noreferrer');
}
