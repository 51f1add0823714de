// Words that nobody vouches for: names, reasons, errors, lines of a log. All that an element shows of them goes through here, so that
// nothing hides, moves or reorders the text around it. Lit writes text as text, so markup is never more than its characters.

import { html, type TemplateResult } from 'lit';
import { visibleText } from '../../../util/text/visible-text.ts';

/** As much as a name may take of a line. */
export const NAME_BYTES = 200;

/** As much as a paragraph may take. */
export const TEXT_BYTES = 4_000;

/** One line for an attribute, such as the name of a button for a screen reader. Isolated: no letter of it turns what follows. */
export function plain(text: string, maxBytes = NAME_BYTES): string {
  return `\u2068${visibleText(text, maxBytes)}\u2069`;
}

/** One line, isolated from the sentence around it. */
export function theirs(text: string, maxBytes = NAME_BYTES): TemplateResult {
  return html`<bdi class="theirs">${visibleText(text, maxBytes)}</bdi>`;
}

/** What a machine says: an id, a hash, a path. Always from left to right. */
export function mono(text: string, maxBytes = NAME_BYTES): TemplateResult {
  return html`<bdi class="theirs mono" dir="ltr">${visibleText(text, maxBytes)}</bdi>`;
}

/** Several lines, each in its own direction; a line break is one, and everything else that is not seen is made visible. */
export function theirLines(text: string, maxBytes = TEXT_BYTES): TemplateResult {
  const lines = text.slice(0, maxBytes).split(/\r\n?|\n/);
  const shown = lines.map((line) => visibleText(line.replaceAll('\t', '  '), maxBytes)).join('\n');
  return html`<div class="theirs lines" dir="auto">${shown}${text.length > maxBytes ? '…' : ''}</div>`;
}

/** The plugin's own words, as a quotation: never to be taken for a sentence of the page. */
export function quoted(text: string, maxBytes = TEXT_BYTES): TemplateResult {
  return html`<q class="theirs">${visibleText(text, maxBytes)}</q>`;
}
