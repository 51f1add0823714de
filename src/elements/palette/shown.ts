// What a plugin says of its commands and answers by them: as text in which nothing hides or turns what is beside it.

import { visibleText } from '../../util/text/visible-text.ts';

const LINE_BYTES = 2_000;
/** An answer may be as large as a message; nobody reads that here. */
const MOST_CHARACTERS = 65_536;

export function line(text: string): string {
  return visibleText(text, LINE_BYTES);
}

export function lines(text: string): string {
  const shown = text
    .slice(0, MOST_CHARACTERS)
    .split(/\r\n?|\n/)
    .map((one) => visibleText(one.replaceAll('\t', '  '), MOST_CHARACTERS))
    .join('\n');
  return text.length > MOST_CHARACTERS ? `${shown}…` : shown;
}
