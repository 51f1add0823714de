import { html, nothing } from 'lit';
import { property, query } from 'lit/decorators.js';
import { controls } from '../../../src/elements/base.styles.ts';
import { codeSpans } from '../../../src/elements/code-spans.ts';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import '../../../src/elements/state/state.ts';
import { dialog } from '../dialog.styles.ts';
import { AcceptEvent, type Action, ActionEvent, SettingsEvent } from '../events.ts';
import type { PendingLike, PluginLike } from '../host-like.ts';
import { styles } from './plugin-head.styles.ts';

/**
 * What the shown plugin is and what can be done with it as a whole.
 *
 * @event playground-action - Switch on or off, reset, remove with or without its data.
 * @event playground-accept - Put the update that waits in its place.
 * @event playground-settings - The user allowed what the plugin asks for.
 */
@element('playground-plugin-head')
export class PluginHead extends ClocheElement {
  static override styles = [ClocheElement.styles, controls, dialog, styles].flat();

  @property({ attribute: false }) plugin: PluginLike | undefined;
  /** Changes with the plugin, which is the same object before and after. */
  @property({ attribute: false }) revision = 0;

  @query('dialog') private dialog!: HTMLDialogElement;

  #act(action: Action): void {
    this.dispatchEvent(new ActionEvent(action));
  }

  /** The dialog closes with the action as its value; with none when it was left. */
  #handleClose = (): void => {
    const { returnValue } = this.dialog;
    this.dialog.returnValue = '';
    if (returnValue === 'remove' || returnValue === 'wipe') this.#act(returnValue);
  };

  override render() {
    const { plugin } = this;
    if (!plugin) return nothing;
    const { name, version, description, author } = plugin.manifest;
    return html`
      <div class="head">
        <div class="title">
          <h1><bdi>${name}</bdi></h1>
          <bdi class="mono subtle">${version}</bdi>
          <cloche-state state=${plugin.state}></cloche-state>
          ${plugin.needsServer.size > 0 ? html`<cloche-state state="needs-server"></cloche-state>` : nothing}
        </div>
        <div class="actions">${this.#renderActions(plugin)}</div>
        ${
          description || author
            ? html`<p class="about theirs">${description}${author ? html` <span class="subtle">By <bdi>${author}</bdi>.</span>` : nothing}</p>`
            : nothing
        }
      </div>
      ${plugin.state === 'quarantined' ? this.#renderQuarantine() : this.#renderAsking(plugin)}
      ${plugin.pending ? this.#renderUpdate(plugin.pending) : nothing}
      ${renderNeeds(plugin)}
      ${this.#renderRemoval(name)}
    `;
  }

  #renderActions(plugin: PluginLike) {
    const isOff = plugin.state === 'off';
    return html`
      <button type="button" class="quiet" @click=${() => this.#act(isOff ? 'enable' : 'disable')}>
        ${isOff ? 'Switch on' : 'Switch off'}
      </button>
      <button type="button" class="quiet" title="Ends its worker and empties its vars" @click=${() => this.#act('reset')}>
        Reset
      </button>
      <button type="button" class="quiet" aria-haspopup="dialog" @click=${() => this.dialog.showModal()}>
        Remove
      </button>
    `;
  }

  #renderRemoval(name: string) {
    return html`
      <dialog aria-labelledby="removal" @close=${this.#handleClose}>
        <form method="dialog">
          <h2 id="removal">Remove <bdi>${name}</bdi>?</h2>
          <p>What it stored can stay in this browser, where no other plugin finds it, or go with it.</p>
          <div class="buttons">
            <button type="submit" value="remove" autofocus>Remove, keep its data</button>
            <button type="submit" value="wipe" class="danger">Remove with its data</button>
            <button type="submit" value="" class="quiet">Cancel</button>
          </div>
        </form>
      </dialog>
    `;
  }

  #renderQuarantine() {
    return html`
      <div class="asks quarantined" role="group" aria-label="Quarantined">
        <cloche-state state="quarantined"></cloche-state>
        <p>It was killed three times within a minute. No call reaches it until you switch it on again.</p>
        <div class="buttons">
          <button type="button" @click=${() => this.#act('enable')}>Switch on again</button>
        </div>
      </div>
    `;
  }

  #renderUpdate({ version, sha256, requests }: PendingLike) {
    const more = requests.flatMap(({ missing }) => missing.map(({ text }) => text));
    return html`
      <div class="asks" role="group" aria-label="An update waits">
        <cloche-state state="asking"></cloche-state>
        <div class="update">
          <p>
            ${version ? html`Version <bdi class="mono">${version}</bdi>` : 'A new version'} waits, since it asks for
            more than you have allowed:
          </p>
          <ul>
            ${more.map((sentence) => html`<li><bdi>${sentence}</bdi></li>`)}
          </ul>
        </div>
        <div class="buttons">
          <button
            type="button"
            aria-label="Accept the update"
            @click=${() => this.dispatchEvent(new AcceptEvent(sha256))}
          >
            Accept
          </button>
          <button type="button" class="quiet" aria-label="Dismiss the update" @click=${() => this.#act('dismiss')}>
            Dismiss
          </button>
        </div>
      </div>
    `;
  }

  #renderAsking(plugin: PluginLike) {
    const asked = plugin.requests().filter(({ granted, sentences }) => !granted && sentences.length > 0);
    const [first, ...others] = asked.flatMap((request) => request.sentences);
    if (!first) return nothing;
    return html`
      <div class="asks" role="group" aria-label="What this plugin asks for">
        <cloche-state state="asking"></cloche-state>
        <p>
          It asks for something you have not allowed: <span class="theirs">${first.text}</span>
          ${others.length > 0 ? html`<span class="subtle">And ${others.length} more, listed under Manifest.</span>` : nothing}
        </p>
        <div class="buttons">
          <button type="button" @click=${() => this.dispatchEvent(new SettingsEvent({ grant: 'manifest' }))}>
            Allow what it asks for
          </button>
        </div>
      </div>
    `;
  }
}

/** What only a server can do. Pages of a plugin show it themselves. */
function renderNeeds({ needsServer, manifest }: PluginLike) {
  if (needsServer.size === 0 || manifest.contributions.length > 0) return nothing;
  return html`<p class="subtle">${codeSpans([...needsServer.values()].join(' '))}</p>`;
}
