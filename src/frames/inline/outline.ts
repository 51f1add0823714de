// What of a page's markup has to be looked at, and whether a browser can read the rest of it without holding anybody up.

import type { Pauses } from '../../util/pauses.ts';
import { SRCSET_ELEMENTS, URL_ATTRIBUTES } from '../references.ts';
import { MarkupReader, type Span, type Tag } from './markup.ts';
import { Nesting } from './nesting.ts';

/** Elements in which no tag counts but their own end; `noscript` is one where scripts run. */
const RAW_TEXT: ReadonlySet<string> = new Set([
  'script',
  'style',
  'title',
  'textarea',
  'xmp',
  'iframe',
  'noembed',
  'noframes',
  'noscript',
  'plaintext',
]);
const LOOKED_AT: ReadonlySet<string> = new Set([
  ...[...URL_ATTRIBUTES.keys()].map((name) => name.toLowerCase()),
  ...SRCSET_ELEMENTS,
  'script',
  'style',
  'link',
  'meta',
  'base',
]);

/** A start tag that may have to be changed. */
export interface Spot {
  readonly tag: Tag;
  /** The text up to its end tag, where that is all it has. */
  readonly text: Span | undefined;
}

/** @throws {MarkupTooDear} */
export async function readOutline(html: string, pauses: Pauses): Promise<Spot[]> {
  const reader = new MarkupReader(html);
  const nesting = new Nesting();
  const spots: Spot[] = [];
  let end = 0;
  for (;;) {
    if (pauses.due) await pauses.take();
    const { isForeign } = nesting;
    const token = reader.next(isForeign);
    if (!token) return spots;
    if (token.start > end && !isForeign) nesting.text();
    end = token.end;
    if (token.kind === 'other') continue;
    if (token.kind === 'end') {
      nesting.end(token.name);
      continue;
    }
    nesting.start(token, html.slice(token.start, token.end));
    const text = isRaw(token, isForeign) ? await pauses.through(reader.rawText(token.name)) : undefined;
    if (text) end = text.end;
    if (LOOKED_AT.has(token.name) || token.attributes.some(isCode)) spots.push({ tag: token, text });
  }
}

/** In a drawing a title is an element like any other; so are scripts and styles, whose text is then hardly ever markup. */
function isRaw({ name, isSelfClosing }: Tag, isForeign: boolean): boolean {
  return isForeign ? !isSelfClosing && (name === 'script' || name === 'style') : RAW_TEXT.has(name);
}

function isCode({ name, value }: Tag['attributes'][number]): boolean {
  return (name === 'style' && /url\(/i.test(value)) || (name.startsWith('on') && /\blocation\b/.test(value));
}
