import { html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { theirs } from '../../../src/elements/admin/base/theirs.ts';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import { count, formatBytes } from '../../../src/elements/format.ts';
import type { ModuleEntry, PluginManifest } from '../../../src/manifest/plugin-manifest.ts';
import '../error-panel/error-panel.ts';
import type { Facts } from '../session.ts';
import { worldOf } from '../wit/world.ts';
import '../wit/world-view.ts';
import { styles } from './facts.styles.ts';

/** A module may have thousands of imports and exports. */
const SHOWN = 200;

/** What the plugin is made of, and what its binary exports and imports. */
@element('playground-facts')
export class PluginFacts extends ClocheElement {
  static override styles = [ClocheElement.styles, styles].flat();

  @property({ attribute: false }) manifest: PluginManifest | undefined;
  @property({ attribute: false }) facts: Facts | undefined;

  override render() {
    const { manifest } = this;
    if (!manifest) return nothing;
    return html`
      <dl>${this.#renderManifest(manifest)}</dl>
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
                <code>${theirs(name)}</code>
                <span class="small subtle">${note ? `${note} · ` : ''}<span class="mono">${type}</span></span>
              </li>
            `,
          )}
        </ul>
        ${symbols.length > SHOWN ? html`<p class="subtle">${count(symbols.length - SHOWN, 'more')} not shown</p>` : nothing}
      </section>
    `;
  }

  #renderManifest({ instance, modules }: PluginManifest) {
    const rows: [string, unknown][] = [
      ['Instance', instance === 'per-call' ? 'a fresh one for each call' : 'kept between calls'],
      ...modules.map((module): [string, unknown] => ['Module', renderModule(module)]),
    ];
    return rows.map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`);
  }
}

function renderModule({ name, size, sha256 }: ModuleEntry) {
  return html`${theirs(name)}, ${formatBytes(size)}<br /><code class="subtle">SHA-256 ${sha256}</code>`;
}
