// How deep the elements of a page would be nested, and how many there would be, without making them. It follows the
// parser of HTML where that decides the depth: tags that may be left out, and formatting that goes on in the next block.

import { MarkupTooDear, type Tag } from './markup.ts';

/**
 * Chromium keeps no tree that is deeper: `kMaximumHTMLParserDOMTreeDepth` of
 * https://github.com/chromium/chromium/blob/main/third_party/blink/renderer/core/html/parser/html_construction_site.h
 */
export const MOST_DEEP = 512;
/** Elements of a page, those that are made anew in each block among them. */
export const MOST_ELEMENTS = 200_000;
/**
 * Formatting such as `<b>` that is left open is made anew in each block after it:
 * https://html.spec.whatwg.org/multipage/parsing.html#reconstruct-the-active-formatting-elements
 */
const MOST_FORMATTING = 64;

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const VOID = words(
  'area base basefont bgsound br col embed frame hr image img input keygen link meta param source track wbr',
);
/** Neither their start nor their end changes the depth: they are there already. */
const FRAMEWORK = words('html head body');
const FORMATTING = words('a b big code em font i nobr s small strike strong tt u');
/** Formatting within them ends with them. */
const MARKERS = words('applet marquee object template td th caption');
const SCOPES = words('applet caption marquee object table td template th foreignobject annotation-xml');
const TABLE_PARTS = words('table caption colgroup tbody tfoot thead tr td th');
/** What ends a paragraph that is open. */
const BLOCKS = words(
  'address article aside blockquote center details dialog dir div dl dd dt fieldset figcaption figure footer form h1 h2 ' +
    'h3 h4 h5 h6 header hgroup hr li listing main menu nav ol p plaintext pre search section summary table ul xmp',
);
/** Formatting does not end what has one of these in it. */
const SPECIAL = new Set([...BLOCKS, ...SCOPES, ...TABLE_PARTS, 'button', 'select', 'iframe', 'title', 'textarea']);
/** What an element ends that is still open, up to what. */
const ENDS: ReadonlyMap<string, readonly [ended: ReadonlySet<string>, upTo: ReadonlySet<string>]> = new Map(
  [
    ['li', 'li', 'ul ol menu dir'],
    ['dd', 'dd dt', 'dl'],
    ['dt', 'dd dt', 'dl'],
    ['option', 'option', 'optgroup select datalist'],
    ['optgroup', 'option optgroup', 'select'],
    ['rt', 'rt rp', 'ruby'],
    ['rp', 'rt rp', 'ruby'],
    ['button', 'button', 'form'],
    ['a', 'a', ''],
    ['nobr', 'nobr', ''],
  ].map(([name = '', ended = '', upTo = '']) => [name, [words(ended), new Set([...words(upTo), ...SCOPES])]]),
);
/** What a part of a table ends, down to the table itself. */
const TABLE_ENDS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['td', words('td th caption colgroup')],
  ['th', words('td th caption colgroup')],
  ['tr', words('td th tr caption colgroup')],
  ...['tbody', 'thead', 'tfoot', 'caption', 'colgroup'].map(
    (name) => [name, words('td th tr tbody thead tfoot caption colgroup')] as const,
  ),
]);
const HOLDS_PARTS = words('table template');
const P = words('p');
const P_SCOPES = new Set([...SCOPES, 'button']);
const NONE: ReadonlySet<string> = new Set();
const HEADINGS = words('h1 h2 h3 h4 h5 h6');
const FOREIGN = words('svg math');
/** Where a drawing or a formula holds HTML again. */
const INTEGRATION = words('foreignobject desc title annotation-xml mi mo mn ms mtext');
/** HTML that ends a drawing or a formula which is still open. */
const BREAKS_OUT = words(
  'b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta nobr ' +
    'ol p pre ruby s small span strong strike sub sup table tt u ul var',
);

interface Open {
  readonly name: string;
  /** Whether its content is that of a drawing or a formula. */
  readonly isForeign: boolean;
  readonly format: Format | undefined;
}

interface Format {
  readonly name: string;
  /** Of formatting that is the same to the last letter only three go on. */
  readonly source: string;
  isOpen: boolean;
}

export class Nesting {
  readonly #open: Open[] = [];
  /** Formatting that goes on; undefined where a cell or the like begins. */
  readonly #formats: (Format | undefined)[] = [];
  #elements = 0;

  /** Whether the content that comes next is that of a drawing or a formula. */
  get isForeign(): boolean {
    return this.#open.at(-1)?.isForeign ?? false;
  }

  /** @param source the tag as it was written. @throws {MarkupTooDear} */
  start({ name, isSelfClosing }: Tag, source: string): void {
    if (this.isForeign && !BREAKS_OUT.has(name)) {
      this.#count(1);
      if (!isSelfClosing) this.#push({ name, isForeign: !INTEGRATION.has(name), format: undefined });
      return;
    }
    while (this.isForeign) this.#pop();
    this.#count(1);
    if (FRAMEWORK.has(name)) return;
    this.#endBefore(name);
    if (!BLOCKS.has(name) && !TABLE_PARTS.has(name)) this.text();
    if (VOID.has(name)) return;
    const isForeign = FOREIGN.has(name);
    if (isForeign && isSelfClosing) return;
    const format = FORMATTING.has(name) ? this.#format(name, source) : undefined;
    this.#push({ name, isForeign, format });
    if (MARKERS.has(name)) this.#formats.push(undefined);
  }

  end(name: string): void {
    if (VOID.has(name) || FRAMEWORK.has(name)) return;
    if (FORMATTING.has(name) && this.#endFormat(name)) return;
    const upTo = TABLE_PARTS.has(name) ? HOLDS_PARTS : SCOPES;
    const at = this.#open.findLastIndex((entry) => entry.name === name || upTo.has(entry.name));
    if (this.#open[at]?.name === name) this.#popTo(at);
    // It is made, and is empty.
    else if (name === 'p') this.#count(1);
  }

  /** Text, and what else stands in a line: formatting that goes on is made anew. @throws {MarkupTooDear} */
  text(): void {
    let from = this.#formats.length;
    while (from > 0 && this.#formats[from - 1]?.isOpen === false) from--;
    for (const format of this.#formats.slice(from)) {
      if (!format) continue;
      format.isOpen = true;
      this.#count(1);
      this.#push({ name: format.name, isForeign: false, format });
    }
  }

  #endBefore(name: string): void {
    const part = TABLE_ENDS.get(name);
    if (part) {
      const table = this.#find(HOLDS_PARTS, NONE);
      const at = this.#open.findIndex((entry, index) => index > table && part.has(entry.name));
      if (at >= 0) this.#popTo(at);
      return;
    }
    const [ended = NONE, upTo = NONE] = ENDS.get(name) ?? [];
    if (ended !== NONE) {
      for (let at = this.#find(ended, upTo); at >= 0; at = this.#find(ended, upTo)) {
        if (!this.#endFormat(name)) this.#popTo(at);
      }
    }
    const paragraph = BLOCKS.has(name) ? this.#find(P, P_SCOPES) : -1;
    if (paragraph >= 0) this.#popTo(paragraph);
    if (HEADINGS.has(name) && HEADINGS.has(this.#open.at(-1)?.name ?? '')) this.#pop();
  }

  #format(name: string, source: string): Format {
    const format = { name, source, isOpen: true };
    const alike = this.#formats.slice(this.#formats.lastIndexOf(undefined) + 1).filter((one) => one?.source === source);
    if (alike.length >= 3) this.#formats.splice(this.#formats.indexOf(alike[0]), 1);
    this.#formats.push(format);
    return format;
  }

  /** False when there is none of this name, and the tag is one like any other. */
  #endFormat(name: string): boolean {
    const index = this.#formats.findLastIndex((format) => format === undefined || format.name === name);
    const format = this.#formats[index];
    if (!format) return false;
    this.#formats.splice(index, 1);
    const at = this.#open.findLastIndex((entry) => entry.format === format);
    if (at < 0) return true;
    if (!this.#open.slice(at + 1).some((entry) => SPECIAL.has(entry.name))) this.#popTo(at);
    else {
      // A copy of it goes into each block that it was around.
      this.#count(this.#open.length - at);
      this.#open.splice(at, 1);
    }
    return true;
  }

  #find(names: ReadonlySet<string>, upTo: ReadonlySet<string>): number {
    for (let at = this.#open.length - 1; at >= 0; at--) {
      const { name } = this.#open[at] as Open;
      if (names.has(name)) return at;
      if (upTo.has(name)) return -1;
    }
    return -1;
  }

  #push(entry: Open): void {
    this.#open.push(entry);
    if (this.#open.length > MOST_DEEP) throw new MarkupTooDear(`nests elements deeper than ${MOST_DEEP}`);
  }

  #popTo(length: number): void {
    while (this.#open.length > length) this.#pop();
  }

  #pop(): void {
    const entry = this.#open.pop();
    if (entry?.format) entry.format.isOpen = false;
    if (entry && MARKERS.has(entry.name)) this.#formats.length = Math.max(0, this.#formats.lastIndexOf(undefined));
    if (entry?.format && this.#formats.length > MOST_FORMATTING) this.#checkFormats();
  }

  #checkFormats(): void {
    const left = this.#formats.filter((format) => format?.isOpen === false);
    if (left.length <= MOST_FORMATTING) return;
    throw new MarkupTooDear(
      `leaves more than ${MOST_FORMATTING} elements such as <b> open at the end of what they are in`,
    );
  }

  #count(more: number): void {
    this.#elements += more;
    if (this.#elements > MOST_ELEMENTS) throw new MarkupTooDear(`has more than ${MOST_ELEMENTS} elements`);
  }
}
