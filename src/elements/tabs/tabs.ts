import { html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { ClocheElement, element } from '../element.ts';
import { FocusKeeper } from '../focus-place.ts';
import { styles } from './tabs.styles.ts';

export interface Tab {
  /** Also the name of the slot with its content. */
  readonly id: string;
  readonly label: string;
  /** Tells it from another of the same label. */
  readonly detail?: string | undefined;
  /** Tabs of one group that follow each other stand under its name, where there is more than one. */
  readonly group?: string;
}

/** A tab was chosen by hand. */
export class TabEvent extends Event {
  constructor(readonly tab: string) {
    super('cloche-tab', { bubbles: true, composed: true });
  }
}

/**
 * Tabs with the keys of the ARIA pattern: arrows, Home and End choose, Tab leaves for the content.
 *
 * @slot <id> - Content of the tab of that id.
 * @slot actions - Controls at the end of the row of tabs.
 * @event {TabEvent} cloche-tab - A tab was chosen by hand.
 * @csspart list - The row of tabs.
 * @csspart panels - What holds the panels; a grid's place in a spread.
 * @csspart panel - Each panel.
 */
@element('cloche-tabs')
export class ClocheTabs extends ClocheElement {
  static override styles = [ClocheElement.styles, styles].flat();

  /** Name of the row of tabs for screen readers. */
  @property() label = '';

  /** The tabs in their order. */
  @property({ attribute: false }) tabs: readonly Tab[] = [];

  /** Id of the chosen tab. */
  @property() value = '';

  /** Shows all panels at once as named regions and no tabs, for wide places. */
  @property({ type: Boolean, reflect: true }) spread = false;

  constructor() {
    super();
    new FocusKeeper(this);
  }

  #handleKey = (event: KeyboardEvent): void => {
    const at = this.tabs.findIndex((tab) => tab.id === this.value);
    const last = this.tabs.length - 1;
    const forward = getComputedStyle(this).direction === 'rtl' ? -1 : 1;
    const moves: Record<string, number> = {
      ArrowRight: at + forward,
      ArrowLeft: at - forward,
      Home: 0,
      End: last,
    };
    const next = Object.hasOwn(moves, event.key) ? moves[event.key] : undefined;
    if (next === undefined) return;
    event.preventDefault();
    const tab = this.tabs[(next + this.tabs.length) % this.tabs.length];
    if (tab) void this.#choose(tab.id);
  };

  async #choose(id: string): Promise<void> {
    if (id !== this.value) {
      this.value = id;
      this.dispatchEvent(new TabEvent(id));
    }
    await this.updateComplete;
    this.focus();
  }

  /** Focuses the chosen tab. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>('[aria-selected=true]')?.focus(options);
  }

  override render(): TemplateResult {
    return html`
      ${this.spread ? nothing : this.#renderList()}
      <div part="panels">${this.tabs.map((tab) => this.#renderPanel(tab))}</div>
    `;
  }

  #renderList() {
    return html`
      <div class="head" part="list">
        <div role="tablist" aria-label=${this.label} @keydown=${this.#handleKey}>
          ${this.#renderTabs()}
        </div>
        <slot name="actions"></slot>
      </div>
    `;
  }

  #renderTabs() {
    const groups = groupsOf(this.tabs);
    if (groups.length < 2) return this.tabs.map((tab) => this.#renderTab(tab));
    // A row of tabs may hold nothing but tabs, so to a screen reader each says its group itself.
    return groups.map(
      (group) => html`
        <div class="group" role="none">
          <span class="caption" aria-hidden="true"><bdi>${group[0]?.group}</bdi></span>
          <div class="tabs" role="none">${group.map((tab) => this.#renderTab(tab, tab.group))}</div>
        </div>
      `,
    );
  }

  #renderTab(tab: Tab, group?: string) {
    const chosen = tab.id === this.value;
    return html`
      <button
        type="button"
        role="tab"
        id="tab-${tab.id}"
        aria-controls="panel-${tab.id}"
        aria-selected=${chosen}
        tabindex=${chosen ? 0 : -1}
        @click=${() => this.#choose(tab.id)}
      ><bdi>${tab.label}</bdi>${tab.detail ? html`<span class="hidden-text">, </span><bdi class="detail">${tab.detail}</bdi>` : nothing}${group ? html`<span class="hidden-text">, ${group}</span>` : nothing}</button>
    `;
  }

  #renderPanel(tab: Tab) {
    return html`
      <div
        part="panel panel-${tab.id}"
        id="panel-${tab.id}"
        role=${this.spread ? 'region' : 'tabpanel'}
        aria-label=${this.spread ? tab.label : nothing}
        aria-labelledby=${this.spread ? nothing : `tab-${tab.id}`}
        ?hidden=${!this.spread && tab.id !== this.value}
      >
        <slot name=${tab.id}></slot>
      </div>
    `;
  }
}

/** Runs of tabs of the same group. */
function groupsOf(tabs: readonly Tab[]): Tab[][] {
  const groups: Tab[][] = [];
  for (const tab of tabs) {
    const last = groups.at(-1);
    if (last?.[0] && last[0].group === tab.group) last.push(tab);
    else groups.push([tab]);
  }
  return groups;
}

declare global {
  interface HTMLElementTagNameMap {
    'cloche-tabs': ClocheTabs;
  }
  interface HTMLElementEventMap {
    'cloche-tab': TabEvent;
  }
}
