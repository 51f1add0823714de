import { html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import '../../../src/elements/admin/audit/audit.ts';
import '../../../src/elements/admin/config/config.ts';
import '../../../src/elements/host-calls/host-calls.ts';
import '../../../src/elements/tabs/tabs.ts';
import type { TabEvent } from '../../../src/elements/tabs/tabs.ts';
import { DEFAULT_LIMITS, type Limits, lowerLimits } from '../../../src/limits.ts';
import '../facts/facts.ts';
import type { HostLike, PluginLike } from '../host-like.ts';
import '../limits-editor/limits-editor.ts';
import type { CallReport } from '../call-report.ts';
import type { Facts } from '../session.ts';
import '../usage/usage.ts';
import { styles } from './inspector.styles.ts';

const TABS = [
  { id: 'activity', label: 'Activity' },
  { id: 'manifest', label: 'Manifest' },
  { id: 'settings', label: 'Settings' },
] as const;

/** What the shown plugin did, what it is, and what may be changed about it. */
@element('playground-inspector')
export class Inspector extends ClocheElement {
  static override styles = [ClocheElement.styles, styles].flat();

  @property({ attribute: false }) host: HostLike | undefined;
  @property({ attribute: false }) plugin: PluginLike | undefined;
  @property({ attribute: false }) report: CallReport | undefined;
  @property({ attribute: false }) facts: Facts | undefined;
  @property({ attribute: false }) hostLimits: Limits = DEFAULT_LIMITS;
  /** Changes with the plugin, which is the same object before and after. */
  @property({ attribute: false }) revision = 0;

  @state() private tab = 'activity';

  override render() {
    const { plugin } = this;
    if (!plugin) return html`<p class="subtle">Choose a plugin to see what it does, what it is and what it may do.</p>`;
    return html`
      <cloche-tabs
        label="Inspector"
        .tabs=${TABS}
        .value=${this.tab}
        @cloche-tab=${(event: TabEvent) => {
          this.tab = event.tab;
        }}
      >
        <div slot="activity" class="sections">${this.tab === 'activity' ? this.#renderActivity(plugin) : nothing}</div>
        <div slot="manifest">${this.tab === 'manifest' ? this.#renderManifest(plugin) : nothing}</div>
        <div slot="settings" class="sections">${this.tab === 'settings' ? this.#renderSettings(plugin) : nothing}</div>
      </cloche-tabs>
    `;
  }

  #renderActivity(plugin: PluginLike) {
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

  #renderManifest(plugin: PluginLike) {
    return html`<playground-facts .plugin=${plugin} .facts=${this.facts} .revision=${this.revision}></playground-facts>`;
  }

  #renderSettings(plugin: PluginLike) {
    return html`
      <p class="subtle">Changes start the plugin afresh at its next call.</p>
      <section>
        <h2>Config</h2>
        <cloche-config .host=${this.host} .plugin=${plugin.id}></cloche-config>
      </section>
      <section>
        <h2>Limits</h2>
        <playground-limits-editor .limits=${plugin.limits} .most=${lowerLimits(this.hostLimits, plugin.manifest.limits)}></playground-limits-editor>
      </section>
    `;
  }
}
