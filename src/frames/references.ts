// Where documents and styles refer to other files: the one list for the page as it is made ready and as it changes.

/** Attributes that hold one URL, by the local name of the element. */
export const URL_ATTRIBUTES: ReadonlyMap<string, readonly string[]> = new Map([
  ['img', ['src']],
  ['source', ['src']],
  ['input', ['src']],
  ['video', ['src', 'poster']],
  ['audio', ['src']],
  ['track', ['src']],
  ['image', ['href', 'xlink:href']],
  ['feImage', ['href', 'xlink:href']],
  ['script', ['src']],
  ['link', ['href']],
]);

/** Where a script that was put into the page says from which URL it came. */
export const SOURCE_ATTRIBUTE = 'data-cloche-src';

/** What rewritten scripts call, see `bootstrap/location.ts`. */
export const HELPER = '__cloche';

/** Elements with a `srcset`. */
export const SRCSET_ELEMENTS: ReadonlySet<string> = new Set(['img', 'source']);

/** Longer ones are left alone: reading them takes time that grows faster than they do. */
const MOST_SRCSET_LENGTH = 8_192;

/**
 * Each URL of a `srcset` goes through `replace`, one after the other; undefined leaves the candidate out.
 * https://html.spec.whatwg.org/multipage/images.html#parsing-a-srcset-attribute
 */
export async function replaceSrcset(
  srcset: string,
  replace: (url: string) => Promise<string | undefined>,
): Promise<string> {
  if (srcset.length > MOST_SRCSET_LENGTH) return srcset;
  const candidates: string[] = [];
  // A comma ends a candidate behind its URL or its descriptor; within the URL it is part of it.
  for (const [, text = '', descriptor = ''] of srcset.matchAll(/([^\s,](?:\S*[^\s,])?)(?:,+|\s+([^,]*),?|$)/g)) {
    const url = await replace(text);
    if (url !== undefined) candidates.push(`${url} ${descriptor}`.trim());
  }
  return candidates.join(', ');
}

/** Longer ones are left alone: what is found in one goes into memory several times. */
export const MOST_CSS_LENGTH = 6 << 20;

/** As it is written, where a character may take eight. What is longer is not a path, but most likely a file by itself. */
const MOST_REFERENCE_LENGTH = 1 << 16;

/**
 * Comments, `@import`, `url()` and strings of a style, and what is between them; only `@import` and `url()` count. No two
 * neighbours in it can match the same character, and what has no end is passed over to where it stops: otherwise a text
 * without an end would be read anew from each of its quotes. Something matches at each place, and nothing plain is long,
 * so that a style without any reference is no single search.
 */
const CSS_TOKENS = new RegExp(
  [
    String.raw`(/\*)`,
    String.raw`@import\s{1,99}(?:url\(\s{0,99}(?:"([^"\n]*)"|'([^'\n]*)'|([^()"'\s]*))\s{0,99}\)|"([^"\n]*)"|'([^'\n]*)')`,
    String.raw`url\(\s{0,99}(?:"([^"\\]*(?:\\[\s\S][^"\\]*)*)"|'([^'\\]*(?:\\[\s\S][^'\\]*)*)'|([^()"'\\\s]*(?:\\[\s\S][^()"'\\\s]*)*))\s{0,99}\)`,
    String.raw`"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"?|'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*'?`,
    String.raw`(?:(?!url\(|@import\s|/\*|["'])[\s\S]){1,8192}`,
    String.raw`[\s\S]`,
  ].join('|'),
  'gi',
);

export interface CssReference {
  readonly url: string;
  readonly kind: 'import' | 'url';
}

/**
 * Each reference of a style goes through `replace`, one after the other; undefined leaves it as it is.
 * @param pause waits, when it is time to; called after each piece of the style
 */
export async function replaceCssUrls(
  css: string,
  replace: (reference: CssReference) => Promise<string | undefined>,
  pause: () => Promise<void> | undefined = () => undefined,
): Promise<string> {
  if (css.length > MOST_CSS_LENGTH) return css;
  const parts: string[] = [];
  let end = 0;
  const tokens = new RegExp(CSS_TOKENS);
  for (let match = tokens.exec(css); match; match = tokens.exec(css)) {
    const waiting = pause();
    if (waiting) await waiting;
    const [text, comment, ...groups] = match;
    if (comment !== undefined) tokens.lastIndex = commentEnd(css, tokens.lastIndex);
    const reference = groups.find((group) => group !== undefined);
    if (reference === undefined || reference.length > MOST_REFERENCE_LENGTH) continue;
    const kind = text.startsWith('@') ? 'import' : 'url';
    const to = await replace({ url: unescaped(reference).trim(), kind });
    if (to === undefined) continue;
    parts.push(css.slice(end, match.index), `${kind === 'import' ? '@import ' : ''}url("${to}")`);
    end = match.index + text.length;
  }
  parts.push(css.slice(end));
  return parts.join('');
}

function commentEnd(css: string, from: number): number {
  const at = css.indexOf('*/', from);
  return at < 0 ? css.length : at + 2;
}

function unescaped(text: string): string {
  return text.replace(/\\(?:([\da-f]{1,6})\s?|\n|([\s\S]))/gi, (_, hex?: string, character?: string) =>
    hex === undefined ? (character ?? '') : String.fromCodePoint(Math.min(Number.parseInt(hex, 16), 0x10ffff)),
  );
}
