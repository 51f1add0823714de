import { html, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { PluginChangeEvent } from '../../../events.ts';
import type { HistoryEntry, Limits, PluginUsage, PreviousReview } from '../../../index.ts';
import { element } from '../../element.ts';
import { Acts } from '../base/acts.ts';
import { AdminElement } from '../base/admin-element.ts';
import type { AdminHost, AdminPlugin } from '../base/admin-host.ts';
import { failure } from '../base/failure.ts';
import { Latest } from '../base/latest.ts';
import { nameOf, pluginState, storedBytes, unreadableState } from '../base/plugin-state.ts';
import { mono, theirs } from '../base/theirs.ts';
import '../consent/consent.ts';
import type { ClocheConsent } from '../consent/consent.ts';
import type { OnConsent } from '../consent/consent-events.ts';
import '../config/config.ts';
import '../install/install.ts';
import '../uninstall/uninstall.ts';
import { saveFile } from '../base/save-file.ts';
import type { ClocheUninstall } from '../uninstall/uninstall.ts';
import { hasDatabases } from './databases.ts';
import { facts } from './facts.ts';
import { limits } from './limits.ts';
import { notices } from './notices.ts';
import { numbers } from './numbers.ts';
import { permissions } from './permissions.ts';
import { styles } from './plugin.styles.ts';
import { history, previousVersion } from './versions.ts';

/** Between two readings of what a plugin that is called all the time did, in ms. */
const NUMBERS_MS = 1_000;

/** What is read of a plugin when its page is opened, and when it has become another. */
interface Versions {
  readonly history: readonly HistoryEntry[];
  readonly previous: PreviousReview | undefined;
  readonly hasDatabases: boolean;
}

interface Numbers {
  readonly usage: PluginUsage | undefined;
  readonly stored: number | undefined;
}

/**
 * The page of one plugin, in the same order always: what it is, what it may do, what it did, its settings, its data.
 *
 * @event {ConsentEvent} consent - Somebody has decided on an update.
 * @event {ConfigSaveEvent} configsave - Settings were saved.
 * @csspart state - The state of the plugin.
 * @csspart failure - What went wrong.
 * @csspart dialog - The dialog of a consent.
 */
@element('cloche-plugin')
export class ClochePlugin extends AdminElement {
  static override styles = [AdminElement.styles, styles].flat();

  /** Id of the plugin. */
  @property() plugin = '';

  /** The app's own dialog, in place of the one of `<cloche-consent>`: it is given the same data. */
  @property({ attribute: false }) onConsent: OnConsent | undefined;

  @state() private imported = false;
  @query('cloche-uninstall') private uninstall!: ClocheUninstall;
  @query('cloche-consent') private consent!: ClocheConsent;
  readonly #acts = new Acts(this);
  readonly #versions = new Latest<Versions>(this);
  readonly #lowered = new Latest<Partial<Limits>>(this);
  readonly #numbers = new Latest<Numbers>(this);
  #timer: ReturnType<typeof setTimeout> | undefined;

  protected override heard(event: Event): void {
    if (!(event instanceof PluginChangeEvent) || event.plugin !== this.plugin) return;
    this.#readNumbersSoon();
    if (event.change === 'called') return;
    // A look at the version before tells of a state itself: reading on each would never end.
    if (event.change !== 'state') this.#readVersions();
    this.requestUpdate();
  }

  /** Its heading, for whoever was led to it. */
  override focus(options?: FocusOptions): void {
    this.shadowRoot?.querySelector<HTMLElement>('h2, .empty')?.focus(options);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (!changed.has('host') && !changed.has('plugin')) return;
    this.imported = false;
    this.#acts.forget();
    this.#readVersions();
    this.#readNumbers();
  }

  #readVersions(): void {
    const plugin = this.host?.get(this.plugin);
    if (!plugin) {
      this.#versions.forget();
      this.#lowered.forget();
      return;
    }
    void this.#versions.from(async () => {
      const [entries, previous, has] = await Promise.all([plugin.history(), plugin.previous(), hasDatabases(plugin)]);
      return { history: entries, previous, hasDatabases: has };
    });
    if (this.host?.may('config')) void this.#lowered.from(async () => (await plugin.configuration()).limits);
  }

  #readNumbersSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#readNumbers();
    }, NUMBERS_MS);
  }

  #readNumbers(): void {
    const { host } = this;
    const plugin = host?.get(this.plugin);
    if (!host || !plugin) this.#numbers.forget();
    else
      void this.#numbers.from(async () => {
        const [usage, stored] = await Promise.all([
          host.usage?.of(plugin),
          storedBytes(host.capabilities, plugin.installation),
        ]);
        return { usage, stored };
      });
  }

  override render(): unknown {
    const { host, words } = this;
    if (!host) return html`<p class="empty">${words.say('shared.noHost')}</p>`;
    const plugin = host.get(this.plugin);
    // What was typed for one plugin is not for another.
    if (plugin) return keyed(plugin.id, this.#renderPlugin(host, plugin));
    const unreadable = host.unreadable.find(({ id }) => id === this.plugin);
    if (unreadable) return this.#renderUnreadable(host, unreadable);
    return html`<p class="empty" tabindex="-1">${words.say('plugin.gone')}</p>`;
  }

  #renderUnreadable(host: AdminHost, unreadable: AdminHost['unreadable'][number]) {
    const { words } = this;
    return html`
      <header>
        <div>
          <h2 tabindex="-1">${mono(unreadable.id)}</h2>
          <div class="about">${unreadableState(words)}</div>
        </div>
        ${host.may('install') ? html`<button type="button" class="danger" @click=${() => this.uninstall.ask(unreadable)}>${words.say('plugins.remove')}</button>` : nothing}
      </header>
      <p>${words.say('plugins.unreadable')}</p>
      ${failure(words, unreadable.error, 'note')}
      <cloche-uninstall .host=${host}></cloche-uninstall>
    `;
  }

  #renderPlugin(host: AdminHost, plugin: AdminPlugin) {
    const { words } = this;
    const versions = this.#versions.value;
    const sha256 = versions?.history.findLast((entry) => entry.version === plugin.manifest.version)?.sha256;
    const from = versions?.history.findLast((entry) => entry.from && entry.sha256 === sha256)?.from;
    const { failed } = this.#acts;
    return html`
      ${this.#renderHead(host, plugin)}
      ${notices(words, host, plugin, {
        lastKill: this.#numbers.value?.usage?.lastKill,
        look: () => this.consent.acceptUpdate(plugin.id),
        dismiss: () => this.#do('dismiss', () => plugin.dismiss()),
      })}
      ${failed ? failure(words, failed.error) : nothing}
      <section aria-labelledby="what"><h3 id="what">${words.say('plugin.what')}</h3>${facts(words, plugin, sha256, from)}</section>
      <section aria-labelledby="may">
        <h3 id="may">${words.say('plugin.may')}</h3>
        ${permissions(words, plugin.requests(), {
          mayDecide: host.may('grant'),
          revoke: (capability) => this.#do('revoke', () => plugin.amend({ [capability]: false })),
          // All that it asks for of it, and no more: what is said beside the button.
          allow: ({ capability, scope }) => this.#do('allow', () => plugin.amend({ [capability]: scope ?? true })),
        })}
      </section>
      <section aria-labelledby="did">
        <h3 id="did">${words.say('plugin.did')}</h3>
        ${numbers(words, plugin, this.#numbers.value?.usage, this.#numbers.value?.stored)}
        ${versions ? history(words, versions.history) : nothing}
      </section>
      ${host.may('config') ? this.#renderSettings(host, plugin) : nothing}
      ${host.may('install') ? this.#renderData(host, plugin) : nothing}
      <cloche-uninstall .host=${host}></cloche-uninstall>
      <cloche-consent exportparts="dialog, failure" .host=${host} .onConsent=${this.onConsent}></cloche-consent>
    `;
  }

  #renderHead(host: AdminHost, plugin: AdminPlugin) {
    const { words } = this;
    const { state } = plugin;
    return html`
      <header>
        <div>
          <h2 tabindex="-1">${theirs(nameOf(plugin))}</h2>
          <div class="about">
            ${pluginState(words, plugin)}
            <span>${plugin.manifest.version ? words.put('plugins.version', { version: mono(plugin.manifest.version, 40) }) : words.say('plugins.noVersion')}</span>
          </div>
        </div>
        ${
          host.may('install')
            ? html`
          <div class="row">
            ${plugin.active && !host.disabled ? this.#button('reload', () => plugin.reload()) : nothing}
            ${state === 'quarantined' ? this.#button('release', () => plugin.enable()) : nothing}
            ${plugin.active || (host.disabled && plugin.enabled) ? this.#button('disable', () => plugin.disable()) : nothing}
            ${state === 'off' && !plugin.enabled ? this.#button('enable', () => plugin.enable()) : nothing}
            <button type="button" class="danger" @click=${() => this.uninstall.ask(plugin)}>${words.say('plugins.remove')}</button>
          </div>
        `
            : nothing
        }
      </header>
    `;
  }

  #button(act: 'enable' | 'disable' | 'release' | 'reload', work: () => Promise<unknown>) {
    const isBusy = this.#acts.busy !== undefined;
    return html`
      <button type="button" aria-disabled=${isBusy} @click=${() => this.#do(act, work)}>${this.words.say(`plugins.${act}`)}</button>
    `;
  }

  #renderSettings(host: AdminHost, plugin: AdminPlugin) {
    const { words } = this;
    return html`
      <section aria-labelledby="settings">
        <h3 id="settings">${words.say('plugin.settings')}</h3>
        <cloche-config .host=${host} .plugin=${plugin.id}></cloche-config>
        <details>
          <summary>${words.say('plugin.limits')}</summary>
          ${this.#renderLimits(host, plugin)}
        </details>
      </section>
    `;
  }

  #renderLimits(host: AdminHost, plugin: AdminPlugin) {
    const { words } = this;
    const { read, value } = this.#lowered;
    if (read.state !== 'failed' && value === undefined)
      return html`<p class="subtle">${words.say('shared.loading')}</p>`;
    return limits(words, host, plugin, value, (changed) =>
      this.#do('limits', () => plugin.configure({ limits: changed })),
    );
  }

  #renderData(host: AdminHost, plugin: AdminPlugin) {
    const { words } = this;
    const read = this.#versions.read;
    const isBusy = this.#acts.busy !== undefined;
    return html`
      <section aria-labelledby="data">
        <h3 id="data">${words.say('plugin.data')}</h3>
        <div class="columns">
          <div>
            <p>${this.#storedText()}</p>
            <div><button type="button" aria-disabled=${isBusy} @click=${() => this.#do('export', () => exportData(plugin))}>${words.say('plugin.export')}</button></div>
            <label class="pick">
              <span>${words.say('plugin.import')}</span>
              <input type="file" ?disabled=${isBusy} @change=${(event: Event) => this.#import(plugin, event)} />
            </label>
            ${this.imported ? html`<p role="status">${words.say('plugin.imported')}</p>` : nothing}
          </div>
          <div>
            ${read.state === 'failed' ? failure(words, read.error, 'note') : nothing}
            ${this.#versions.value ? previousVersion(words, this.#versions.value.previous, this.#goBack(host, plugin)) : nothing}
          </div>
        </div>
        ${this.#versions.value?.hasDatabases ? html`<cloche-databases heading=4 .plugin=${plugin}></cloche-databases>` : nothing}
        <h4>${words.say('plugin.update')}</h4>
        <cloche-install exportparts="dialog, failure" .host=${host} .onConsent=${this.onConsent} .replaces=${plugin.id}></cloche-install>
      </section>
    `;
  }

  #storedText(): string {
    const { words } = this;
    const stored = this.#numbers.value?.stored;
    if (stored === undefined) return words.say('plugin.storedUnknown');
    return stored === 0 ? words.say('plugin.storedNothing') : words.say('plugin.stored', { size: words.bytes(stored) });
  }

  #goBack(host: AdminHost, plugin: AdminPlugin): (() => void) | undefined {
    const sha256 = this.#versions.value?.previous?.sha256;
    return host.may('grant') ? () => this.#do('rollback', () => plugin.rollback(sha256)) : undefined;
  }

  async #import(plugin: AdminPlugin, event: Event): Promise<void> {
    const input = event.target as HTMLInputElement;
    const [file] = input.files ?? [];
    input.value = '';
    this.imported = false;
    const isDone = file !== undefined && (await this.#acts.run('import', () => plugin.importData(file)));
    this.imported = isDone && this.plugin === plugin.id;
    this.#readNumbers();
  }

  #do(act: string, work: () => Promise<unknown>): void {
    void this.#acts.run(act, work);
  }
}

async function exportData(plugin: AdminPlugin): Promise<void> {
  saveFile(await plugin.exportData(), `${plugin.id}.cloche-data`);
}

declare global {
  interface HTMLElementTagNameMap {
    'cloche-plugin': ClochePlugin;
  }
}
