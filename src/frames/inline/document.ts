// The markup of a page, with what it refers to put into it. What is in no package is left as it is: the policy blocks
// it, and the page hears of that as of any failed load. All is done to the text, and nothing else of it is changed.

import type { Pauses } from '../../util/pauses.ts';
import { trustedHtml } from '../../util/trusted-types.ts';
import { replaceSrcset, SOURCE_ATTRIBUTE, SRCSET_ELEMENTS, URL_ATTRIBUTES } from '../references.ts';
import { attributeText } from './attribute.ts';
import { type Edit, editedParts } from './edits.ts';
import type { Inliner } from './inliner.ts';
import type { Attribute, Tag } from './markup.ts';
import type { Spot } from './outline.ts';

/** Hints that need the network, some of which no policy covers, and what a data URL has no use for. */
const DROPPED_LINKS =
  /^(?:dns-prefetch|preconnect|prefetch|preload|modulepreload|prerender|manifest|.*icon.*|alternate)$/i;
/**
 * A refresh would leave the frame, and a policy of the page would block what is put into it.
 * https://html.spec.whatwg.org/multipage/semantics.html#attr-meta-http-equiv-refresh
 */
const DROPPED_META = /^(?:refresh|content-security-policy)$/i;
const CLASSIC_TYPE = /^(?:|(?:text|application)\/(?:java|ecma|x-java)script)$/i;
/** By the name of the tag, which has no capitals. */
const URLS_OF: ReadonlyMap<string, readonly string[]> = new Map(
  [...URL_ATTRIBUTES].map(([name, attributes]) => [name.toLowerCase(), attributes]),
);
/** Longer values are left as they are. */
const MOST_DECODED_LENGTH = 1 << 18;

/** What the page is put together with. */
export interface PageContext {
  readonly html: string;
  /** What the page's relative URLs are resolved against. */
  readonly url: string;
  readonly files: Inliner;
  /** For its scripts and styles. */
  readonly nonce: string | undefined;
  readonly pauses: Pauses;
}

/** The markup in parts, in their order. */
export async function readyMarkup(spots: readonly Spot[], page: PageContext): Promise<string[]> {
  const edits: Edit[] = [];
  for (const spot of spots) {
    edits.push(...(await editsOf(spot, page)));
    if (page.pauses.due) await page.pauses.take();
  }
  return editedParts(page.html, edits);
}

async function editsOf(spot: Spot, page: PageContext): Promise<Edit[]> {
  const { tag } = spot;
  switch (tag.name) {
    case 'script':
      // Its end tag stays and ends nothing, which no parser minds.
      if (isImportMap(tag)) return [without({ start: tag.start, end: spot.text?.end ?? tag.end })];
      return [...nonceEdits(tag, page.nonce), ...(await scriptEdits(spot, page)), ...(await attributeEdits(tag, page))];
    case 'style':
      return [...nonceEdits(tag, page.nonce), ...(await styleEdits(spot, page)), ...(await attributeEdits(tag, page))];
    case 'link':
      return linkEdits(tag, page);
    case 'base':
      return [without(tag)];
    case 'meta':
      if (DROPPED_META.test(attributeOf(tag, 'http-equiv')?.trim() ?? '')) return [without(tag)];
      return attributeEdits(tag, page);
    default:
      return [...(await urlEdits(tag, page)), ...(await attributeEdits(tag, page))];
  }
}

async function scriptEdits({ tag, text }: Spot, { html, url, files }: PageContext): Promise<Edit[]> {
  const type = attributeOf(tag, 'type')?.trim().toLowerCase() ?? '';
  const isModule = type === 'module';
  if (!isModule && !CLASSIC_TYPE.test(type)) return [];
  // What is put in may differ from the file, and comes from nowhere.
  const edits = tag.attributes.filter(({ name }) => name === 'integrity' || name === 'crossorigin').map(without);
  const source = tag.attributes.find(({ name }) => name === 'src');
  if (source) {
    const reference = decoded(source.value) ?? '';
    const ready = isModule ? files.entry(reference, url) : await files.refer(reference, url);
    if (ready === undefined) return edits;
    const from = written(SOURCE_ATTRIBUTE, new URL(reference, url).href);
    return [...edits, { ...source, text: `${written('src', ready)} ${from}` }];
  }
  if (!text || text.start === text.end) return edits;
  const script = await files.script(html.slice(text.start, text.end), url, isModule ? 'module' : 'script');
  return [...edits, { ...text, text: script }];
}

async function styleEdits({ text }: Spot, { html, url, files }: PageContext): Promise<Edit[]> {
  return text ? [{ ...text, text: inStyle(await files.style(html.slice(text.start, text.end), url)) }] : [];
}

/** A style sheet becomes a style: its rules can then be read by scripts, as those of the own origin can. */
async function linkEdits(link: Tag, page: PageContext): Promise<Edit[]> {
  const rel = attributeOf(link, 'rel')?.trim() ?? '';
  if (rel.split(/\s+/).some((word) => DROPPED_LINKS.test(word))) return [without(link)];
  const href = /\bstylesheet\b/i.test(rel) ? attributeOf(link, 'href') : undefined;
  const css = href === undefined ? undefined : await page.files.sheet(href, page.url);
  if (css === undefined) return attributeEdits(link, page);
  const kept = ['id', 'class', 'media', 'title', 'onload'].flatMap((name) => {
    const value = attributeOf(link, name);
    return value === undefined ? [] : [` ${written(name, value)}`];
  });
  const nonce = page.nonce === undefined ? '' : ` ${written('nonce', page.nonce)}`;
  return [{ start: link.start, end: link.end, text: `<style${nonce}${kept.join('')}>${inStyle(css)}</style>` }];
}

async function urlEdits(tag: Tag, { url, files }: PageContext): Promise<Edit[]> {
  const edits: Edit[] = [];
  const names = URLS_OF.get(tag.name) ?? [];
  for (const attribute of tag.attributes) {
    const value = names.includes(attribute.name) ? decoded(attribute.value) : undefined;
    const ready = value === undefined ? undefined : await files.refer(value, url);
    if (ready !== undefined) edits.push(rewritten(attribute, ready));
    if (attribute.name !== 'srcset' || !SRCSET_ELEMENTS.has(tag.name)) continue;
    const srcset = decoded(attribute.value);
    if (srcset === undefined) continue;
    edits.push(rewritten(attribute, await replaceSrcset(srcset, async (one) => (await files.refer(one, url)) ?? one)));
  }
  return edits;
}

async function attributeEdits(tag: Tag, { url, files }: PageContext): Promise<Edit[]> {
  const edits: Edit[] = [];
  for (const attribute of tag.attributes) {
    const { name } = attribute;
    const isStyle = name === 'style' && /url\(/i.test(attribute.value);
    const isHandler = name.startsWith('on') && /\blocation\b/.test(attribute.value);
    const value = isStyle || isHandler ? decoded(attribute.value) : undefined;
    if (value === undefined) continue;
    edits.push(rewritten(attribute, await (isStyle ? files.style(value, url) : files.script(value, url, 'handler'))));
  }
  return edits;
}

/** First among the attributes, so that it counts whatever the page says. */
function nonceEdits({ nameEnd }: Tag, nonce: string | undefined): Edit[] {
  return nonce === undefined ? [] : [{ start: nameEnd, end: nameEnd, text: ` ${written('nonce', nonce)}` }];
}

/** The map of a page is taken out of it: there may be only one. */
export function isImportMap(tag: Tag): boolean {
  return tag.name === 'script' && attributeOf(tag, 'type')?.trim().toLowerCase() === 'importmap';
}

/** What an attribute stands for; undefined where there is none. */
export function attributeOf(tag: Tag, name: string): string | undefined {
  const attribute = tag.attributes.find((one) => one.name === name);
  return attribute && decoded(attribute.value);
}

/** Which character references there are is for the browser to say. */
function decoded(value: string): string | undefined {
  if (value.length > MOST_DECODED_LENGTH) return undefined;
  if (!value.includes('&')) return value;
  const template = document.createElement('template');
  template.innerHTML = trustedHtml(`<i title="${value.split('"').join('&quot;')}"></i>`);
  return template.content.firstElementChild?.getAttribute('title') ?? undefined;
}

function rewritten({ start, end, name }: Attribute, value: string): Edit {
  return { start, end, text: written(name, value) };
}

function written(name: string, value: string): string {
  return `${name}="${attributeText(value)}"`;
}

function without({ start, end }: { readonly start: number; readonly end: number }): Edit {
  return { start, end, text: '' };
}

/** Within a style sheet the escape is the same character, within the page it does not end the style. */
function inStyle(css: string): string {
  return css.replace(/<\/(?=style)/gi, '<\\/');
}
