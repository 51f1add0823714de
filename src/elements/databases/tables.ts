// Tables of a database, and rows of one, as tables. Names and values are a plugin's words.

import { html, nothing, type TemplateResult } from 'lit';
import { visibleText } from '../../util/text/visible-text.ts';
import type { ShownRows, ShownTable, ShownTables } from './host-like.ts';
import { bytesIn, type DatabaseWord, numberIn } from './words.ts';

const MOST_NAME_BYTES = 200;
/** Of 200 characters, of which each may be shown as an escape. */
const MOST_VALUE_BYTES = 2_000;

export interface Language {
  readonly name: string;
  say(word: DatabaseWord, values?: Readonly<Record<string, string | number>>): string;
}

export interface Pages {
  readonly offset: number;
  readonly hasMore: boolean;
  /** How many are shown. */
  readonly shown: number;
  /** How many one page has. */
  readonly step: number;
  to(offset: number): void;
}

export function nameOf(text: string): string {
  return visibleText(text, MOST_NAME_BYTES);
}

/** With its schema, unless that is the usual one. */
export function tableNameOf({ schema, name }: Pick<ShownTable, 'schema' | 'name'>): string {
  return nameOf(schema === 'public' ? name : `${schema}.${name}`);
}

export function tableList(
  { name: language, say }: Language,
  database: string,
  { tables }: ShownTables,
  isChosen: (table: ShownTable) => boolean,
  choose: (table: ShownTable) => void,
): TemplateResult {
  const isCounted = tables.every(({ count }) => count !== undefined);
  const isExact = tables.every(({ count }) => count === undefined || count.how === 'exact');
  const caption = say('tables', { name: database });
  return html`
    <div class="scroll" role="region" aria-label=${caption} tabindex="0">
      <table>
        <caption class="hidden-text">${caption}</caption>
        <thead>
          <tr>
            <th scope="col">${say('table')}</th>
            <th scope="col" class="number">${say('rows')}</th>
            <th scope="col" class="number">${say('size')}</th>
          </tr>
        </thead>
        <tbody>
          ${tables.map(
            (table) => html`
              <tr>
                <th scope="row">
                  <button type="button" class="link mono" aria-expanded=${isChosen(table)} @click=${() => choose(table)}>
                    <span class="theirs">${tableNameOf(table)}</span>
                  </button>
                  ${table.kind === 'table' ? nothing : html`<span class="tag">${say(table.kind)}</span>`}
                </th>
                <td class="number">${countText({ name: language, say }, table)}</td>
                <td class="number">${table.bytes === undefined ? '–' : bytesIn(language, table.bytes)}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
    ${isCounted ? nothing : html`<p class="subtle small">${say('whyNotCounted')}</p>`}
    ${isExact ? nothing : html`<p class="subtle small">${say('whyEstimated')}</p>`}
  `;
}

function countText({ name, say }: Language, { count }: ShownTable): string {
  if (!count) return say('notCounted');
  const n = numberIn(name, count.rows);
  return count.how === 'exact' ? n : say(count.how, { n });
}

export function rowList(
  { say }: Language,
  table: string,
  { columns, rows, hasMoreColumns }: ShownRows,
): TemplateResult {
  const caption = say('rowsOf', { name: table });
  return html`
    <div class="scroll" role="region" aria-label=${caption} tabindex="0">
      <table>
        <caption class="hidden-text">${caption}</caption>
        <thead>
          <tr>
            ${columns.map(
              ({ name, type }) => html`<th scope="col">
                <span class="theirs mono">${nameOf(name)}</span><br /><span class="theirs">${nameOf(type)}</span>
              </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${rows.map((row) => html`<tr>${row.map((cell) => html`<td class="value">${cellValue(say, cell)}</td>`)}</tr>`)}
        </tbody>
      </table>
    </div>
    ${hasMoreColumns ? html`<p class="subtle small">${say('moreColumns')}</p>` : nothing}
  `;
}

function cellValue(say: Language['say'], { text, isCut }: ShownRows['rows'][number][number]): TemplateResult {
  if (text === null) return html`<span class="subtle">${say('null')}</span>`;
  if (text === '') return html`<span class="subtle">${say('emptyText')}</span>`;
  const value = html`<span class="theirs">${visibleText(text, MOST_VALUE_BYTES)}</span>`;
  return isCut ? html`${value}<span class="subtle">… (${say('cut')})</span>` : value;
}

/** Nothing where all is on one page. What cannot be pressed keeps the focus. */
export function pager({ name, say }: Language, word: 'range' | 'tableRange', pages: Pages): TemplateResult {
  const { offset, hasMore, shown, step, to } = pages;
  if (offset === 0 && !hasMore) return html`${nothing}`;
  const range = say(word, { from: numberIn(name, offset + 1), to: numberIn(name, offset + shown) });
  const button = (text: string, isOff: boolean, next: number): TemplateResult => html`
    <button type="button" aria-disabled=${isOff} @click=${() => (isOff ? undefined : to(next))}>${text}</button>
  `;
  return html`
    <div class="pager">
      <span class="subtle small" role="status">${shown > 0 ? range : nothing}</span>
      ${button(say('before'), offset === 0, Math.max(0, offset - step))} ${button(say('next'), !hasMore, offset + step)}
    </div>
  `;
}
