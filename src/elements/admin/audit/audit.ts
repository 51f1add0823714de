import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { styleMap } from 'lit/directives/style-map.js';
import type { HostCallEvent, HostEventMap, KillEvent, LogEvent, PluginChangeEvent } from '../../../events.ts';
import type { AuditEntry, HostCallRecord, LogLevel } from '../../../index.ts';
import { element } from '../../element.ts';
import { Acts } from '../base/acts.ts';
import { AdminElement } from '../base/admin-element.ts';
import type { AdminHost } from '../base/admin-host.ts';
import { failure } from '../base/failure.ts';
import { Latest } from '../base/latest.ts';
import { saveFile } from '../base/save-file.ts';
import { mono, plain } from '../base/theirs.ts';
import { styles } from './audit.styles.ts';
import { type AuditRow, additionOf, filterRows, jsonLines, LEVELS, rowOf, storedRow, textsOf } from './audit-rows.ts';
import { detail, needed, summary } from './row-parts.ts';
import { rowWindow } from './row-window.ts';

/** Rows that are kept; the oldest go first. */
const MOST_ROWS = 5_000;
/** Entries of the audit that are read, the latest. */
const MOST_STORED = 2_000;
/** Calls a second of which it is kept what they carried. */
const MOST_CONTENTS = 50;
/** Between two looks at what has come, and before what people did is read again, in ms. */
const SOON_MS = 100;
const READ_MS = 500;

/**
 * What plugins log, call and are stopped for, and what people do with them, as it happens: newest first, by plugin, level and text. A
 * row opens to what was sent and what came back. What was denied can be allowed, and no more than that.
 *
 * @cssproperty --cloche-audit-height - Height of the list; 480px.
 * @csspart failure - What went wrong.
 */
@element('cloche-audit')
export class ClocheAudit extends AdminElement {
  static override styles = [AdminElement.styles, styles].flat();

  protected override readonly hears: readonly (keyof HostEventMap)[] = ['pluginchange', 'log', 'hostcall', 'kill'];

  /** Id of the only plugin that is shown. @default all */
  @property() plugin = '';

  @state() private chosen = '';
  @state() private level: LogLevel = 'trace';
  @state() private text = '';
  /** Newest first. */
  @state() private rows: readonly AuditRow[] = [];
  @state() private cut = 0;
  @state() private openKey: number | undefined;
  @state() private scrolled = 0;
  @state() private allowed: ReadonlySet<number> = new Set();
  @query('.list') private list!: HTMLElement | null;
  readonly #stored = new Latest<readonly AuditRow[]>(this);
  readonly #acts = new Acts(this);
  /** What has come and is not shown yet, oldest first. */
  #waiting: AuditRow[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #readTimer: ReturnType<typeof setTimeout> | undefined;
  #since = 0;
  #contents = { second: 0, count: 0 };
  /** Measured, since text may be of any size; in px. */
  #rowHeight = 33;
  #openHeight = 0;
  #listHeight = 480;
  /** The row that the keyboard is at. */
  #at = 0;

  protected override heard(event: Event): void {
    if (event.type === 'pluginchange') {
      const { change } = event as PluginChangeEvent;
      if (change === 'called') return;
      this.requestUpdate();
      clearTimeout(this.#readTimer);
      this.#readTimer = setTimeout(() => this.#readActs(), READ_MS);
    } else this.#take(this.#rowOf(event));
  }

  #rowOf(event: Event): AuditRow {
    if (event.type === 'log') return rowOf({ kind: 'log', log: (event as LogEvent).record });
    if (event.type === 'kill') return rowOf({ kind: 'kill', kill: (event as KillEvent).record });
    const { record: call, content } = event as HostCallEvent;
    // Only now: the bytes go on to the plugin.
    const carried = content && this.#hasRoom() ? textsOf(content()) : undefined;
    return rowOf({ kind: 'call', call, sent: carried?.sent, answered: carried?.answered ?? [] });
  }

  #hasRoom(): boolean {
    const second = Math.floor(performance.now() / 1_000);
    if (this.#contents.second !== second) this.#contents = { second, count: 0 };
    this.#contents.count++;
    return this.#contents.count <= MOST_CONTENTS;
  }

  #take(row: AuditRow): void {
    if (this.plugin !== '' && row.plugin !== this.plugin) return;
    this.#waiting.push(row);
    if (this.#waiting.length > MOST_ROWS) this.#waiting = this.#waiting.slice(-MOST_ROWS);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#isReading) this.requestUpdate();
      else this.#showWaiting();
    }, SOON_MS);
  }

  /** Whoever reads a row, or further down, is not to lose their place. */
  get #isReading(): boolean {
    return this.openKey !== undefined || this.scrolled > this.#rowHeight;
  }

  #showWaiting = (): void => {
    const all = [...this.#waiting.toReversed(), ...this.rows];
    this.#waiting = [];
    this.cut += Math.max(0, all.length - MOST_ROWS);
    this.rows = all.slice(0, MOST_ROWS);
  };

  #showNewest = (): void => {
    this.openKey = undefined;
    this.#at = 0;
    this.#showWaiting();
    this.list?.scrollTo({ top: 0 });
    this.list?.focus();
  };

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (changed.has('host') || changed.has('plugin')) this.#begin();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // What happened meanwhile was not heard.
    if (this.hasUpdated) this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    clearTimeout(this.#readTimer);
    this.#timer = undefined;
  }

  #begin(): void {
    const { host } = this;
    this.rows = [];
    this.#waiting = [];
    this.cut = 0;
    this.openKey = undefined;
    this.#stored.forget();
    if (!host?.may('logs')) return;
    this.#since = Date.now();
    const logs = host.logs(this.plugin || undefined).map((log) => rowOf({ kind: 'log', log }));
    this.rows = logs.toReversed().slice(0, MOST_ROWS);
    const { audit } = host;
    if (!audit) return;
    const filter = { limit: MOST_STORED, ...(this.plugin && { plugin: this.plugin }) };
    void this.#stored.from(async () => {
      // What is told as it happens is here already; an act of this very moment is not.
      const isOld = (entry: AuditEntry): boolean =>
        entry.kind === 'act' ? !this.#has(entry) : entry.time < this.#since;
      const before = await collected(audit.entries(filter), isOld);
      this.rows = merged(this.rows, before);
      return before;
    });
  }

  /** Acts are told by nobody when they happen. */
  #readActs(): void {
    const audit = this.host?.may('logs') ? this.host.audit : undefined;
    if (!audit) return;
    const since = this.#since;
    void this.#stored.from(async () => {
      const filter = { since, ...(this.plugin && { plugin: this.plugin }) };
      const isNew = (entry: AuditEntry): boolean => entry.kind === 'act' && entry.time >= since && !this.#has(entry);
      const news = await collected(audit.entries(filter), isNew);
      if (news.length > 0) this.rows = merged(this.rows, news);
      return news;
    });
  }

  #has({ order }: AuditEntry): boolean {
    return this.rows.some(({ record }) => record.kind === 'stored' && record.entry.order === order);
  }

  get #shown(): readonly AuditRow[] {
    return filterRows(this.rows, { plugin: this.chosen, level: this.level, text: this.text });
  }

  /** What is shown, as lines of JSON, oldest first. */
  exportShown(): Blob {
    return new Blob(jsonLines(this.#shown), { type: 'application/x-ndjson' });
  }

  protected override updated(): void {
    const row = this.shadowRoot?.querySelector<HTMLElement>('li');
    const { list } = this;
    if (!row || !list) return;
    const line = row.querySelector<HTMLElement>('.row')?.getBoundingClientRect().height ?? 0;
    const open = this.shadowRoot?.querySelector('.detail')?.getBoundingClientRect().height ?? this.#openHeight;
    const rowHeight = line + 1;
    const listHeight = list.clientHeight;
    if (line === 0) return;
    const isSame =
      Math.abs(rowHeight - this.#rowHeight) < 0.5 &&
      Math.abs(open - this.#openHeight) < 0.5 &&
      listHeight === this.#listHeight;
    if (isSame) return;
    this.#rowHeight = rowHeight;
    this.#openHeight = open;
    this.#listHeight = listHeight;
    // What is drawn tells how high it is, and that how much of it is drawn: in an update of its own.
    queueMicrotask(() => this.requestUpdate());
  }

  #handleScroll = (): void => {
    this.scrolled = this.list?.scrollTop ?? 0;
    if (this.#waiting.length > 0 && !this.#isReading) this.#showWaiting();
  };

  #handleKey = (event: KeyboardEvent): void => {
    const shown = this.#shown;
    const steps = new Map([
      ['ArrowDown', this.#at + 1],
      ['ArrowUp', this.#at - 1],
      ['PageDown', this.#at + 10],
      ['PageUp', this.#at - 10],
      ['Home', 0],
      ['End', shown.length - 1],
    ]);
    const next = steps.get(event.key);
    const isRow = (event.target as Element).matches('.row, .list');
    if (next === undefined || !isRow || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    void this.#goTo(Math.min(Math.max(next, 0), shown.length - 1));
  };

  async #goTo(index: number): Promise<void> {
    const { list } = this;
    if (!list || index < 0) return;
    this.#at = index;
    const openAt = this.#shown.findIndex(({ key }) => key === this.openKey);
    const top = index * this.#rowHeight + (openAt >= 0 && index > openAt ? this.#openHeight : 0);
    if (top < list.scrollTop) list.scrollTop = top;
    else if (top + this.#rowHeight > list.scrollTop + list.clientHeight) {
      list.scrollTop = top + this.#rowHeight - list.clientHeight;
    }
    this.scrolled = list.scrollTop;
    this.requestUpdate();
    await this.updateComplete;
    this.shadowRoot?.querySelector<HTMLElement>(`li[data-at="${index}"] .row`)?.focus({ preventScroll: true });
  }

  #toggle(row: AuditRow, index: number): void {
    this.#at = index;
    this.#acts.forget();
    this.openKey = this.openKey === row.key ? undefined : row.key;
  }

  async #allow({ key }: AuditRow, { plugin, needs }: HostCallRecord): Promise<void> {
    const isDone = await this.#acts.run(`allow ${key}`, async () => {
      await this.host?.get(plugin)?.amend(additionOf(needs ?? {}));
    });
    if (isDone) this.allowed = new Set([...this.allowed, key]);
  }

  #exportAll(audit: NonNullable<AdminHost['audit']>): void {
    void this.#acts.run('export', async () => {
      this.#save(await audit.export(this.plugin ? { plugin: this.plugin } : undefined), 'audit');
    });
  }

  /** Which plugin may stand in the address, where anybody may have written it: only one that is here names a file. */
  #save(blob: Blob, name: string): void {
    const of = this.host?.get(this.plugin)?.id ?? 'plugins';
    saveFile(blob, `${of}-${name}.jsonl`);
  }

  override render(): TemplateResult {
    const { words, host } = this;
    if (!host) return html`<p class="subtle">${words.say('shared.noHost')}</p>`;
    if (!host.may('logs')) return html`<p class="notice">${words.say('audit.forbidden')}</p>`;
    const shown = this.#shown;
    return html`
      ${this.#renderFilters(host)}
      ${this.#waiting.length > 0 ? this.#renderNew() : nothing}
      ${this.#stored.read.state === 'failed' ? failure(words, this.#stored.read.error) : nothing}
      ${shown.length === 0 ? this.#renderEmpty() : this.#renderList(shown)}
      ${this.#renderFoot(host, shown.length)}
    `;
  }

  #renderFilters(host: AdminHost): TemplateResult {
    const { words } = this;
    const ids = [...new Set([...host.plugins.map(({ id }) => id), ...this.rows.flatMap(({ plugin }) => plugin ?? [])])];
    return html`
      <div class="filters" role="search" aria-label=${words.say('audit.label')}>
        ${
          this.plugin === ''
            ? html`<label>
                ${words.say('audit.plugin')}
                <select class="of-plugin" @change=${(event: Event) => this.#filter({ chosen: valueIn(event) })}>
                  <option value="">${words.say('audit.allPlugins')}</option>
                  ${ids.sort().map((id) => html`<option value=${id} ?selected=${id === this.chosen}>${plain(id)}</option>`)}
                </select>
              </label>`
            : nothing
        }
        <label>
          ${words.say('audit.level')}
          <select class="of-level" @change=${(event: Event) => this.#filter({ level: valueIn(event) as LogLevel })}>
            ${LEVELS.map(
              (level) =>
                html`<option value=${level} ?selected=${level === this.level}>${words.say(`audit.level.${level}`)}</option>`,
            )}
          </select>
        </label>
        <label class="text">
          ${words.say('audit.search')}
          <input
            type="search"
            dir="auto"
            spellcheck="false"
            .value=${this.text}
            @input=${(event: Event) => this.#filter({ text: valueIn(event) })}
          />
        </label>
      </div>
    `;
  }

  #filter({ chosen = this.chosen, level = this.level, text = this.text }): void {
    this.chosen = chosen;
    this.level = level;
    this.text = text;
    this.openKey = undefined;
    this.#at = 0;
    this.list?.scrollTo({ top: 0 });
  }

  #renderNew(): TemplateResult {
    return html`<button type="button" class="new" @click=${this.#showNewest}>
      ${this.words.say('audit.new', { n: this.#waiting.length })}
    </button>`;
  }

  #renderEmpty(): TemplateResult {
    const { words } = this;
    if (this.rows.length === 0) return html`<p class="empty">${words.say('audit.empty')}</p>`;
    return html`<div class="empty stack">
      <p>${words.say('audit.noMatch')}</p>
      <div>
        <button type="button" @click=${() => this.#filter({ chosen: '', level: 'trace', text: '' })}>
          ${words.say('audit.clear')}
        </button>
      </div>
    </div>`;
  }

  #renderList(shown: readonly AuditRow[]): TemplateResult {
    const open = shown.findIndex(({ key }) => key === this.openKey);
    const { start, end, before, after } = rowWindow({
      count: shown.length,
      rowHeight: this.#rowHeight,
      scrollTop: this.scrolled,
      height: this.#listHeight,
      open,
      openHeight: this.#openHeight,
    });
    const at = Math.min(this.#at, shown.length - 1);
    const isSeen = at >= start && at < end;
    return html`
      <div
        class="list"
        role="region"
        aria-label=${this.words.say('audit.label')}
        tabindex=${isSeen ? '-1' : '0'}
        @scroll=${this.#handleScroll}
        @keydown=${this.#handleKey}
      >
        <ol class=${this.plugin === '' ? '' : 'of-one'} style=${styleMap({ paddingBlock: `${before}px ${after}px` })}>
          ${repeat(
            shown.slice(start, end),
            ({ key }) => key,
            (row, index) => this.#renderRow(row, { index: start + index, count: shown.length, at }),
          )}
        </ol>
      </div>
    `;
  }

  #renderRow(row: AuditRow, { index, count, at }: { index: number; count: number; at: number }): TemplateResult {
    const { words } = this;
    const isOpen = row.key === this.openKey;
    return html`
      <li data-at=${index} aria-setsize=${count} aria-posinset=${index + 1}>
        <button
          type="button"
          class="row"
          tabindex=${index === at ? '0' : '-1'}
          aria-expanded=${isOpen ? 'true' : 'false'}
          @click=${() => this.#toggle(row, index)}
        >
          <span class="clock">${row.time > 0 ? words.clock(row.time) : nothing}</span>
          <span class="level ${row.level}">${words.say(`audit.level.${row.level}`)}</span>
          ${this.plugin === '' ? html`<span class="of">${row.plugin === undefined ? nothing : mono(row.plugin, 64)}</span>` : nothing}
          <span class="what">${summary(words, row)}</span>
        </button>
        ${isOpen ? html`<div class="detail">${detail(words, row, this.#renderOffer(row))}</div>` : nothing}
      </li>
    `;
  }

  /** Where the grant alone is in the way, and adding to it helps. */
  #renderOffer(row: AuditRow): TemplateResult | typeof nothing {
    const { words, host } = this;
    const { record, key } = row;
    if (record.kind !== 'call' || !record.call.needs || !host?.may('grant') || !host.get(record.call.plugin)) {
      return nothing;
    }
    const { call } = record;
    if (call.decision?.decidedBy === 'policy' || call.decision?.rule === 'methods') return nothing;
    if (this.allowed.has(key)) return html`<p role="status">${words.say('audit.allowed')}</p>`;
    const failed = this.#acts.failed;
    return html`
      <div class="stack">
        <div>
          <h4>${words.say('audit.would')}</h4>
          ${needed(words, record.call.needs, host.capabilities)}
        </div>
        <div>
          <button type="button" class="allow" @click=${() => void this.#allow(row, call)}>${words.say('audit.allow')}</button>
        </div>
        ${failed?.act === `allow ${key}` ? failure(words, failed.error) : nothing}
      </div>
    `;
  }

  #renderFoot({ audit }: AdminHost, count: number): TemplateResult {
    const { words } = this;
    const failed = this.#acts.failed;
    return html`
      <div class="foot">
        <span class="subtle small" role="status">${words.say('audit.count', { n: count })}</span>
        ${this.cut > 0 ? html`<span class="subtle small">${words.say('audit.cut', { n: this.cut })}</span>` : nothing}
        <span class="end"></span>
        ${
          count > 0
            ? html`<button type="button" class="quiet export" @click=${() => this.#save(this.exportShown(), 'log')}>
                ${words.say('audit.export')}
              </button>`
            : nothing
        }
        ${
          audit
            ? html`<button type="button" class="quiet export-all" @click=${() => this.#exportAll(audit)}>
                ${words.say('audit.exportAll')}
              </button>`
            : nothing
        }
      </div>
      ${failed?.act === 'export' ? failure(words, failed.error) : nothing}
    `;
  }
}

async function collected(
  entries: AsyncIterable<AuditEntry>,
  isWanted: (entry: AuditEntry) => boolean,
): Promise<readonly AuditRow[]> {
  const rows: AuditRow[] = [];
  for await (const entry of entries) if (isWanted(entry)) rows.push(storedRow(entry));
  return rows.reverse();
}

/** Newest first; what was lost nobody knows when is the oldest. */
function merged(rows: readonly AuditRow[], others: readonly AuditRow[]): readonly AuditRow[] {
  return [...rows, ...others].sort((a, b) => b.time - a.time).slice(0, MOST_ROWS);
}

function valueIn(event: Event): string {
  return (event.target as HTMLInputElement | HTMLSelectElement).value;
}

declare global {
  interface HTMLElementTagNameMap {
    'cloche-audit': ClocheAudit;
  }
}
