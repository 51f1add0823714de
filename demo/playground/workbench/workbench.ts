import { html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import '../../../src/elements/extension/extension.ts';
import '../../../src/elements/tabs/tabs.ts';
import type { TabEvent } from '../../../src/elements/tabs/tabs.ts';
import '../call-form/call-form.ts';
import '../editor/editor.ts';
import type { Host, Plugin } from '../../../src/index.ts';
import type { LateEditor } from '../editor/interfaces.ts';
import '../result/result.ts';
import '../plugin-databases/plugin-databases.ts';
import '../plugin-tasks/plugin-tasks.ts';
import '../route-form/route-form.ts';
import type { CallReport } from '../call-report.ts';
import { type Facts, routesBase } from '../session.ts';
import { isOfComponent } from '../wit/world.ts';
import { styles } from './workbench.styles.ts';

/** The one point that the playground has, which is Windshift's. */
const POINT = 'admin.tab';

const WAYS = { exports: { id: 'exports', label: 'Exports' }, routes: { id: 'routes', label: 'Routes' } } as const;

/** What can be done with the shown plugin: its pages used, if it has any, and its routes or exports called. */
@element('playground-workbench')
export class Workbench extends ClocheElement {
  static override styles = [ClocheElement.styles, styles].flat();

  @property({ attribute: false }) host: Host | undefined;
  /** What plugins of an editor edit in. */
  @property({ attribute: false }) editor: LateEditor | undefined;
  @property({ attribute: false }) plugin: Plugin | undefined;
  @property({ attribute: false }) facts: Facts | undefined;
  @property({ attribute: false }) report: CallReport | undefined;
  @property({ type: Boolean }) running = false;
  /** Changes with the plugin, which is the same object before and after. */
  @property({ attribute: false }) revision = 0;

  @state() private tab = 'pages';
  @state() private way = 'exports';

  /** Brings the answer into view: on a phone it may be below the fold. */
  async showResult(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector('playground-result')?.scrollIntoView({ block: 'nearest' });
  }

  override render() {
    const { host, plugin } = this;
    if (!host || !plugin) return nothing;
    if (plugin.manifest.dialect === 'nev') return html`<playground-editor .late=${this.editor}></playground-editor>`;
    const hasPages = plugin.manifest.contributions.some(({ point }) => point === POINT);
    const call = {
      id: 'call',
      label: this.#waysOf(plugin)
        .map(({ label }) => label)
        .join(', '),
    };
    return html`
      <cloche-tabs
        label="What to do with it"
        ?spread=${!hasPages}
        .tabs=${hasPages ? [{ id: 'pages', label: 'Pages' }, call] : [call]}
        .value=${hasPages ? this.tab : call.id}
        @cloche-tab=${(event: TabEvent) => {
          // The tabs inside say the same event, for themselves.
          if (event.target === event.currentTarget) this.tab = event.tab;
        }}
      >
        ${hasPages ? html`<cloche-extension slot="pages" label="Pages" point=${POINT} plugin=${plugin.id} .host=${host}></cloche-extension>` : nothing}
        <div slot="call" class="call">
          ${this.#renderForms(plugin)}
          <playground-result .report=${this.report}></playground-result>
          <playground-plugin-tasks
            .host=${host}
            .plugin=${plugin}
            .disabled=${plugin.state === 'off' || plugin.state === 'quarantined'}
          ></playground-plugin-tasks>
          <playground-plugin-databases .plugin=${plugin} .revision=${this.revision}></playground-plugin-databases>
        </div>
      </cloche-tabs>
    `;
  }

  /**
   * A plugin with routes is called as its pages call it: what its exports take only a host would write. Those of a component
   * have types, which tell anybody.
   */
  #waysOf(plugin: Plugin): readonly { id: string; label: string }[] {
    const exports = this.facts?.kind === 'read' ? this.facts.exports : [];
    if (!hasRoutes(plugin)) return [WAYS.exports];
    return exports.some(isOfComponent) ? [WAYS.exports, WAYS.routes] : [WAYS.routes];
  }

  /** Both forms are always there, since each keeps what was typed for a plugin. */
  #renderForms(plugin: Plugin) {
    const ways = this.#waysOf(plugin);
    const disabled = plugin.state === 'off' || plugin.state === 'quarantined';
    return html`
      <cloche-tabs
        label="What to call"
        ?spread=${ways.length === 1}
        .tabs=${ways.length === 1 ? ways.map(({ id }) => ({ id, label: 'The call' })) : ways}
        .value=${ways.find(({ id }) => id === this.way)?.id ?? ways[0]?.id ?? ''}
        @cloche-tab=${(event: TabEvent) => {
          if (event.target === event.currentTarget) this.way = event.tab;
        }}
      >
      <playground-route-form
        slot="routes"
        .plugin=${plugin.id}
        .routes=${plugin.manifest.routes}
        .base=${routesBase(plugin)}
        .sample=${plugin.manifest.dialect === 'windmill' ? '{ "text": "Coffee" }' : ''}
        .running=${this.running}
        .disabled=${disabled}
      ></playground-route-form>
      <playground-call-form
        slot="exports"
        .plugin=${plugin.id}
        .exports=${this.facts?.kind === 'read' ? this.facts.exports : []}
        .suggested=${plugin.manifest.defaultCall}
        .uses=${usesOf(plugin)}
        .running=${this.running}
        .disabled=${disabled}
      ></playground-call-form>
      </cloche-tabs>
    `;
  }
}

/** What its exports are for, by their names, as far as its manifest says. */
function usesOf({ manifest }: Plugin): ReadonlyMap<string, string> {
  const uses = manifest.handlers.map(({ use, handler, path }) => [handler, path ? `route ${path}` : use] as const);
  return new Map(
    uses.map(([name]) => [name, [...new Set(uses.filter(([of]) => of === name).map(([, use]) => use))].join(', ')]),
  );
}

function hasRoutes({ manifest }: Plugin): boolean {
  return manifest.routes.length > 0;
}

declare global {
  interface HTMLElementTagNameMap {
    'playground-workbench': Workbench;
  }
}
