import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { ClocheError } from '../../errors.ts';
import { PluginChangeEvent } from '../../events.ts';
import type { Claims } from '../../manifest/claims.ts';
import { controls } from '../base.styles.ts';
import { ClocheElement, element } from '../element.ts';
import '../tabs/tabs.ts';
import type { TabEvent } from '../tabs/tabs.ts';
import { styles } from './extension.styles.ts';
import { ExtensionSelectEvent } from './extension-events.ts';
import { DEFAULT_MAX_HEIGHT } from './frame-height.ts';
import type { ExtensionHost, ExtensionPlugin } from './host-like.ts';
import { type Listing, listingsOf, nameOf, tabsFor, withQuarantined } from './listing.ts';
import './page/page.ts';
import type { PickUser } from './bridge/user-picking.ts';
import { WHITE } from './theme/color.ts';
import { declarations } from './theme/palette.ts';
import { ThemeController } from './theme/theme-controller.ts';
import { pageWords } from './words/page-words.ts';

/** Pages that stay open behind the chosen one, so that a look at another tab loses nothing that was typed. */
const MOST_KEPT = 4;

/** Properties that decide what is listed. */
const LISTED_BY = ['host', 'point', 'plugin', 'contribution'] as const;

/**
 * What plugins contribute to one extension point of the host app: a tab for each, and the page of the chosen one.
 * It follows what is installed, updated and switched off. Pages that were shown stay open behind their tabs, up to five.
 *
 * @event {ExtensionSelectEvent} extensionselect - A tab was chosen by hand.
 * @event {ExtensionFailedEvent} extensionfailed - A page could not be shown, or was removed.
 * @event {BridgeMessageEvent} bridgemessage - A page sent a message of a type that only the host app may know.
 * @csspart tabs - The tabs with their panels.
 */
@element('cloche-extension')
export class ClocheExtension extends ClocheElement {
  static override styles = [ClocheElement.styles, controls, styles].flat();

  /** The host whose plugins are shown. */
  @property({ attribute: false }) host: ExtensionHost | undefined;

  /** Name of the extension point. */
  @property() point = '';

  /** Id of the only plugin to show. */
  @property() plugin = '';

  /** Id of the only contribution to show. */
  @property() contribution = '';

  /** The chosen page as `<plugin>/<contribution>`; the first one when there is none of that name. */
  @property() selected = '';

  /** Switches plugins off here: nothing of them is loaded. */
  @property({ type: Boolean, reflect: true }) disabled = false;

  /** Name of the row of tabs for screen readers. @default “Plugins”, in the language of the place */
  @property() label = '';

  /** Height from which a page scrolls inside its frame, in px; at least 400. */
  @property({ type: Number, attribute: 'max-height' }) maxHeight: number = DEFAULT_MAX_HEIGHT;

  /**
   * Nonce of this page's content security policy, where that allows scripts and styles by nonce: the frames of plugins
   * inherit the policy. Their pages learn it.
   */
  @property({ attribute: 'policy-nonce' }) policyNonce = '';

  /** Lets users be picked for a plugin; without it no page gets any. */
  @property({ attribute: false }) pickUser: PickUser | undefined;

  /** Whom its pages are shown to: their requests go to plugins with these, read at each. Without them nobody is named. */
  @property({ attribute: false }) claims: Claims | undefined;

  readonly #words = pageWords(this);
  @state() private listings: readonly Listing[] = [];
  @query('.ground') private ground!: HTMLElement | null;
  readonly #theme = new ThemeController(this);
  /** Keys of the pages that are open, the latest shown last. */
  #recent: readonly string[] = [];

  /** Reads the theme again, for a change that browsers do not tell of, as by `insertRule()`. */
  refreshTheme(): void {
    this.#theme.refresh();
  }

  #handleChange = (event: Event): void => {
    // Many a second, and none of them changes what is listed.
    if (event instanceof PluginChangeEvent && event.change === 'called') return;
    if (this.host) this.listings = withQuarantined(this.host, this.listings, listingsOf(this.host, this));
  };

  #handleTab = (event: TabEvent): void => {
    const chosen = this.listings.find(({ slot }) => slot === event.tab);
    if (!chosen || event.target !== event.currentTarget) return;
    event.stopPropagation();
    this.selected = chosen.key;
    this.dispatchEvent(new ExtensionSelectEvent(chosen.plugin.id, chosen.contribution.id));
  };

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listen(this.host, true);
    this.#list();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listen(this.host, false);
  }

  #list(): void {
    this.listings = this.host ? listingsOf(this.host, this) : [];
  }

  /** @throws {ClocheError} OPTION_INVALID for what is not a host: most often the promise of one */
  #listen(host: ExtensionHost | undefined, on: boolean): void {
    if (host && typeof host.addEventListener !== 'function') {
      const expected = 'Expected `host` of <cloche-extension> to be a host; `await createHost()` makes one';
      throw new ClocheError('OPTION_INVALID', expected);
    }
    for (const type of ['extensionchange', 'pluginchange'] as const) {
      if (on) host?.addEventListener(type, this.#handleChange);
      else host?.removeEventListener(type, this.#handleChange);
    }
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('host') && this.isConnected) {
      this.#listen(changed.get('host'), false);
      this.#listen(this.host, true);
    }
    if (LISTED_BY.some((name) => changed.has(name))) this.#list();
    const keys = new Set(this.listings.map(({ key }) => key));
    const { chosen } = this;
    const others = this.#recent.filter((key) => keys.has(key) && key !== chosen?.key);
    this.#recent = chosen ? [...others.slice(-MOST_KEPT), chosen.key] : [];
  }

  /** By script, since the app's own policy may forbid styles in the markup. */
  protected override updated(): void {
    const { palette } = this.#theme;
    if (!this.ground || !palette) return;
    this.ground.style.colorScheme = palette.scheme;
    for (const [name, value] of Object.entries(declarations(palette))) this.ground.style.setProperty(name, value);
  }

  private get chosen(): Listing | undefined {
    return this.listings.find(({ key }) => key === this.selected) ?? this.listings[0];
  }

  override render(): TemplateResult | typeof nothing {
    const { host } = this;
    if (!host) return nothing;
    const ownGround = this.#theme.palette?.drawsGround ? 'own' : '';
    return html`<div class="ground ${ownGround}">${this.#renderContent(host)}</div>`;
  }

  #renderContent(host: ExtensionHost) {
    const { chosen } = this;
    if (this.disabled || host.disabled) return html`<p class="notice subtle">${this.#words.say('page.disabled')}</p>`;
    if (!chosen) return this.#renderNothing(host);
    if (this.listings.length === 1 && (this.plugin || this.contribution)) return this.#renderPage(chosen);
    return html`
      <cloche-tabs
        part="tabs"
        .label=${this.label || this.#words.say('page.label')}
        .tabs=${tabsFor(this.listings)}
        .value=${chosen.slot}
        @cloche-tab=${this.#handleTab}
      >${this.#renderPages()}</cloche-tabs>
    `;
  }

  /** Always in the order of their keys: a frame that is moved in the document would load anew. */
  #renderPages() {
    const open = this.#recent.toSorted().flatMap((key) => this.listings.find((listing) => listing.key === key) ?? []);
    return repeat(
      open,
      ({ key }) => key,
      (listing) => this.#renderPage(listing),
    );
  }

  #renderPage({ slot, plugin, contribution, revision }: Listing) {
    return html`
      <cloche-plugin-page
        slot=${slot}
        .source=${{ plugin, contribution }}
        .revision=${revision}
        .state=${plugin.state}
        .theme=${this.#theme.theme}
        .ground=${this.#theme.palette?.ground ?? WHITE}
        .pickUser=${this.pickUser}
        .claims=${this.claims}
        .maxHeight=${this.maxHeight}
        .policyNonce=${this.policyNonce}
      ></cloche-plugin-page>
    `;
  }

  #renderNothing(host: ExtensionHost) {
    const plugin = this.plugin ? host.get(this.plugin) : undefined;
    if (plugin?.state === 'off') return this.#renderIdle(plugin, 'page.isOff');
    if (plugin?.state === 'quarantined') return this.#renderIdle(plugin, 'page.isQuarantined');
    return html`<p class="notice subtle">${this.#words.say('page.none')}</p>`;
  }

  #renderIdle(plugin: ExtensionPlugin, why: 'page.isOff' | 'page.isQuarantined') {
    return html`
      <div class="notice">
        <p>${this.#words.put(why, { plugin: html`<bdi>${nameOf(plugin)}</bdi>` })}</p>
        <button type="button" @click=${() => plugin.enable().catch(reportError)}>${this.#words.say('page.switchOn')}</button>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cloche-extension': ClocheExtension;
  }
}
