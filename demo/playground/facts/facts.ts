import { html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import { count, formatBytes } from '../../../src/elements/format.ts';
import type { ModuleEntry } from '../../../src/manifest/plugin-manifest.ts';
import '../access-editor/access-editor.ts';
import '../error-panel/error-panel.ts';
import type { PluginLike } from '../host-like.ts';
import type { Facts } from '../session.ts';
import { worldOf } from '../wit/world.ts';
import '../wit/world-view.ts';
import { styles } from './facts.styles.ts';

/** A module may have thousands of imports and exports. */
const SHOWN = 200;

/** The manifest, what the plugin asks for, and what its binary exports and imports. */
@element('playground-facts')
export class PluginFacts extends ClocheElement {
  static override styles = [ClocheElement.styles, styles].flat();

  @property({ attribute: false }) plugin: PluginLike | undefined;
  @property({ attribute: false }) facts: Facts | undefined;
  /** Changes with the plugin, which is the same object before and after. */
  @property({ attribute: false }) revision = 0;

  override render() {
    const { plugin } = this;
    if (!plugin) return nothing;
    return html`
      <section aria-labelledby="asks">
        <h3 id="asks">What it asks for</h3>
        <playground-access-editor .plugin=${plugin} .revision=${this.revision}></playground-access-editor>
      </section>
      <section aria-labelledby="manifest">
        <h3 id="manifest">Manifest</h3>
        <dl>${this.#renderManifest(plugin)}</dl>
      </section>
      ${this.#renderBinary()}
    `;
  }

  #renderBinary() {
    const { facts } = this;
    if (!facts) return html`<p class="subtle">Reading the module.</p>`;
    if (facts.kind === 'unreadable')
      return html`<playground-error-panel .failure=${facts.failure}></playground-error-panel>`;
    const world = worldOf(facts);
    if (world)
      return html`<section aria-labelledby="world"><h3 id="world">World</h3><playground-world .world=${world}></playground-world></section>`;
    const exports = facts.exports.map(({ name, type, kind, callable }) => ({
      name,
      type: kind === 'function' ? type : kind,
      note: callable ? 'can be called' : '',
    }));
    const imports = facts.imports.map(({ module, name, type, kind }) => ({
      name: `${module} · ${name}`,
      type: kind === 'function' ? type : kind,
      note: '',
    }));
    return html`
      ${this.#renderSymbols('Exports', exports)}
      ${this.#renderSymbols('Imports', imports)}
    `;
  }

  #renderSymbols(title: string, symbols: readonly { name: string; type: string; note: string }[]) {
    const id = title.toLowerCase();
    return html`
      <section aria-labelledby=${id}>
        <h3 id=${id}>${title} ${symbols.length > 0 ? symbols.length : nothing}</h3>
        ${symbols.length === 0 ? html`<p>None.</p>` : nothing}
        <ul>
          ${symbols.slice(0, SHOWN).map(
            ({ name, type, note }) => html`
              <li class="symbol">
                <code><bdi>${name}</bdi></code>
                <span class="small subtle">${note ? `${note} · ` : ''}<span class="mono">${type}</span></span>
              </li>
            `,
          )}
        </ul>
        ${symbols.length > SHOWN ? html`<p class="subtle">${count(symbols.length - SHOWN, 'more')} not shown</p>` : nothing}
      </section>
    `;
  }

  #renderManifest({ manifest }: PluginLike) {
    const rows: [string, unknown][] = [
      ['Id', html`<code>${manifest.id}</code>`],
      ['Version', html`<code><bdi>${manifest.version}</bdi></code>`],
      ['Written as', manifest.dialect],
      ['Instance', manifest.instance === 'per-call' ? 'a fresh one for each call' : 'kept between calls'],
      ...(manifest.homepage
        ? ([['Homepage', html`<span class="theirs">${manifest.homepage}</span>`]] as [string, unknown][])
        : []),
      ...manifest.modules.map((module): [string, unknown] => ['Module', renderModule(module)]),
    ];
    return rows.map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`);
  }
}

function renderModule({ name, size, sha256 }: ModuleEntry) {
  return html`<bdi>${name}</bdi>, ${formatBytes(size)}<br /><code class="subtle">SHA-256 ${sha256}</code>`;
}
