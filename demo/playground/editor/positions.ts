// Places in a text: Nev counts lines and columns from 0, columns in bytes of UTF-8; CodeMirror counts UTF-16 units from the beginning.

import type { Text } from '@codemirror/state';

export interface Cursor {
  readonly line: number;
  readonly column: number;
}

export interface Selection {
  readonly first: Cursor;
  readonly last: Cursor;
}

/** Within the text, and within the line. */
export function offsetOf(doc: Text, { line, column }: Cursor): number {
  const { from, text } = doc.line(Math.max(1, Math.min(line + 1, doc.lines)));
  let bytes = 0;
  let at = 0;
  for (const char of text) {
    bytes += bytesOf(char);
    if (bytes > column) break;
    at += char.length;
  }
  return from + at;
}

export function cursorAt(doc: Text, offset: number): Cursor {
  const { from, number, text } = doc.lineAt(offset);
  let column = 0;
  for (const char of text.slice(0, offset - from)) column += bytesOf(char);
  return { line: number - 1, column };
}

function bytesOf(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code <= 0xffff ? 3 : 4;
}
