import { css, html, nothing, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { PluginSource } from '../../../index.ts';
import { element } from '../../element.ts';
import { Acts } from '../base/acts.ts';
import { AdminElement } from '../base/admin-element.ts';
import { failure } from '../base/failure.ts';
import { shownName } from '../base/plugin-state.ts';
import { theirs } from '../base/theirs.ts';
import '../consent/consent.ts';
import type { ClocheConsent } from '../consent/consent.ts';
import type { OnConsent } from '../consent/consent-events.ts';

const ACCEPTED = '.zip,.wasm,.json,application/zip,application/wasm,application/json';

/**
 * Takes a plugin from a file or an address to its consent. Part of `<cloche-admin>` and `<cloche-plugin>`.
 *
 * @event {ConsentEvent} consent - Somebody has decided.
 */
@element('cloche-install')
export class ClocheInstall extends AdminElement {
  static override styles = [
    AdminElement.styles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 8px;
      }

      form {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 8px 16px;
      }

      label {
        display: grid;
        gap: 4px;
        min-width: 0;
      }

      .url {
        flex: 1 1 240px;
        max-width: 480px;
      }

      input {
        width: 100%;
      }
    `,
  ].flat();

  /** Id of the plugin that is to be updated; without it any plugin is taken. */
  @property() replaces = '';

  /** Whether it says that a file may be dropped. */
  @property({ type: Boolean }) droppable = false;

  /** The app's own dialog, in place of the one of `<cloche-consent>`: it is given the same data. */
  @property({ attribute: false }) onConsent: OnConsent | undefined;

  @state() private other: string | undefined;
  @query('cloche-consent') private consent!: ClocheConsent;
  readonly #acts = new Acts(this);

  /** Shows what a plugin asks for, and installs it where the answer is yes; what is there already is updated. */
  async take(source: PluginSource): Promise<void> {
    this.other = undefined;
    await this.updateComplete;
    await this.#acts.run('install', async () => {
      if (this.replaces && !(await this.#isUpdate(source))) return;
      await this.consent.install(source, { replace: 'keep' });
    });
  }

  async #isUpdate(source: PluginSource): Promise<boolean> {
    // What of it nobody provides here is for the consent to say.
    const { manifest } = (await this.host?.review(source, { replace: 'keep', missing: 'stub' })) ?? {};
    if (!manifest || manifest.id === this.replaces) return true;
    this.other = shownName(manifest);
    return false;
  }

  #handleFile = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const [file] = input.files ?? [];
    if (file) void this.take(file);
    // The same file may be chosen again.
    input.value = '';
  };

  #handleSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const url = String(new FormData(event.target as HTMLFormElement).get('url') ?? '').trim();
    if (url) void this.take(url);
  };

  override render(): TemplateResult {
    const { words, host } = this;
    // Not while it is at work: a field that is disabled loses the focus, and the dialog has nowhere to give it back to.
    const isOff = !host || host.disabled;
    return html`
      <form @submit=${this.#handleSubmit}>
        <label>
          <span>${words.say('install.file')}</span>
          <input type="file" accept=${ACCEPTED} ?disabled=${isOff} @change=${this.#handleFile} />
        </label>
        <label class="url">
          <span>${words.say('install.url')}</span>
          <input type="text" inputmode="url" name="url" spellcheck="false" autocomplete="off" dir="ltr" ?disabled=${isOff} />
        </label>
        <button type="submit" ?disabled=${isOff}>${words.say('install.urlButton')}</button>
      </form>
      <p class="subtle small">
        ${words.say('install.look')} ${this.droppable ? words.say('install.drop') : nothing}
      </p>
      ${this.other === undefined ? nothing : html`<p class="notice" role="alert">${words.put('install.other', { name: theirs(this.other) })}</p>`}
      ${this.#acts.failed ? failure(words, this.#acts.failed.error) : nothing}
      <cloche-consent exportparts="dialog, failure" .host=${host} .onConsent=${this.onConsent}></cloche-consent>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cloche-install': ClocheInstall;
  }
}
