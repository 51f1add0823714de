import { html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { controls } from '../../../src/elements/base.styles.ts';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import '../../../src/elements/state/state.ts';
import { ChooseEvent, FilesEvent, RemoveEvent } from '../events.ts';
import type { Example } from '../examples.ts';
import type { HostLike, PluginLike, UnreadableLike } from '../host-like.ts';
import { styles } from './plugin-list.styles.ts';

const ISOLATION_WORDS: Record<HostLike['environment']['isolation'], string> = {
  'opaque-origin': 'an origin that owns nothing',
  'same-origin': 'a worker without its globals',
  none: 'none',
};

const HOST_CALL_WORDS: Record<HostLike['environment']['hostCalls'], string> = {
  jspi: 'wait by JSPI',
  atomics: 'wait on shared memory',
  'service-worker': 'wait by a service worker',
  none: 'cannot wait',
};

const STORAGE_WORDS: Record<HostLike['environment']['storage'], string> = {
  durable: 'kept in this browser',
  memory: 'gone with this page',
};

/**
 * What can be shown: the examples, the plugins that the user brought, and a place to bring one.
 *
 * @event playground-choose - An example or a plugin was chosen.
 * @event playground-remove - One that cannot be read is to be removed.
 * @event playground-files - Files were picked to be installed.
 */
@element('playground-plugin-list')
export class PluginList extends ClocheElement {
  static override styles = [ClocheElement.styles, controls, styles].flat();

  @property({ attribute: false }) examples: readonly Example[] = [];
  @property({ attribute: false }) plugins: readonly PluginLike[] = [];
  @property({ attribute: false }) unreadable: readonly UnreadableLike[] = [];
  @property({ attribute: false }) environment: HostLike['environment'] | undefined;
  /** Id of the plugin that the page shows. */
  @property() shown = '';
  /** Changes with the state of any plugin: a plugin is the same object before and after. */
  @property({ attribute: false }) revision = 0;

  #handleFiles = (event: Event): void => {
    const input = event.currentTarget as HTMLInputElement;
    const files = [...(input.files ?? [])];
    // Else picking the same file again, after a correction, would change nothing and tell nobody.
    input.value = '';
    if (files.length > 0) this.dispatchEvent(new FilesEvent(files));
  };

  override render() {
    const ids = new Set(this.examples.map((example) => example.id));
    const brought = this.plugins.filter((plugin) => !ids.has(plugin.id));
    return html`
      <section aria-labelledby="examples">
        <h2 id="examples">Examples</h2>
        <ul>${this.examples.map((example) => this.#renderExample(example))}</ul>
      </section>
      <section aria-labelledby="yours">
        <h2 id="yours">Yours</h2>
        <ul>
          ${brought.map((plugin) => this.#renderPlugin(plugin))}
          ${this.unreadable.map((broken) => this.#renderUnreadable(broken))}
        </ul>
        ${brought.length + this.unreadable.length === 0 ? html`<p class="subtle small empty">Nothing yet.${this.environment?.storage === 'memory' ? '' : ' Plugins stay in this browser.'}</p>` : nothing}
      </section>
      <div class="drop">
        <p class="small subtle">Drop a <code>.wasm</code>, a <code>.zip</code> or a manifest anywhere on this page, or</p>
        <label class="button">
          <input
            class="hidden-text"
            type="file"
            multiple
            accept=".wasm,.zip,.json,application/wasm,application/zip,application/json"
            @change=${this.#handleFiles}
          />
          Choose a file
        </label>
      </div>
      ${this.environment ? this.#renderEnvironment(this.environment) : nothing}
    `;
  }

  #renderEnvironment({ isolation, hostCalls, reason, storage, storageReason }: HostLike['environment']) {
    return html`
      <section aria-labelledby="browser">
        <h2 id="browser">This browser</h2>
        <dl class="small">
          <dt>Isolation</dt>
          <dd>${ISOLATION_WORDS[isolation]}</dd>
          <dt>Host calls</dt>
          <dd>${HOST_CALL_WORDS[hostCalls]}</dd>
          <dt>Plugins and data</dt>
          <dd>${STORAGE_WORDS[storage]}</dd>
        </dl>
        <p class="small subtle reason">${reason}${storage === 'memory' ? ` ${storageReason}` : nothing}</p>
      </section>
    `;
  }

  #renderExample(example: Example) {
    const plugin = this.plugins.find((one) => one.id === example.id);
    return html`
      <li>
        <button
          type="button"
          class="row"
          aria-current=${example.id === this.shown}
          @click=${() => this.dispatchEvent(new ChooseEvent({ example }))}
        >
          <span class="first">
            <bdi class="name">${example.name}</bdi>
            ${example.hostile ? html`<span class="hostile">hostile</span>` : nothing}
            ${plugin ? renderState(plugin) : nothing}
          </span>
          <span class="sentence">${example.sentence}</span>
        </button>
      </li>
    `;
  }

  #renderUnreadable({ id, error }: UnreadableLike) {
    return html`
      <li class="unreadable">
        <bdi class="name">${id}</bdi>
        <p class="small subtle theirs">It cannot be read, so it does not run. ${error.message}</p>
        <button type="button" @click=${() => this.dispatchEvent(new RemoveEvent(id))}>Remove ${id}</button>
      </li>
    `;
  }

  #renderPlugin(plugin: PluginLike) {
    return html`
      <li>
        <button
          type="button"
          class="row"
          aria-current=${plugin.id === this.shown}
          @click=${() => this.dispatchEvent(new ChooseEvent({ plugin: plugin.id }))}
        >
          <span class="first">
            <bdi class="name">${plugin.manifest.name}</bdi>
            ${renderState(plugin)}
          </span>
          <span class="sentence mono"><bdi>${plugin.manifest.version}</bdi></span>
        </button>
      </li>
    `;
  }
}

/** One that can be called, and yet not do all that it is for, says that rather than whether it has a worker. */
function renderState({ state, needsServer }: PluginLike) {
  const isLimited = needsServer.size > 0 && (state === 'running' || state === 'asleep');
  return html`<cloche-state state=${isLimited ? 'needs-server' : state}></cloche-state>`;
}
