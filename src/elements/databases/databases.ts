import { html, nothing, type PropertyValues, svg, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { messageOf } from '../../errors.ts';
import { visibleText } from '../../util/text/visible-text.ts';
import { controls } from '../base.styles.ts';
import { ClocheElement, element } from '../element.ts';
import '../limit-bar/limit-bar.ts';
import { stateList } from '../state-list.styles.ts';
import type { Words } from '../words/words.ts';
import { styles } from './databases.styles.ts';
import type {
  PluginWithDatabases,
  ReadableDatabases,
  ShownDatabase,
  ShownDatabases,
  ShownRows,
  ShownTable,
  ShownTables,
} from './host-like.ts';
import { nameOf, pager, rowList, tableList, tableNameOf } from './tables.ts';
import { databaseWords } from './words/database-words.ts';

/** Of what went wrong, which may be in the plugin's words. */
const MOST_BYTES = 500;
/** As the host gives them. */
const TABLES_STEP = 100;
const ROWS_STEP = 50;

const SHAPES: Readonly<Record<ShownDatabase['state'], ReturnType<typeof svg>>> = {
  empty: svg`<circle cx="5" cy="5" r="4" />`,
  asleep: svg`<circle cx="5" cy="5" r="4" /><path class="solid" d="M5 1a4 4 0 0 0 0 8z" />`,
  open: svg`<circle class="solid" cx="5" cy="5" r="4" />`,
  elsewhere: svg`<path d="M1 3h5v6H1zM4 1h5v6" />`,
  damaged: svg`<path d="m1.5 1.5 7 7m0-7-7 7" />`,
  server: svg`<path d="M1 1.5h8v3H1zm0 4h8v3H1z" />`,
};

/** What was asked for: undefined while nobody has answered. */
type Answer<T> = { readonly value: T } | { readonly failure: unknown } | undefined;

/**
 * SQL databases of a plugin: how much each has stored of what it may, its tables, and their rows. Nothing is opened, or loaded, before
 * somebody asks for tables; nothing can be changed.
 *
 * @csspart list - The list of databases.
 */
@element('cloche-databases')
export class ClocheDatabases extends ClocheElement {
  static override styles = [ClocheElement.styles, controls, stateList, styles].flat();

  /** Whose databases they are. */
  @property({ attribute: false }) plugin: PluginWithDatabases | undefined;

  /** Level of the heading. */
  @property({ type: Number }) heading = 2;

  @state() private list: Answer<ShownDatabases | undefined>;
  /** Name of the one whose tables are shown. */
  @state() private opened: string | undefined;
  @state() private tables: Answer<ShownTables>;
  @state() private table: ShownTable | undefined;
  @state() private rows: Answer<ShownRows>;

  readonly #words = databaseWords(this);
  #databases: ReadableDatabases | undefined;
  /** Of what was asked last of the list, and of one database: an older answer counts for nothing. */
  #listing = new AbortController();
  #asking = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listing.abort();
    this.#asking.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('plugin')) this.#begin();
  }

  /** Looks once more at what is stored, and at what is shown of one. */
  async refresh(): Promise<void> {
    await this.#readList();
    const { opened, tables, table, rows } = this;
    if (opened === undefined || !tables || 'failure' in tables) return;
    await this.#show(opened, tables.value.offset, true);
    if (table && this.table === table)
      await this.#choose(opened, table, rows && 'value' in rows ? rows.value.offset : 0);
  }

  async #readList(): Promise<void> {
    this.#listing.abort();
    this.#listing = new AbortController();
    const { signal } = this.#listing;
    const list = await answerOf(async () => {
      const databases = await this.plugin?.databases();
      // Those of another plugin by now are not to be read under the name of this one.
      if (!signal.aborted) this.#databases = databases;
      return databases?.list();
    });
    if (!signal.aborted) this.list = list;
  }

  #begin(): void {
    this.#hide();
    this.list = undefined;
    void this.#readList();
  }

  #asked(): AbortSignal {
    this.#asking.abort();
    this.#asking = new AbortController();
    return this.#asking.signal;
  }

  #hide(): void {
    this.#asking.abort();
    this.opened = undefined;
    this.tables = undefined;
    this.table = undefined;
    this.rows = undefined;
  }

  async #show(name: string, offset = 0, keepsTable = false): Promise<void> {
    const signal = this.#asked();
    if (this.opened !== name) this.tables = undefined;
    this.opened = name;
    if (!keepsTable) {
      this.table = undefined;
      this.rows = undefined;
    }
    const tables = await answerOf(async () => this.#databases?.tables(name, { offset, signal }));
    if (signal.aborted) return;
    this.tables = tables as Answer<ShownTables>;
    // It is open by now, or cannot be opened.
    void this.#readList();
  }

  async #choose(database: string, table: ShownTable, offset: number): Promise<void> {
    const signal = this.#asked();
    if (this.table !== table) this.rows = undefined;
    this.table = table;
    const rows = await answerOf(async () => this.#databases?.rows(database, table, { offset, signal }));
    if (!signal.aborted) this.rows = rows as Answer<ShownRows>;
  }

  override render(): TemplateResult {
    const words = this.#words;
    return html`
      <header>
        <span class="title" role="heading" aria-level=${this.heading}>${words.say('databases.title')}</span>
        ${
          this.list && 'value' in this.list && this.list.value
            ? html`<button type="button" class="quiet" @click=${() => void this.refresh()}>${words.say('databases.refresh')}</button>`
            : nothing
        }
      </header>
      ${this.#renderList()}
    `;
  }

  #renderList(): TemplateResult {
    const { list } = this;
    const words = this.#words;
    if (!list) return html`<p class="subtle">${words.say('databases.loading')}</p>`;
    if ('failure' in list) {
      return failed(words, words.say('databases.unlistable'), list.failure, () => this.#begin());
    }
    const { value } = list;
    if (!value || value.databases.length === 0) return html`<p class="subtle">${words.say('databases.none')}</p>`;
    return html`
      ${
        value.programBytes > 0 && value.databases.some(canBeOpened)
          ? html`<p class="subtle small">${words.say('databases.loads', { size: words.bytes(value.programBytes) })}</p>`
          : nothing
      }
      <ul part="list" aria-label=${words.say('databases.title')}>
        ${value.databases.map((database) => this.#renderDatabase(database))}
      </ul>
      ${[...new Set(value.databases.map(({ placement }) => placement))].map((placement) =>
        placement === 'server'
          ? nothing
          : html`<p class="subtle small">${words.say(`databases.placement.${placement}`)}</p>`,
      )}
      ${this.#renderSum(value)}
    `;
  }

  /** Of those on a server nobody knows more. */
  #renderSum({ databases, bytes, problem }: ShownDatabases): TemplateResult {
    const words = this.#words;
    if (databases.every(({ placement }) => placement !== 'server')) return html`${nothing}`;
    if (bytes !== undefined)
      return html`<p class="subtle small">${words.say('databases.storedOnServer', { size: words.bytes(bytes) })}</p>`;
    return html`<p class="error small">${words.say('databases.sizeUnknown')} <span class="theirs">${line(problem)}</span></p>`;
  }

  #renderDatabase(database: ShownDatabase): TemplateResult {
    const words = this.#words;
    const { state, problem } = database;
    const name = nameOf(database.name);
    const isOpened = this.opened === database.name;
    return html`
      <li class=${state}>
        <div class="head">
          <span class="name mono theirs">${name}</span>
          <span class="state"><svg viewBox="0 0 10 10" aria-hidden="true">${SHAPES[state]}</svg>${words.say(`databases.state.${state}`)}</span>
          ${isOpened || canBeOpened(database) ? this.#renderSwitch(database.name, isOpened) : nothing}
        </div>
        ${this.#renderSize(database)}
        ${state === 'elsewhere' ? html`<p class="subtle small">${words.say('databases.elsewhereNote')}</p>` : nothing}
        ${problem && !isOpened ? html`<p class="error small"><span class="theirs">${line(problem)}</span></p>` : nothing}
        ${isOpened ? html`<div class="inner">${this.#renderTables(database.name)}</div>` : nothing}
      </li>
    `;
  }

  #renderSwitch(database: string, isOpened: boolean): TemplateResult {
    const words = this.#words;
    const name = nameOf(database);
    return html`
      <button
        type="button"
        aria-expanded=${isOpened}
        aria-label=${words.say(isOpened ? 'databases.hideOf' : 'databases.showOf', { name })}
        @click=${() => (isOpened ? this.#hide() : void this.#show(database))}
      >
        ${words.say(isOpened ? 'databases.hide' : 'databases.show')}
      </button>
    `;
  }

  #renderSize({ bytes, quotaBytes, placement }: ShownDatabase): TemplateResult {
    const words = this.#words;
    if (placement === 'server') return html`${nothing}`;
    if (bytes === undefined || quotaBytes === undefined)
      return html`<p class="subtle small">${words.say('databases.sizeUnknown')}</p>`;
    return html`
      <cloche-limit-bar
        label=${words.say('databases.stored')}
        .used=${bytes}
        .cap=${quotaBytes}
        .value=${words.say('databases.storedOf', { used: words.bytes(bytes), cap: words.bytes(quotaBytes) })}
        .note=${words.say(bytes >= quotaBytes ? 'databases.full' : 'databases.near')}
      ></cloche-limit-bar>
    `;
  }

  #renderTables(database: string): TemplateResult {
    const { tables } = this;
    const words = this.#words;
    if (!tables) return html`<p class="subtle" role="status">${words.say('databases.opening')}</p>`;
    if ('failure' in tables) {
      return failed(words, words.say('databases.unreadable'), tables.failure, () => void this.#show(database));
    }
    const { value } = tables;
    if (value.tables.length === 0 && value.offset === 0) {
      return html`<p class="subtle" role="status">${words.say('databases.noTables')}</p>`;
    }
    const isChosen = ({ schema, name }: ShownTable): boolean =>
      this.table?.schema === schema && this.table.name === name;
    const choose = (table: ShownTable): void => {
      if (!isChosen(table)) void this.#choose(database, table, 0);
      else this.#closeTable();
    };
    return html`
      ${tableList(words, nameOf(database), value, isChosen, choose)}
      ${pager(words, 'tableRange', {
        ...value,
        shown: value.tables.length,
        step: TABLES_STEP,
        to: (offset) => void this.#show(database, offset),
      })}
      ${this.table ? this.#renderRows(database, this.table) : nothing}
    `;
  }

  #closeTable(): void {
    this.#asking.abort();
    this.table = undefined;
    this.rows = undefined;
  }

  #renderRows(database: string, table: ShownTable): TemplateResult {
    const { rows } = this;
    const words = this.#words;
    const name = tableNameOf(table);
    if (!rows) return html`<p class="subtle" role="status">${words.say('databases.reading')}</p>`;
    if ('failure' in rows) {
      return failed(
        words,
        words.say('databases.unreadable'),
        rows.failure,
        () => void this.#choose(database, table, 0),
      );
    }
    const { value } = rows;
    const none = value.offset === 0 ? 'databases.noRows' : 'databases.noMoreRows';
    return html`
      <p role="heading" aria-level=${this.heading + 1}><span class="theirs">${words.say('databases.rowsOf', { name })}</span></p>
      ${value.rows.length === 0 ? html`<p class="subtle" role="status">${words.say(none)}</p>` : rowList(words, name, value)}
      ${pager(words, 'range', {
        ...value,
        shown: value.rows.length,
        step: ROWS_STEP,
        to: (offset) => void this.#choose(database, table, offset),
      })}
    `;
  }
}

/** Of what has nothing there is nothing to be seen. */
function canBeOpened({ state }: ShownDatabase): boolean {
  return state !== 'empty';
}

async function answerOf<T>(ask: () => Promise<T>): Promise<NonNullable<Answer<T>>> {
  try {
    return { value: await ask() };
  } catch (failure) {
    return { failure };
  }
}

function failed(words: Words, what: string, failure: unknown, again: () => void): TemplateResult {
  return html`<p class="error" role="alert">
    ${what} <span class="theirs">${line(failure)}</span>
    <button type="button" @click=${again}>${words.say('databases.again')}</button>
  </p>`;
}

function line(failure: unknown): string {
  return visibleText(messageOf(failure), MOST_BYTES);
}

declare global {
  interface HTMLElementTagNameMap {
    'cloche-databases': ClocheDatabases;
  }
}
