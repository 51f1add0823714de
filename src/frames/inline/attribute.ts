// Text as it stands in an attribute between double quotes.

import type { Steps } from '../../util/pauses.ts';
import { MarkupTooDear } from './markup.ts';

/** Characters that are written in one step. */
const STEP_LENGTH = 1 << 18;

/** Most characters of a page with its files, as it is written here: a quote takes six. All of them are parsed in one go. */
const MOST_LENGTH = 40 << 20;

export function attributeText(text: string): string {
  return replaced(replaced(text, '&', '&amp;'), '"', '&quot;');
}

/** Split and joined: where there are many, replacing each takes five times as long. Most data URLs have none. */
function replaced(text: string, from: string, to: string): string {
  return text.includes(from) ? text.split(from).join(to) : text;
}

/**
 * All parts of a text, one after the other, in steps: a page may have tens of MiB. Added up and not joined: engines copy what
 * was added up once, when it is put into the document with what stands around it.
 * @throws {MarkupTooDear}
 */
export function* attributeSteps(parts: Iterable<string>): Steps<string> {
  let written = '';
  for (const part of parts) {
    for (let at = 0; at < part.length; at += STEP_LENGTH) {
      written += attributeText(part.slice(at, at + STEP_LENGTH));
      if (written.length > MOST_LENGTH) throw new MarkupTooDear(`has more than ${MOST_LENGTH} characters in its frame`);
      yield;
    }
  }
  return written;
}
