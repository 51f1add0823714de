import { html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { mono, TEXT_BYTES, theirs } from '../../../src/elements/admin/base/theirs.ts';
import { controls } from '../../../src/elements/base.styles.ts';
import { codeSpans } from '../../../src/elements/code-spans.ts';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import '../../../src/elements/state/state.ts';
import type { Plugin } from '../../../src/index.ts';
import { PageEvent } from '../events.ts';
import { styles } from './plugin-head.styles.ts';

/** As much of a plugin as its head shows. */
export type HeadOfPlugin = Pick<Plugin, 'state' | 'needsServer' | 'pending'> & {
  readonly manifest: Pick<Plugin['manifest'], 'name' | 'version' | 'description' | 'author' | 'contributions'>;
};

/**
 * What the shown plugin is, and whether it waits for somebody; what can be done about that stands on its page.
 *
 * @event playground-page - Show that.
 */
@element('playground-plugin-head')
export class PluginHead extends ClocheElement {
  static override styles = [ClocheElement.styles, controls, styles].flat();

  @property({ attribute: false }) plugin: HeadOfPlugin | undefined;
  /** Changes with the plugin, which is the same object before and after. */
  @property({ attribute: false }) revision = 0;

  override render() {
    const { plugin } = this;
    if (!plugin) return nothing;
    const { name, version, description, author } = plugin.manifest;
    return html`
      <div class="head">
        <div class="title">
          <h1 tabindex="-1">${theirs(name)}</h1>
          <span class="subtle">${mono(version)}</span>
          <cloche-state state=${plugin.state}></cloche-state>
          ${plugin.needsServer.size > 0 ? html`<cloche-state state="needs-server"></cloche-state>` : nothing}
        </div>
        ${
          description || author
            ? html`<p class="about">${theirs(description, TEXT_BYTES)}${author ? html` <span class="subtle">By ${theirs(author)}.</span>` : nothing}</p>`
            : nothing
        }
      </div>
      ${this.#renderNotice(plugin)}
      ${renderNeeds(plugin)}
    `;
  }

  #renderNotice(plugin: HeadOfPlugin) {
    const notice = noticeOf(plugin);
    if (!notice) return nothing;
    return html`
      <div class="asks ${notice.kind}" role="group" aria-label=${notice.label}>
        <p>${notice.text}</p>
        <button type="button" @click=${() => this.dispatchEvent(new PageEvent())}>${notice.button}</button>
      </div>
    `;
  }
}

function noticeOf({ state, pending }: HeadOfPlugin) {
  if (state === 'quarantined') {
    return {
      kind: 'quarantined',
      label: 'Quarantined',
      text: 'It was stopped too often, so no call reaches it until you let it out.',
      button: 'See why',
    };
  }
  if (!pending) return undefined;
  return {
    kind: 'waiting',
    label: 'An update waits',
    text: html`Version ${mono(pending.version || 'without a number')} waits, since it asks for more than you have allowed.`,
    button: 'Look at it',
  };
}

/** What only a server can do. Pages of a plugin show it themselves. */
function renderNeeds({ needsServer, manifest }: HeadOfPlugin) {
  if (needsServer.size === 0 || manifest.contributions.length > 0) return nothing;
  return html`<p class="subtle">${codeSpans([...needsServer.values()].join(' '))}</p>`;
}
