import { css, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import { controls } from '../../../src/elements/base.styles.ts';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import { messageOf } from '../../../src/errors.ts';
import '../../../src/elements/tasks/tasks.ts';
import type { Host, Plugin } from '../../../src/index.ts';

const styles = css`
  section {
    margin-top: 24px;
  }

  .names {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-bottom: 16px;
  }

  .problem {
    margin-bottom: 16px;
    color: var(--cloche-killed);
  }
`;

/** Tasks of the shown plugin, to be begun, and below them what becomes of all. Nothing for a plugin that has none. */
@element('playground-plugin-tasks')
export class PluginTasks extends ClocheElement {
  static override styles = [ClocheElement.styles, controls, styles].flat();

  @property({ attribute: false }) host: Host | undefined;
  @property({ attribute: false }) plugin: Plugin | undefined;
  @property({ type: Boolean }) disabled = false;

  @state() private problem = '';

  override render() {
    const { host, plugin, disabled } = this;
    const names = new Set(plugin?.manifest.handlers.flatMap(({ use, handler }) => (use === 'task' ? [handler] : [])));
    if (!host || !plugin || names.size === 0) return nothing;
    return html`
      <section aria-label="Tasks">
        <div class="names">
          ${[...names].map(
            (name) => html`<button type="button" ?disabled=${disabled} @click=${() => this.#begin(host, plugin, name)}>
              Begin <code class="theirs">${name}</code>
            </button>`,
          )}
        </div>
        ${this.problem ? html`<p class="problem theirs" role="alert">${this.problem}</p>` : nothing}
        <cloche-tasks .host=${host}></cloche-tasks>
      </section>
    `;
  }

  async #begin(host: Host, { id }: Plugin, name: string): Promise<void> {
    this.problem = '';
    try {
      await host.task(name, '{}', { plugin: id });
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'playground-plugin-tasks': PluginTasks;
  }
}
