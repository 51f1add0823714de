// Whether a text of a plugin is JSON. It may have any size and shape; what would hold up the page is not parsed.

const MOST_LENGTH = 4 << 20;
const MOST_MARKS = 100_000;
const QUOTE = '"'.charCodeAt(0);
const BACKSLASH = '\\'.charCodeAt(0);
const MARKS: ReadonlySet<number> = new Set([...'[{,'].map((mark) => mark.charCodeAt(0)));

/** Whether it is any JSON value. Where parsing would take too long, how it begins and ends decides. */
export function isJson(text: string): boolean {
  if (text.length > MOST_LENGTH || !isQuickToParse(text))
    return /^\s*[[{]/.test(text) && ['}', ']'].includes(text.trimEnd().slice(-1));
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether `JSON.parse` is soon done with it: long strings are quick, while 16 MiB of brackets took 3 s. */
function isQuickToParse(json: string): boolean {
  let marks = 0;
  let inString = false;
  for (let i = 0; i < json.length; i++) {
    const unit = json.charCodeAt(i);
    if (unit === QUOTE) inString = !inString;
    else if (inString) i += unit === BACKSLASH ? 1 : 0;
    else if (MARKS.has(unit) && ++marks > MOST_MARKS) return false;
  }
  return true;
}
