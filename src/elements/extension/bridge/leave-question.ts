// What is asked before a link of a plugin's page to another site opens. The address is the plugin's, and can carry out
// whatever it knows; that is why a person decides, and sees all of it.

import type { ShowConfirm } from '../../../manifest/page-messages.ts';
import { shownLine, shownLines } from '../../../util/text/shown-text.ts';
import type { Words } from '../../words/words.ts';

const MOST_URL_LENGTH = 2_000;
const MOST_HOST_BYTES = 100;

export function leaveQuestion(words: Words, url: URL): ShowConfirm {
  // As the browser writes it: names with foreign letters are encoded, so that none looks like another.
  const host = shownLine(url.host, MOST_HOST_BYTES);
  return {
    type: 'confirm',
    id: 'link',
    title: words.say('page.leave'),
    message: `${shownLines(url.href, MOST_URL_LENGTH)}\n\n${words.say('page.leaveWhy')}`,
    confirmText: words.say('page.leaveYes', { host }),
    cancelText: words.say('page.leaveNo'),
    variant: 'primary',
  };
}

/** In a window that knows nothing of this one. */
export function leaveFor(url: URL): void {
  window.open(url, '_blank', 'noopener,noreferrer');
}
