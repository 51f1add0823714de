// Reads the text of JSON that nobody vetted. Comes late: a page that calls one plugin of its own has no text to read.

import { visit } from 'jsonc-parser';
import { invalid, JsonBuilder, MAX_LENGTH, MAX_NODES, newObject } from './untrusted-json.ts';

export interface JsonOptions {
  /** Longest text in UTF-16 units. @default 1048576 */
  maxLength?: number;
  /** Comments and trailing commas, as in JSONC. @default false */
  comments?: boolean;
  /** A key may come twice: the later counts. @default false */
  repeats?: boolean;
}

/**
 * Reads JSON text. Caps on length, depth (64) and values (100,000) hold while reading, not after.
 * @throws {ClocheError} MANIFEST_INVALID with the path for bad syntax, a key that comes twice,
 * a number that is not finite, and whatever is over a cap.
 */
export function parseJson(text: string, options: JsonOptions = {}): unknown {
  const { maxLength = MAX_LENGTH, comments = false, repeats = false } = options;
  if (text.length > maxLength) throw invalid([], `is longer than ${maxLength} characters`);
  const { short, restored } = withoutModules(text);
  if (short.length > MAX_LENGTH) throw invalid([], `is longer than ${MAX_LENGTH} characters besides the modules in it`);
  const builder = new JsonBuilder(Number.POSITIVE_INFINITY, repeats);
  visit(
    short,
    {
      onObjectBegin: () => builder.open(newObject()),
      onObjectProperty: (key) => builder.key(restored(key)),
      onObjectEnd: () => builder.close(),
      onArrayBegin: () => builder.open([]),
      onArrayEnd: () => builder.close(),
      onLiteralValue: (value) => builder.add(typeof value === 'string' ? restored(value) : value),
      onError: (_error, _offset, _length, line, column) => {
        throw builder.error(`is no valid JSON at line ${line + 1}, column ${column + 1}`);
      },
    },
    { disallowComments: !comments, allowTrailingComma: comments },
  );
  return builder.result;
}

/** PHP writes each slash with a backslash. */
const NOT_BASE64 = /[^A-Za-z0-9+/=\\]|\\(?!\/)/g;
/** Quotes that are looked at: no text that is read has more. */
const MOST_QUOTES = MAX_NODES * 4;
const LONG_BASE64 = 1_024;

/**
 * The text with each module in it, as base64 of up to many MiB, replaced by a short word: the parser looks at every
 * character, and the page would wait (H11). Whatever the place of such a piece, the text is as valid with the word.
 */
function withoutModules(text: string): { short: string; restored: (value: string) => string } {
  if (text.length <= MAX_LENGTH) return { short: text, restored: (value) => value };
  const pieces: string[] = [];
  const mark = `${crypto.getRandomValues(new Uint32Array(4)).join('-')}:`;
  let short = '';
  let done = 0;
  let quotes = 0;
  for (let at = text.indexOf('"'); at >= 0 && quotes < MOST_QUOTES; at = text.indexOf('"', at), quotes++) {
    NOT_BASE64.lastIndex = at + 1;
    const end = NOT_BASE64.exec(text)?.index ?? text.length;
    if (end - at > LONG_BASE64) {
      short += `${text.slice(done, at + 1)}${mark}${pieces.length};`;
      pieces.push(text.slice(at + 1, end).replaceAll('\\/', '/'));
      done = end;
    }
    at = end;
  }
  const word = new RegExp(`${mark}(\\d+);`, 'g');
  const restored = (value: string): string =>
    value.includes(mark) ? value.replace(word, (_, index: string) => pieces[Number(index)] ?? '') : value;
  return { short: short + text.slice(done), restored: pieces.length === 0 ? (value) => value : restored };
}
