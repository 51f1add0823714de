import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { styleMap } from 'lit/directives/style-map.js';
import type { HostEventMap, PluginChangeEvent } from '../../../events.ts';
import type { HostCallRecord, LogLevel } from '../../../index.ts';
import { element } from '../../element.ts';
import { Acts } from '../base/acts.ts';
import { AdminElement } from '../base/admin-element.ts';
import type { AdminHost } from '../base/admin-host.ts';
import { failure } from '../base/failure.ts';
import { saveFile } from '../base/save-file.ts';
import { mono } from '../base/theirs.ts';
import { styles } from './audit.styles.ts';
import { AuditFeed } from './audit-feed.ts';
import { type AuditRow, additionOf, filterRows, jsonLines } from './audit-rows.ts';
import { type ChosenFilter, filters, type ShownFilter } from './filters.ts';
import { offer } from './offer.ts';
import { detail, summary } from './row-parts.ts';
import { rowWindow } from './row-window.ts';

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
  @state() private openKey: number | undefined;
  @state() private scrolled = 0;
  @state() private allowed: ReadonlySet<number> = new Set();
  @query('.list') private list!: HTMLElement | null;
  readonly #feed = new AuditFeed(this, () => this.#isReading);
  readonly #acts = new Acts(this);
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
      this.#feed.readActsSoon();
    } else this.#feed.take(event);
  }

  /** Whoever reads a row, or further down, is not to lose their place. */
  get #isReading(): boolean {
    return this.openKey !== undefined || this.scrolled > this.#rowHeight;
  }

  #showNewest = (): void => {
    this.openKey = undefined;
    this.#at = 0;
    this.#feed.showWaiting();
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

  #begin(): void {
    this.openKey = undefined;
    this.#feed.begin(this.host, this.plugin);
  }

  get #shown(): readonly AuditRow[] {
    return filterRows(this.#feed.rows, { plugin: this.chosen, level: this.level, text: this.text });
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
    if (this.#feed.waiting > 0 && !this.#isReading) this.#feed.showWaiting();
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
    const { stored } = this.#feed;
    return html`
      ${filters(words, this.#filterOf(host), this.#filter)}
      ${this.#feed.waiting > 0 ? this.#renderNew() : nothing}
      ${stored.state === 'failed' ? failure(words, stored.error) : nothing}
      ${shown.length === 0 ? this.#renderEmpty() : this.#renderList(shown)}
      ${this.#renderFoot(host, shown.length)}
    `;
  }

  #filterOf(host: AdminHost): ShownFilter {
    const { chosen, level, text } = this;
    if (this.plugin !== '') return { plugins: undefined, chosen, level, text };
    const ids = [...host.plugins.map(({ id }) => id), ...this.#feed.rows.flatMap(({ plugin }) => plugin ?? [])];
    return { plugins: [...new Set(ids)].sort(), chosen, level, text };
  }

  #filter = ({ chosen = this.chosen, level = this.level, text = this.text }: Partial<ChosenFilter>): void => {
    this.chosen = chosen;
    this.level = level;
    this.text = text;
    this.openKey = undefined;
    this.#at = 0;
    this.list?.scrollTo({ top: 0 });
  };

  #renderNew(): TemplateResult {
    return html`<button type="button" class="new" @click=${this.#showNewest}>
      ${this.words.say('audit.new', { n: this.#feed.waiting })}
    </button>`;
  }

  #renderEmpty(): TemplateResult {
    const { words } = this;
    if (this.#feed.rows.length === 0) return html`<p class="empty">${words.say('audit.empty')}</p>`;
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
        ${isOpen ? html`<div class="detail">${detail(words, row, this.#offer(row))}</div>` : nothing}
      </li>
    `;
  }

  #offer(row: AuditRow): TemplateResult | typeof nothing {
    const { failed } = this.#acts;
    return offer(this.words, this.host, row, {
      isAllowed: this.allowed.has(row.key),
      error: failed?.act === `allow ${row.key}` ? failed.error : undefined,
      allow: (call) => void this.#allow(row, call),
    });
  }

  #renderFoot({ audit }: AdminHost, count: number): TemplateResult {
    const { words } = this;
    const { cut } = this.#feed;
    const failed = this.#acts.failed;
    return html`
      <div class="foot">
        <span class="subtle small" role="status">${words.say('audit.count', { n: count })}</span>
        ${cut > 0 ? html`<span class="subtle small">${words.say('audit.cut', { n: cut })}</span>` : nothing}
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

declare global {
  interface HTMLElementTagNameMap {
    'cloche-audit': ClocheAudit;
  }
}
