// Untrusted text on its way into a message: short, on one line, without anything that draws oddly.

const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** `text` in at most `max` characters; control, format and unpaired characters become `\u{..}`. */
export function printable(text: string, max = 60): string {
  const cut = text.length > max ? `${text.slice(0, max - 1)}…` : text;
  return cut.replace(HIDDEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** What came instead of what was expected, for a message. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `"${printable(value)}"`;
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return `${value}`;
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
