// Reads markup as the tokenizer of HTML does, in one pass and without making elements of it. The parser of a browser
// takes time that grows with the square of what is nested or left open, and all of the host's page would wait (U14).
// https://html.spec.whatwg.org/multipage/parsing.html#tokenization

import type { Steps } from '../../util/pauses.ts';

export interface Attribute {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** As it was written, character references and all; empty where there is none. */
  readonly value: string;
}

export interface Tag {
  readonly kind: 'start' | 'end';
  readonly name: string;
  readonly start: number;
  readonly nameEnd: number;
  readonly end: number;
  /** Of equal names the first counts. */
  readonly attributes: readonly Attribute[];
  readonly isSelfClosing: boolean;
}

/** Anything else than a tag: a comment, a document type. */
export interface Other {
  readonly kind: 'other';
  readonly start: number;
  readonly end: number;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Engines look through all attributes of an element for each new one. */
export const MOST_ATTRIBUTES = 1_000;

/** What keeps a page from being shown, as the end of a sentence. */
export class MarkupTooDear extends Error {}

const OPENING = /<(?:\/?[a-z]|[!?/])/gi;
const NAME = /[^\t\n\f\r />]*/y;
const BETWEEN_ATTRIBUTES = /[\t\n\f\r /]*/y;
const ATTRIBUTE_NAME = /[^\t\n\f\r />][^\t\n\f\r />=]*/y;
const EQUALS = /[\t\n\f\r ]*=[\t\n\f\r ]*/y;
const UNQUOTED = /[^\t\n\f\r >]*/y;
const COMMENT_END = /--!?>/g;
/** In a script a comment may hold the tags of another script. */
const SCRIPT_MARKS = /<!--|-->|<\/?script(?=[\t\n\f\r />])/gi;

export class MarkupReader {
  readonly #html: string;
  #at = 0;

  constructor(html: string) {
    this.#html = html;
  }

  /**
   * The next tag; undefined at the end, also within a tag that has none.
   * @param isForeign whether this is the content of a drawing or a formula, which may have CDATA sections
   * @throws {MarkupTooDear}
   */
  next(isForeign: boolean): Tag | Other | undefined {
    OPENING.lastIndex = this.#at;
    const found = OPENING.exec(this.#html);
    if (!found) return undefined;
    const [opening] = found;
    const start = found.index;
    if (/[a-z]$/i.test(opening)) return this.#tag(start, opening.length === 3 ? 'end' : 'start');
    this.#at = this.#otherEnd(start, isForeign);
    return { kind: 'other', start, end: this.#at };
  }

  /** Passes over the text of an element in which no tag counts but its own end; in steps, since a script may have marks. */
  *rawText(name: string): Steps<Span> {
    const start = this.#at;
    this.#at = name === 'script' ? yield* this.#scriptEnd(start) : this.#rawEnd(name, start);
    return { start, end: this.#at };
  }

  #tag(start: number, kind: Tag['kind']): Tag | undefined {
    const nameStart = start + (kind === 'end' ? 2 : 1);
    const nameEnd = this.#run(NAME, nameStart);
    const attributes: Attribute[] = [];
    for (let at = nameEnd; ; ) {
      const from = this.#run(BETWEEN_ATTRIBUTES, at);
      const character = this.#html[from];
      if (character === undefined) return undefined;
      if (character === '>') {
        this.#at = from + 1;
        const name = this.#html.slice(nameStart, nameEnd).toLowerCase();
        return {
          kind,
          name,
          start,
          nameEnd,
          end: this.#at,
          attributes,
          isSelfClosing: this.#html[from - 1] === '/' && from > at,
        };
      }
      const attribute = this.#attribute(from);
      if (!attribute) return undefined;
      if (attributes.length === MOST_ATTRIBUTES) {
        throw new MarkupTooDear(`has an element of more than ${MOST_ATTRIBUTES} attributes`);
      }
      attributes.push(attribute);
      at = attribute.end;
    }
  }

  /** Undefined when its value does not end. */
  #attribute(start: number): Attribute | undefined {
    const html = this.#html;
    const nameEnd = this.#run(ATTRIBUTE_NAME, start);
    const name = html.slice(start, nameEnd).toLowerCase();
    const valueStart = this.#run(EQUALS, nameEnd);
    if (valueStart === nameEnd) return { name, start, end: nameEnd, value: '' };
    const quote = html[valueStart];
    if (quote !== '"' && quote !== "'") {
      const end = this.#run(UNQUOTED, valueStart);
      return { name, start, end, value: html.slice(valueStart, end) };
    }
    const end = html.indexOf(quote, valueStart + 1);
    return end < 0 ? undefined : { name, start, end: end + 1, value: html.slice(valueStart + 1, end) };
  }

  #otherEnd(start: number, isForeign: boolean): number {
    const html = this.#html;
    if (html.startsWith('<!--', start)) {
      const short = /^-?>/.exec(html.slice(start + 4, start + 6))?.[0];
      return short === undefined ? this.#after(COMMENT_END, start + 4) : start + 4 + short.length;
    }
    if (isForeign && html.startsWith('<![CDATA[', start)) return this.#past(']]>', start);
    return this.#past('>', start);
  }

  *#scriptEnd(start: number): Steps<number> {
    let isComment = false;
    let isNested = false;
    for (SCRIPT_MARKS.lastIndex = start; ; ) {
      const found = SCRIPT_MARKS.exec(this.#html);
      if (!found) return this.#html.length;
      const [mark] = found;
      yield;
      if (mark === '<!--') {
        isComment = true;
        // The dashes may be those of the end as well.
        SCRIPT_MARKS.lastIndex -= 2;
      } else if (mark === '-->') {
        isComment = false;
        isNested = false;
      } else if (mark[1] !== '/') {
        isNested = isComment;
      } else if (isNested) {
        isNested = false;
      } else {
        return found.index;
      }
    }
  }

  #rawEnd(name: string, start: number): number {
    // Names here are of our own list, and have no letter that means anything else.
    const end = new RegExp(`</${name}(?=[\\t\\n\\f\\r />])`, 'gi');
    end.lastIndex = start;
    return end.exec(this.#html)?.index ?? this.#html.length;
  }

  #run(sticky: RegExp, from: number): number {
    sticky.lastIndex = from;
    return sticky.test(this.#html) ? sticky.lastIndex : from;
  }

  #after(global: RegExp, from: number): number {
    global.lastIndex = from;
    return global.test(this.#html) ? global.lastIndex : this.#html.length;
  }

  #past(text: string, from: number): number {
    const at = this.#html.indexOf(text, from);
    return at < 0 ? this.#html.length : at + text.length;
  }
}
