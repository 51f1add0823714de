import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { PluginChangeEvent } from '../../../events.ts';
import type { AskPermission, Claims } from '../../../index.ts';
import { element } from '../../element.ts';
import type { PickUser } from '../../extension/bridge/user-picking.ts';
import { type Listing, listingsOf, tabsFor } from '../../extension/listing.ts';
import '../../tabs/tabs.ts';
import type { ClocheTabs, Tab, TabEvent } from '../../tabs/tabs.ts';
import { AdminElement } from '../base/admin-element.ts';
import type { AdminHost } from '../base/admin-host.ts';
import { Latest } from '../base/latest.ts';
import '../consent/consent.ts';
import type { ClocheConsent } from '../consent/consent.ts';
import type { OnConsent } from '../consent/consent-events.ts';
import '../install/install.ts';
import type { ClocheInstall } from '../install/install.ts';
import '../plugin/plugin.ts';
import type { ClochePlugin } from '../plugin/plugin.ts';
import '../plugins/plugins.ts';
import type { ClochePlugins } from '../plugins/plugins.ts';
import '../take-over/take-over.ts';
import '../trouble/trouble.ts';
import { styles } from './admin.styles.ts';
import { banners } from './banners.ts';
import { FileDrop } from './file-drop.ts';
import { followFocus } from './follow-focus.ts';
import { KeptPages } from './kept-pages.ts';
import { activityPanel, listPanel, pluginPanel } from './own-panels.ts';
import { POINT, pluginTab } from './plugin-tab.ts';
import { HOME, hashOf, type Route, routeOf } from './route.ts';
import { AdminRouteEvent } from './route-event.ts';

/** Its own tabs. */
export type AdminTab = 'plugins' | 'activity' | 'trouble';

/**
 * Where a person decides what runs in an app: install, understand, allow, watch, stop. Tabs of plugins stand beside its own.
 * Where somebody is stands in the address, after the `#`.
 *
 * @event {ConsentEvent} consent - Somebody has decided on a plugin.
 * @event {AdminRouteEvent} adminroute - Another place is shown.
 * @event {PluginOpenEvent} pluginopen - The name of a plugin was pressed; the link is followed unless somebody prevents it.
 * @event {ConfigSaveEvent} configsave - Settings of a plugin were saved.
 * @event {ExtensionFailedEvent} extensionfailed - A plugin's page could not be shown, or was removed.
 * @event {BridgeMessageEvent} bridgemessage - A plugin's page sent a message of a type that only the host app may know.
 * @csspart tabs - The tabs with their panels.
 * @csspart list - The list of plugins.
 * @csspart plugin - A row of it.
 * @csspart state - The state of a plugin.
 * @csspart failure - What went wrong.
 * @csspart dialog - The dialog of a consent.
 */
@element('cloche-admin')
export class ClocheAdmin extends AdminElement {
  static override styles = [AdminElement.styles, styles].flat();

  /** Which of its own tabs are there, with spaces between; a kiosk may have `plugins` alone, or none. */
  @property() tabs = 'plugins activity trouble';

  /** Leaves out the tabs that plugins add. */
  @property({ type: Boolean, attribute: 'no-pages' }) noPages = false;

  /** Does not read and write the address: `route` alone says what is shown. */
  @property({ type: Boolean, attribute: 'no-address' }) noAddress = false;

  /** What is shown, as it stands in the address: `#plugins`, `#plugin/<id>`, `#plugin/<id>/<tab>`, `#activity`, `#trouble`. */
  @property() route = '';

  /** The app's own dialog, in place of the one of `<cloche-consent>`: it is given the same data. */
  @property({ attribute: false }) onConsent: OnConsent | undefined;

  /** Lets users be picked for a plugin's page; without it no page gets any. */
  @property({ attribute: false }) pickUser: PickUser | undefined;

  /** Whom pages of plugins are shown to: their requests go to plugins with these. */
  @property({ attribute: false }) claims: Claims | undefined;

  /** Nonce of this page's content security policy, see `<cloche-extension>`. */
  @property({ attribute: 'policy-nonce' }) policyNonce = '';

  protected override readonly hears = ['pluginchange', 'extensionchange'] as const;

  readonly #drop = new FileDrop(this, { isOn: () => this.#mayInstall, take: (file) => void this.#take(file) });
  /** Slots that are there. */
  @state() private openSlots: readonly string[] = [];
  @query('cloche-tabs') private tabRow!: ClocheTabs | null;
  @query('cloche-consent') private consent!: ClocheConsent;
  @query('cloche-install') private install!: ClocheInstall | null;
  @query('cloche-plugin') private page!: ClochePlugin | null;
  @query('cloche-plugins') private list!: ClochePlugins | null;
  readonly #search = new Latest<boolean>(this);
  readonly #kept = new KeptPages();
  /** Before the update that is under way. */
  #hadFocus = false;

  /** Asks for optional permissions: for `createHost({ ask })`, see `askWith`. */
  readonly ask: AskPermission = (question, signal) => this.consent.ask(question, signal);

  protected override heard(event: Event): void {
    if (event instanceof PluginChangeEvent && event.change === 'called') return;
    super.heard(event);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.#handleAddress);
    if (!this.noAddress) this.#handleAddress();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.#handleAddress);
  }

  #handleAddress = (): void => {
    // An address that is the app's own says nothing here.
    if (!this.noAddress && (routeOf(location.hash) || location.hash === '')) this.route = location.hash;
  };

  #go(route: Route): void {
    const hash = hashOf(route);
    if (this.noAddress) this.route = hash;
    else location.hash = hash;
  }

  #handleTab = (event: TabEvent): void => {
    if (event.target !== event.currentTarget) return;
    event.stopPropagation();
    const listing = this.#listings.find(({ slot }) => slot === event.tab);
    if (listing) this.#go({ at: 'page', plugin: listing.plugin.id, contribution: listing.contribution.id });
    else this.#go({ at: event.tab as AdminTab });
  };

  /** Links of the elements in it, where the address is the app's. */
  #handleClick = (event: MouseEvent): void => {
    if (!this.noAddress || event.defaultPrevented) return;
    const link = event.composedPath().find((node): node is HTMLAnchorElement => node instanceof HTMLAnchorElement);
    const href = link?.getAttribute('href') ?? '';
    if (!href.startsWith('#') || !routeOf(href)) return;
    event.preventDefault();
    this.route = href;
  };

  async #take(file: File): Promise<void> {
    this.#go(HOME);
    // The list, and with it what installs, is there a moment later: the address changes in a task of its own.
    while (this.#place.at !== 'plugins')
      await new Promise((next) => addEventListener('hashchange', next, { once: true }));
    await this.updateComplete;
    await this.install?.take(file);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    this.#hadFocus = this.shadowRoot?.activeElement != null;
    const { host } = this;
    if (changed.has('host') && host) void this.#search.from(async () => (await host.bisect()).state !== undefined);
    this.#kept.choose(
      this.#listings.map(({ key }) => key),
      this.#chosenPage?.key,
    );
  }

  protected override updated(changed: PropertyValues<this>): void {
    void this.#openSlots();
    const before = changed.get('route');
    if (before === undefined) return;
    this.dispatchEvent(new AdminRouteEvent(this.route));
    if (!this.#hadFocus) return;
    const places = () => ({ tabs: this.tabRow, page: this.page, list: this.list });
    void followFocus(this, places, routeOf(before), this.#place);
  }

  /** A page reads the colours around it when it comes, and has none before its slot is there. */
  async #openSlots(): Promise<void> {
    await this.tabRow?.updateComplete;
    const open = this.tabRow?.tabs.map(({ id }) => id) ?? [];
    if (open.join() !== this.openSlots.join()) this.openSlots = open;
  }

  get #mayInstall(): boolean {
    const { host } = this;
    return host !== undefined && !host.disabled && host.may('install') && this.#ownTabs.includes('plugins');
  }

  get #ownTabs(): readonly AdminTab[] {
    const asked = this.tabs.split(/\s+/);
    const all: readonly AdminTab[] = ['plugins', 'activity', 'trouble'];
    // Whoever imports the elements one by one may have no log.
    const hasLog = this.host?.may('logs') && customElements.get('cloche-audit') !== undefined;
    return all.filter((tab) => asked.includes(tab) && (tab !== 'activity' || hasLog));
  }

  get #listings(): readonly Listing[] {
    const { host } = this;
    return host && !this.noPages ? listingsOf(host, { point: POINT, plugin: '', contribution: '' }) : [];
  }

  get #place(): Route {
    return routeOf(this.route) ?? this.#first;
  }

  /** Where nothing else is asked for: its first own tab, or in a kiosk that has none the first page of a plugin. */
  get #first(): Route {
    const [own] = this.#ownTabs;
    const [page] = this.#listings;
    if (own) return { at: own };
    return page ? { at: 'page', plugin: page.plugin.id, contribution: page.contribution.id } : HOME;
  }

  get #chosenPage(): Listing | undefined {
    const place = this.#place;
    if (place.at !== 'page') return undefined;
    return this.#listings.find(
      ({ plugin, contribution }) => plugin.id === place.plugin && contribution.id === place.contribution,
    );
  }

  override render(): TemplateResult {
    const { host, words } = this;
    if (!host) return html`<p class="empty">${words.say('shared.noHost')}</p>`;
    const listings = this.#listings;
    const own = this.#ownTabs;
    const tabs = this.#tabs(own, listings);
    const value = this.#chosenTab(own);
    return html`
      ${banners(words, host, {
        isSearching: this.#search.value === true && this.#place.at !== 'trouble' && own.includes('trouble'),
        follow: this.#handleClick,
      })}
      <cloche-tabs
        part="tabs"
        .label=${words.say('admin.tabs')}
        .tabs=${tabs}
        .value=${value}
        @cloche-tab=${this.#handleTab}
        @click=${this.#handleClick}
        @dragover=${this.#drop.over}
        @dragleave=${this.#drop.over}
        @drop=${this.#drop.drop}
      >
        ${this.#renderOwn(host, value)}
        ${this.#renderPages(host, listings)}
      </cloche-tabs>
      ${tabs.some(({ id }) => id === value) ? nothing : html`<p class="empty" tabindex="-1">${words.say('admin.noPage')}</p>`}
      ${this.#drop.isOver ? html`<div class="drop">${words.say('admin.dropHere')}</div>` : nothing}
      <cloche-consent exportparts="dialog, failure" .host=${host} .onConsent=${this.onConsent}></cloche-consent>
    `;
  }

  #tabs(own: readonly AdminTab[], listings: readonly Listing[]): Tab[] {
    const { words } = this;
    const others = tabsFor(listings).map((tab) => ({ ...tab, group: tab.group || words.say('admin.pages') }));
    return [...own.map((id) => ({ id, label: words.say(`admin.${id}`), group: words.say('admin.own') })), ...others];
  }

  #chosenTab(own: readonly AdminTab[]): string {
    const place = this.#place;
    if (place.at === 'page') return this.#chosenPage?.slot ?? '';
    const tab = place.at === 'plugin' ? 'plugins' : place.at;
    return own.includes(tab) ? tab : '';
  }

  #renderOwn(host: AdminHost, tab: string) {
    switch (tab) {
      case 'plugins':
        return html`<div slot="plugins" class="panel">${this.#renderPlugins(host)}</div>`;
      case 'activity': {
        const place = this.#place;
        const plugin = place.at === 'activity' ? (place.plugin ?? '') : '';
        return html`<div slot="activity" class="panel">${activityPanel(this.words, host, plugin, this.#handleClick)}</div>`;
      }
      case 'trouble':
        return html`<div slot="trouble" class="panel"><cloche-trouble .host=${host}></cloche-trouble></div>`;
      default:
        return nothing;
    }
  }

  #renderPlugins(host: AdminHost) {
    const { words, onConsent } = this;
    const place = this.#place;
    if (place.at !== 'plugin') return listPanel(words, host, { onConsent, mayInstall: this.#mayInstall });
    const hasActivity = this.#ownTabs.includes('activity');
    return pluginPanel(words, host, place.plugin, { onConsent, hasActivity });
  }

  #renderPages(host: AdminHost, listings: readonly Listing[]) {
    const shown = this.#kept.of(listings).filter(({ slot }) => this.openSlots.includes(slot));
    return repeat(
      shown,
      ({ key }) => key,
      (listing) => pluginTab(this.words, host, listing, this, this.#ownTabs.includes('plugins')),
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cloche-admin': ClocheAdmin;
  }
}
