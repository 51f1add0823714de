import { html, nothing, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { PluginChangeEvent } from '../../../events.ts';
import { element } from '../../element.ts';
import { Acts } from '../base/acts.ts';
import { AdminElement } from '../base/admin-element.ts';
import type { AdminHost, AdminPlugin } from '../base/admin-host.ts';
import { failure } from '../base/failure.ts';
import { PluginOpenEvent, pluginHref } from '../base/plugin-link.ts';
import { nameOf, pluginState, signatureText, unreadableState } from '../base/plugin-state.ts';
import { mono, plain, theirs } from '../base/theirs.ts';
import '../uninstall/uninstall.ts';
import type { ClocheUninstall } from '../uninstall/uninstall.ts';
import { styles } from './plugins.styles.ts';

/** Rows that are made in one frame: more come with the next, so that a long list holds up nobody. */
const ROWS_A_FRAME = 10;

/** From so many on there is a field to find one. */
const MANY = 8;

/**
 * The installed plugins, as a list that reads as a table: name, state, version, who made it, and what can be done at once.
 *
 * @event {PluginOpenEvent} pluginopen - The name of a plugin was pressed.
 * @csspart list - The list.
 * @csspart plugin - A row.
 * @csspart state - The state of a plugin.
 * @csspart failure - What went wrong.
 */
@element('cloche-plugins')
export class ClochePlugins extends AdminElement {
  static override styles = [AdminElement.styles, styles].flat();

  /** Id of the plugin that is shown beside the list. */
  @property() current = '';

  /** Which plugins are listed; what cannot be read always is. @default all */
  @property({ attribute: false }) includes: (plugin: AdminPlugin) => boolean = () => true;

  @state() private filter = '';
  @state() private rows = ROWS_A_FRAME;
  @query('cloche-uninstall') private uninstall!: ClocheUninstall;
  readonly #acts = new Acts(this);
  /** Id of the plugin that the last act was about. */
  #actedOn = '';
  #frame: number | undefined;

  protected override heard(event: Event): void {
    // Many a second, and nothing of a row changes with them.
    if (event instanceof PluginChangeEvent && event.change === 'called') return;
    super.heard(event);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
  }

  protected override updated(): void {
    if (this.rows >= (this.host?.plugins.length ?? 0) || this.#frame !== undefined) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = undefined;
      this.rows += ROWS_A_FRAME;
    });
  }

  /** Focuses the name of a plugin. @param id of the plugin @returns whether it is listed */
  async focusOn(id: string): Promise<boolean> {
    await this.updateComplete;
    const link = (): HTMLElement | null | undefined =>
      this.shadowRoot?.querySelector<HTMLElement>(`h3 a[href="${CSS.escape(pluginHref(id))}"]`);
    if (!link()) this.rows = Math.max(this.rows, this.host?.plugins.length ?? 0);
    await this.updateComplete;
    link()?.focus();
    return link() != null;
  }

  #handleFilter = (event: Event): void => {
    this.filter = (event.target as HTMLInputElement).value;
  };

  #handleOpen(event: Event, id: string): void {
    if (!this.dispatchEvent(new PluginOpenEvent(id))) event.preventDefault();
  }

  #act(act: string, id: string, work: () => Promise<unknown>): void {
    this.#actedOn = id;
    void this.#acts.run(act, work);
  }

  override render(): TemplateResult {
    const { host, words } = this;
    if (!host) return html`<p class="empty">${words.say('shared.noHost')}</p>`;
    const { unreadable } = host;
    const plugins = host.plugins.filter(this.includes);
    if (plugins.length + unreadable.length === 0)
      return html`<p class="empty" tabindex="-1">${words.say('plugins.none')}</p>`;
    const found = this.#sorted(plugins.filter((plugin) => fits(plugin, this.filter)));
    return html`
      ${plugins.length < MANY ? nothing : this.#renderTop(plugins.length)}
      ${
        found.length + unreadable.length > 0
          ? nothing
          : html`
        <p class="empty">${words.put('plugins.noneFound', { text: theirs(this.filter) })}</p>
      `
      }
      <ul part="list" aria-label=${words.say('plugins.label')}>
        ${unreadable.map((one) => this.#renderUnreadable(host, one))}
        ${repeat(
          found.slice(0, this.rows),
          ({ id }) => id,
          (plugin) => this.#renderPlugin(host, plugin),
        )}
      </ul>
      <cloche-uninstall .host=${host}></cloche-uninstall>
    `;
  }

  #renderTop(count: number) {
    const { words } = this;
    const label = words.say('plugins.filter');
    return html`
      <div class="top">
        <input type="search" aria-label=${label} placeholder=${label} .value=${this.filter} @input=${this.#handleFilter} />
        <span class="subtle">${words.say('plugins.count', { n: count })}</span>
      </div>
    `;
  }

  #renderPlugin(host: AdminHost, plugin: AdminPlugin) {
    const { words } = this;
    const { id, manifest } = plugin;
    const publisher = plain(plugin.signature.publisher ?? '');
    const failed = this.#actedOn === id ? this.#acts.failed : undefined;
    return html`
      <li part="plugin" class=${id === this.current ? 'current' : ''}>
        <div>
          <h3><a href=${pluginHref(id)} aria-current=${id === this.current ? 'true' : nothing} @click=${(event: Event) => this.#handleOpen(event, id)}>${theirs(nameOf(plugin))}</a></h3>
          <div class="id">${mono(id)}</div>
        </div>
        ${pluginState(words, plugin)}
        <span class="version">${
          manifest.version
            ? words.put('plugins.version', { version: mono(manifest.version, 40) })
            : words.say('plugins.noVersion')
        }</span>
        <span class="source">${signatureText(words, plugin, publisher)}</span>
        ${host.may('install') ? this.#renderActions(host, plugin) : html`<span></span>`}
        ${plugin.pending ? html`<p class="notice wide">${words.say('plugins.waits')}</p>` : nothing}
        ${failed ? html`<div class="wide">${failure(words, failed.error)}</div>` : nothing}
      </li>
    `;
  }

  #renderActions(host: AdminHost, plugin: AdminPlugin) {
    const { words } = this;
    const { id, state } = plugin;
    const name = plain(nameOf(plugin));
    const isBusy = this.#acts.busy !== undefined && this.#actedOn === id;
    const button = (act: 'enable' | 'disable' | 'release' | 'reload', work: () => Promise<unknown>) => html`
      <button
        type="button"
        class="quiet"
        aria-label=${words.say(`plugins.${act}Name`, { name })}
        aria-disabled=${isBusy}
        @click=${() => this.#act(act, id, work)}
      >${words.say(`plugins.${act}`)}</button>
    `;
    return html`
      <div class="actions">
        ${plugin.active && !host.disabled ? button('reload', () => plugin.reload()) : nothing}
        ${state === 'quarantined' ? button('release', () => plugin.enable()) : nothing}
        ${plugin.active || (host.disabled && plugin.enabled) ? button('disable', () => plugin.disable()) : nothing}
        ${state === 'off' && !plugin.enabled ? button('enable', () => plugin.enable()) : nothing}
        <button
          type="button"
          class="quiet"
          aria-label=${words.say('plugins.removeName', { name })}
          @click=${() => this.uninstall.ask(plugin)}
        >${words.say('plugins.remove')}</button>
      </div>
    `;
  }

  #renderUnreadable(host: AdminHost, { id, error }: AdminHost['unreadable'][number]) {
    const { words } = this;
    return html`
      <li part="plugin">
        <h3>${mono(id)}</h3>
        ${unreadableState(words)}
        <span></span>
        <span></span>
        <div class="actions">
          ${
            host.may('install')
              ? html`
            <button
              type="button"
              class="quiet"
              aria-label=${words.say('plugins.removeName', { name: plain(id) })}
              @click=${() => this.uninstall.ask({ id, error })}
            >${words.say('plugins.remove')}</button>
          `
              : nothing
          }
        </div>
        <div class="wide">${failure(words, error, 'note')}</div>
      </li>
    `;
  }

  /** What needs somebody comes first, then by name. */
  #sorted(plugins: readonly AdminPlugin[]): AdminPlugin[] {
    const collator = new Intl.Collator(this.words.language, { numeric: true });
    return [...plugins].sort((a, b) => urgency(a) - urgency(b) || collator.compare(nameOf(a), nameOf(b)));
  }
}

function urgency({ state, pending }: AdminPlugin): number {
  if (state === 'quarantined') return 0;
  return pending ? 1 : 2;
}

function fits(plugin: AdminPlugin, filter: string): boolean {
  const text = filter.trim().toLowerCase();
  return text === '' || nameOf(plugin).toLowerCase().includes(text) || plugin.id.toLowerCase().includes(text);
}

declare global {
  interface HTMLElementTagNameMap {
    'cloche-plugins': ClochePlugins;
  }
}
