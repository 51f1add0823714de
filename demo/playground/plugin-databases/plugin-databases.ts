import { css, html, nothing, type PropertyValues } from 'lit';
import { property, query } from 'lit/decorators.js';
import '../../../src/elements/databases/databases.ts';
import type { ClocheDatabases } from '../../../src/elements/databases/databases.ts';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import type { Plugin } from '../../../src/index.ts';

const styles = css`
  section {
    margin-top: 24px;
  }
`;

/** What the shown plugin has in SQL databases, as it is after each call. Nothing for a plugin that asks for none. */
@element('playground-plugin-databases')
export class PluginDatabases extends ClocheElement {
  static override styles = [ClocheElement.styles, styles].flat();

  @property({ attribute: false }) plugin: Plugin | undefined;
  /** Changes with the plugin, which is the same object before and after. */
  @property({ attribute: false }) revision = 0;

  @query('cloche-databases') private databases!: ClocheDatabases | null;

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('revision') && !changed.has('plugin')) void this.databases?.refresh();
  }

  override render() {
    const { plugin } = this;
    if (!plugin?.requests().some(({ capability }) => capability === 'database')) return nothing;
    return html`<section aria-label="Databases"><cloche-databases .plugin=${plugin}></cloche-databases></section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'playground-plugin-databases': PluginDatabases;
  }
}
