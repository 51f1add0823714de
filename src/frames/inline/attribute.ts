// Text as it stands in an attribute between double quotes.

import type { Steps } from '../../util/pauses.ts';

/** Characters that are written in one step. */
const STEP_LENGTH = 1 << 18;

export function attributeText(text: string): string {
  return replaced(replaced(text, '&', '&amp;'), '"', '&quot;');
}

/** Split and joined: where there are many, replacing each takes five times as long. Most data URLs have none. */
function replaced(text: string, from: string, to: string): string {
  return text.includes(from) ? text.split(from).join(to) : text;
}

/** The same in steps: a page may have tens of MiB. */
export function* attributeSteps(text: string): Steps<string> {
  const parts: string[] = [];
  for (let at = 0; at < text.length; at += STEP_LENGTH) {
    parts.push(attributeText(text.slice(at, at + STEP_LENGTH)));
    yield;
  }
  return parts.join('');
}
