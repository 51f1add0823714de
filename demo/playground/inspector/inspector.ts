import { html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import { FocusKeeper } from '../../../src/elements/focus-place.ts';
import '../../../src/elements/admin/audit/audit.ts';
import '../../../src/elements/admin/plugin/plugin.ts';
import '../../../src/elements/host-calls/host-calls.ts';
import '../../../src/elements/tabs/tabs.ts';
import type { TabEvent } from '../../../src/elements/tabs/tabs.ts';
import type { Host, Plugin } from '../../../src/index.ts';
import '../facts/facts.ts';
import type { CallReport } from '../call-report.ts';
import type { Facts } from '../session.ts';
import '../usage/usage.ts';
import { styles } from './inspector.styles.ts';

const TABS = [
  { id: 'activity', label: 'Activity' },
  { id: 'plugin', label: 'Plugin' },
  { id: 'module', label: 'Module' },
] as const;

export type InspectorTab = (typeof TABS)[number]['id'];

/** What the shown plugin did, its page as in an admin, and what its module exports and imports. */
@element('playground-inspector')
export class Inspector extends ClocheElement {
  static override styles = [ClocheElement.styles, styles].flat();

  @property({ attribute: false }) host: Host | undefined;
  @property({ attribute: false }) plugin: Plugin | undefined;
  @property({ attribute: false }) report: CallReport | undefined;
  @property({ attribute: false }) facts: Facts | undefined;
  /** Changes with the plugin, which is the same object before and after. */
  @property({ attribute: false }) revision = 0;
  @property() tab: InspectorTab = 'activity';

  constructor() {
    super();
    // The page of a plugin goes with the plugin that is removed there.
    new FocusKeeper(this);
  }

  override render() {
    const { plugin } = this;
    if (!plugin)
      return html`<p class="subtle" tabindex="-1">Choose a plugin to see what it does, what it is and what it may do.</p>`;
    return html`
      <cloche-tabs
        label="Inspector"
        .tabs=${TABS}
        .value=${this.tab}
        @cloche-tab=${(event: TabEvent) => {
          this.tab = event.tab as InspectorTab;
        }}
      >
        <div slot="activity" class="sections">${this.tab === 'activity' ? this.#renderActivity(plugin) : nothing}</div>
        <div slot="plugin">
          ${this.tab === 'plugin' ? html`<cloche-plugin .host=${this.host} .plugin=${plugin.id}></cloche-plugin>` : nothing}
        </div>
        <div slot="module">
          ${this.tab === 'module' ? html`<playground-facts .manifest=${plugin.manifest} .facts=${this.facts}></playground-facts>` : nothing}
        </div>
      </cloche-tabs>
    `;
  }

  #renderActivity(plugin: Plugin) {
    return html`
      <section>
        <h2>Limits</h2>
        <playground-usage .plugin=${plugin} .report=${this.report} .revision=${this.revision}></playground-usage>
      </section>
      <section>
        <h2>Host calls</h2>
        <cloche-host-calls .records=${this.report?.hostCalls ?? []}>
          ${this.report ? 'The last call asked the page for nothing.' : 'Call it to see what it asks the page for.'}
        </cloche-host-calls>
      </section>
      <section>
        <h2>Log</h2>
        <cloche-audit .host=${this.host} .plugin=${plugin.id}></cloche-audit>
      </section>
    `;
  }
}
