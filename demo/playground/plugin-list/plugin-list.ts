import { html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { controls } from '../../../src/elements/base.styles.ts';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import { formatBytes } from '../../../src/elements/format.ts';
import '../../../src/elements/state/state.ts';
import '../../../src/elements/admin/plugins/plugins.ts';
import type { PluginOpenEvent } from '../../../src/elements/admin/base/plugin-link.ts';
import type { Environment, Host, Plugin } from '../../../src/index.ts';
import { ChooseEvent, FilesEvent } from '../events.ts';
import type { Example } from '../examples.ts';
import { styles } from './plugin-list.styles.ts';

const ISOLATION_WORDS: Record<Environment['isolation'], string> = {
  'opaque-origin': 'an origin that owns nothing',
  'same-origin': 'a worker without its globals',
  none: 'none',
};

const HOST_CALL_WORDS: Record<Environment['hostCalls'], string> = {
  jspi: 'wait by JSPI',
  atomics: 'wait on shared memory',
  'service-worker': 'wait by a service worker',
  none: 'cannot wait',
};

const STORAGE_WORDS: Record<Environment['storage'], string> = {
  durable: 'kept in this browser',
  memory: 'gone with this page',
};

/**
 * What can be shown: the examples, the plugins that the user brought as an admin lists them, and a place to bring one.
 *
 * @event playground-choose - An example or a plugin was chosen.
 * @event playground-files - Files were picked to be installed.
 */
@element('playground-plugin-list')
export class PluginList extends ClocheElement {
  static override styles = [ClocheElement.styles, controls, styles].flat();

  @property({ attribute: false }) examples: readonly Example[] = [];
  @property({ attribute: false }) host: Host | undefined;
  /** Id of the plugin that the page shows. */
  @property() shown = '';
  /** What is loaded with the first transaction of any plugin; undefined where that is not known yet. */
  @property({ attribute: false }) databaseBytes: number | undefined;
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
    const { host } = this;
    return html`
      <section aria-labelledby="examples">
        <h2 id="examples">Examples</h2>
        <ul>${this.examples.map((example) => this.#renderExample(example))}</ul>
      </section>
      <section aria-labelledby="yours">
        <h2 id="yours">Yours</h2>
        ${host ? this.#renderBrought(host) : nothing}
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
      ${host ? this.#renderEnvironment(host.environment) : nothing}
    `;
  }

  /** Examples are listed above, with what they show. */
  readonly #isBrought = ({ id }: { readonly id: string }): boolean =>
    this.examples.every((example) => example.id !== id);

  #renderBrought(host: Host) {
    if (!host.plugins.some(this.#isBrought) && host.unreadable.length === 0) {
      const stays = host.environment.storage === 'memory' ? '' : ' Plugins stay in this browser.';
      return html`<p class="subtle small empty">Nothing yet.${stays}</p>`;
    }
    return html`
      <cloche-plugins
        .host=${host}
        .current=${this.shown}
        .includes=${this.#isBrought}
        @pluginopen=${this.#handleOpen}
      ></cloche-plugins>
    `;
  }

  #handleOpen = (event: PluginOpenEvent): void => {
    event.preventDefault();
    this.dispatchEvent(new ChooseEvent({ plugin: event.plugin }));
  };

  #renderEnvironment({ isolation, hostCalls, reason, storage, storageReason }: Environment) {
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

  #renderDatabase({ usesDatabase }: Example) {
    if (!usesDatabase || this.databaseBytes === undefined) return nothing;
    return html`, and with its first transaction <span class="size">${formatBytes(this.databaseBytes)}</span> of PostgreSQL.`;
  }

  #renderExample(example: Example) {
    const plugin = this.host?.get(example.id);
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
          <span class="sentence"
            >${example.sentence}${example.bytes === undefined ? nothing : html` <span class="size">${formatBytes(example.bytes)}</span>`}${this.#renderDatabase(example)}</span
          >
        </button>
      </li>
    `;
  }
}

/** One that can be called, and yet not do all that it is for, says that rather than whether it has a worker. */
function renderState({ state, needsServer }: Plugin) {
  const isLimited = needsServer.size > 0 && (state === 'running' || state === 'loading' || state === 'asleep');
  return html`<cloche-state state=${isLimited ? 'needs-server' : state}></cloche-state>`;
}
