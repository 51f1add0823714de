// Makes text that nobody vouches for safe to show in one line: what would move, hide or reorder the
// text around it becomes an escape that a reader can see.

/**
 * Controls (C0 and C1, line breaks among them), halves of surrogate pairs, line and paragraph
 * separators, and all that has no shape of its own: marks that turn the direction of writing, zero
 * width, tags. Why: https://www.unicode.org/reports/tr36/
 */
const INVISIBLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/u;

/** Scripts and emoji need the joiners and the variation selectors. */
const NEEDED = /[\u200c\u200d]|[\ufe00-\ufe0f]/u;

const SHORT_ESCAPES = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

const CUT_MARK = '…';
const CUT_MARK_BYTES = 3;

/**
 * `text` in one visible line of at most `maxBytes` bytes of UTF-8 (3 or more), the mark of a cut
 * included. A backslash stays as it is, so the result is for reading, not for turning back. Takes
 * time in proportion to `maxBytes`, however long `text` is.
 */
export function visibleText(text: string, maxBytes = 8_192): string {
  const parts: string[] = [];
  let bytes = 0;
  for (const character of text) {
    const shown = INVISIBLE.test(character) && !NEEDED.test(character) ? escaped(character) : character;
    parts.push(shown);
    bytes += utf8Bytes(shown);
    if (bytes > maxBytes) return cut(parts, bytes, maxBytes);
  }
  return parts.join('');
}

function cut(parts: string[], bytes: number, maxBytes: number): string {
  let left = bytes;
  while (left + CUT_MARK_BYTES > maxBytes && parts.length > 0) left -= utf8Bytes(parts.pop() ?? '');
  return parts.join('') + CUT_MARK;
}

/** Bytes of `text` as UTF-8, without making them. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (isPairAt(text, i)) {
      bytes += 4;
      i++;
    } else bytes += 3;
  }
  return bytes;
}

function isPairAt(text: string, at: number): boolean {
  const high = text.charCodeAt(at);
  const low = text.charCodeAt(at + 1);
  return high >= 0xd800 && high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff;
}

function escaped(character: string): string {
  const short = SHORT_ESCAPES.get(character);
  if (short !== undefined) return short;
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}
