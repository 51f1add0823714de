// Tables of a database, and rows of one, as tables. Names and values are a plugin's words.

import { html, nothing, type TemplateResult } from 'lit';
import { visibleText } from '../../util/text/visible-text.ts';
import type { Words } from '../words/words.ts';
import type { ShownRows, ShownTable, ShownTables } from './host-like.ts';

const MOST_NAME_BYTES = 200;
/** Of 200 characters, of which each may be shown as an escape. */
const MOST_VALUE_BYTES = 2_000;

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
  words: Words,
  database: string,
  { tables }: ShownTables,
  isChosen: (table: ShownTable) => boolean,
  choose: (table: ShownTable) => void,
): TemplateResult {
  const isCounted = tables.every(({ count }) => count !== undefined);
  const isExact = tables.every(({ count }) => count === undefined || count.how === 'exact');
  const caption = words.say('databases.tables', { name: database });
  return html`
    <div class="scroll" role="region" aria-label=${caption} tabindex="0">
      <table>
        <caption class="hidden-text">${caption}</caption>
        <thead>
          <tr>
            <th scope="col">${words.say('databases.table')}</th>
            <th scope="col" class="number">${words.say('databases.rows')}</th>
            <th scope="col" class="number">${words.say('databases.size')}</th>
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
                  ${table.kind === 'table' ? nothing : html`<span class="tag">${words.say(`databases.kind.${table.kind}`)}</span>`}
                </th>
                <td class="number">${countText(words, table)}</td>
                <td class="number">${table.bytes === undefined ? '–' : words.bytes(table.bytes)}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
    ${isCounted ? nothing : html`<p class="subtle small">${words.say('databases.whyNotCounted')}</p>`}
    ${isExact ? nothing : html`<p class="subtle small">${words.say('databases.whyEstimated')}</p>`}
  `;
}

function countText(words: Words, { count }: ShownTable): string {
  if (!count) return words.say('databases.notCounted');
  const { rows, how } = count;
  return how === 'exact' ? words.number(rows) : words.say(`databases.count.${how}`, { n: rows });
}

export function rowList(words: Words, table: string, { columns, rows, hasMoreColumns }: ShownRows): TemplateResult {
  const caption = words.say('databases.rowsOf', { name: table });
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
          ${rows.map((row) => html`<tr>${row.map((cell) => html`<td class="value">${cellValue(words, cell)}</td>`)}</tr>`)}
        </tbody>
      </table>
    </div>
    ${hasMoreColumns ? html`<p class="subtle small">${words.say('databases.moreColumns')}</p>` : nothing}
  `;
}

function cellValue(words: Words, { text, isCut }: ShownRows['rows'][number][number]): TemplateResult {
  if (text === null) return html`<span class="subtle">${words.say('databases.null')}</span>`;
  if (text === '') return html`<span class="subtle">${words.say('databases.emptyText')}</span>`;
  const value = html`<span class="theirs">${visibleText(text, MOST_VALUE_BYTES)}</span>`;
  return isCut ? html`${value}<span class="subtle">… (${words.say('databases.cut')})</span>` : value;
}

/** Nothing where all is on one page. What cannot be pressed keeps the focus. */
export function pager(words: Words, word: 'range' | 'tableRange', pages: Pages): TemplateResult {
  const { offset, hasMore, shown, step, to } = pages;
  if (offset === 0 && !hasMore) return html`${nothing}`;
  const range = words.say(`databases.${word}`, { from: offset + 1, to: offset + shown });
  const button = (text: string, isOff: boolean, next: number): TemplateResult => html`
    <button type="button" aria-disabled=${isOff} @click=${() => (isOff ? undefined : to(next))}>${text}</button>
  `;
  return html`
    <div class="pager">
      <span class="subtle small" role="status">${shown > 0 ? range : nothing}</span>
      ${button(words.say('databases.before'), offset === 0, Math.max(0, offset - step))} ${button(words.say('databases.next'), !hasMore, offset + step)}
    </div>
  `;
}
