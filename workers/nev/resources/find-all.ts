// What a regular expression matches in bytes of text, by lines and bytes.

import { trap } from '../../../src/runtime/wire/abi/trap.ts';
import type { Cursor, Selection } from './selection.ts';

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const NEWLINE = 10;
/** What is read of bytes that are no UTF-8. */
const REPLACEMENT = 0xfffd;
const CONTINUATION = [0x80, 0xbf] as const;
/** Each becomes an object here. */
const MOST_MATCHES = 1_000_000;

/** Undefined for what is not a regular expression. @throws {WebAssembly.RuntimeError} for too many */
export function findAll(bytes: Uint8Array, pattern: string): Selection[] | undefined {
  const regex = regexOf(pattern);
  if (!regex) return undefined;
  const text = decoder.decode(bytes);
  const found: Selection[] = [];
  const walk = new Walk(text, bytes);
  for (const match of text.matchAll(regex)) {
    if (found.length === MOST_MATCHES) throw trap(`\`find-all\` found more than ${MOST_MATCHES} places`);
    const first = walk.to(match.index);
    found.push({ first, last: walk.to(match.index + match[0].length) });
  }
  return found;
}

/** What Nev's expressions may escape, and those of JavaScript only where they need it. */
const ESCAPED_IN_VAIN = /^[ !"#%&',:;<=>@_`~-]$/;

function regexOf(pattern: string): RegExp | undefined {
  const plain = pattern.replace(/\\(.)/gsu, (escaped, char: string) =>
    ESCAPED_IN_VAIN.test(char) ? `\\x${char.charCodeAt(0).toString(16)}` : escaped,
  );
  try {
    return new RegExp(plain, 'gmu');
  } catch {
    return undefined;
  }
}

/** Goes through a text from one place to a later one, counting lines and bytes. */
class Walk {
  readonly #text: string;
  readonly #bytes: Uint8Array;
  #at = 0;
  #byte = 0;
  #line = 0;
  #column = 0;

  /** @param bytes that were read as the text */
  constructor(text: string, bytes: Uint8Array) {
    this.#text = text;
    this.#bytes = bytes;
  }

  /** @param index in UTF-16 units, not before the one of the call before */
  to(index: number): Cursor {
    while (this.#at < index) {
      const code = this.#text.codePointAt(this.#at) ?? 0;
      this.#at += code > 0xffff ? 2 : 1;
      const width = code === REPLACEMENT ? brokenWidth(this.#bytes, this.#byte) : widthOf(code);
      this.#byte += width;
      this.#column += width;
      if (code === NEWLINE) {
        this.#line++;
        this.#column = 0;
      }
    }
    return { line: this.#line, column: this.#column };
  }
}

function widthOf(code: number): number {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code <= 0xffff ? 3 : 4;
}

/** Of the bytes that are read as one U+FFFD: https://encoding.spec.whatwg.org/#utf-8-decoder. Its own three are, too. */
function brokenWidth(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  const following = lead < 0xc2 || lead > 0xf4 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
  let width = 1;
  for (; width <= following; width++) {
    const [low, high] = width === 1 ? secondOf(lead) : CONTINUATION;
    const byte = bytes[at + width] ?? 0;
    if (byte < low || byte > high) break;
  }
  return width;
}

/** What may stand behind it, where it is the first of several. */
function secondOf(lead: number): readonly [low: number, high: number] {
  if (lead === 0xe0) return [0xa0, 0xbf];
  if (lead === 0xed) return [0x80, 0x9f];
  if (lead === 0xf0) return [0x90, 0xbf];
  return lead === 0xf4 ? [0x80, 0x8f] : CONTINUATION;
}
