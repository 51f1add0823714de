// Words of a plugin's page made fit to be shown: cut, and with nothing in them that hides or reorders text.

import { visibleText } from './visible-text.ts';

/** In one line, of at most `maxBytes` bytes of UTF-8. */
export function shownLine(text: string, maxBytes: number): string {
  return visibleText(text.trim(), maxBytes);
}

/** With its line breaks, of at most about `maxLength` characters. */
export function shownLines(text: string, maxLength: number): string {
  const lines = text
    .slice(0, maxLength)
    .trimEnd()
    .split(/\r\n?|\n/);
  const shown = lines.map((line) => visibleText(line.replaceAll('\t', '  '), maxLength));
  return shown.join('\n') + (text.length > maxLength ? '…' : '');
}
