import { html, nothing, type TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import { Arming, dialogClosed } from '../../arming.ts';
import { element } from '../../element.ts';
import { dialogQueue } from '../../extension/dialog/dialog-queue.ts';
import { FocusPlace } from '../../focus-place.ts';
import { Acts } from '../base/acts.ts';
import { AdminElement } from '../base/admin-element.ts';
import type { AdminHost, AdminPlugin } from '../base/admin-host.ts';
import { failure } from '../base/failure.ts';
import { Latest } from '../base/latest.ts';
import { nameOf, storedBytes } from '../base/plugin-state.ts';
import { theirs } from '../base/theirs.ts';

/** What is to go: a plugin, or what is stored of one that cannot be read. */
export type Removable = AdminPlugin | { readonly id: string; readonly error: unknown };

/**
 * Asks before a plugin is removed, and says how much it leaves. Questions of plugins wait meanwhile: none keeps somebody from removing
 * it. Part of `<cloche-plugins>` and `<cloche-plugin>`.
 */
@element('cloche-uninstall')
export class ClocheUninstall extends AdminElement {
  @state() private removable: Removable | undefined;
  @query('dialog') private dialog!: HTMLDialogElement;
  readonly #acts = new Acts(this);
  readonly #arming = new Arming(this, () => this.removable !== undefined);
  #place: FocusPlace | undefined;
  #letGo: (() => void) | undefined;
  readonly #stored = new Latest<number | undefined>(this);

  /** Opens the dialog. @returns when it is open */
  async ask(removable: Removable): Promise<void> {
    const { host } = this;
    this.removable = removable;
    this.#arming.disarm();
    this.#acts.forget();
    if (host && 'installation' in removable) {
      void this.#stored.from(() => storedBytes(host.capabilities, removable.installation));
    } else this.#stored.forget();
    await this.updateComplete;
    this.#place = FocusPlace.now(this.ownerDocument);
    this.#letGo ??= dialogQueue.hold();
    this.dialog.showModal();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#letQuestions();
  }

  #handleSubmit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const { host, removable } = this;
    const wipe = new FormData(event.target as HTMLFormElement).get('data') === 'wipe';
    if (!host || !removable || this.#arming.isInert) return;
    const isDone = await this.#acts.run('uninstall', () => uninstall(host, removable, wipe));
    if (isDone) this.dialog.close();
  };

  override render(): TemplateResult {
    const { words, removable } = this;
    const name = removable && ('manifest' in removable ? nameOf(removable) : removable.id);
    return html`
      <dialog aria-labelledby="title" @close=${this.#handleClose}>
        ${
          name === undefined
            ? nothing
            : html`
          <form class="stack" @submit=${this.#handleSubmit}>
            <h2 id="title">${words.put('uninstall.title', { name: theirs(name) })}</h2>
            <p>${words.say('uninstall.ends')}</p>
            ${this.#renderData()}
            ${this.#acts.failed ? failure(words, this.#acts.failed.error) : nothing}
            <div class="actions">
              <button type="button" autofocus @click=${() => this.dialog.close()}>${words.say('shared.cancel')}</button>
              <button type="submit" class="danger" aria-disabled=${this.#acts.busy !== undefined || this.#arming.isInert}>
                ${words.say('uninstall.do')}
              </button>
            </div>
          </form>
        `
        }
      </dialog>
    `;
  }

  #handleClose = (): void => {
    this.removable = undefined;
    dialogClosed();
    this.#letQuestions();
    // Whoever opened it may have gone with what was removed.
    this.#place?.restore();
    this.#place = undefined;
  };

  #letQuestions(): void {
    this.#letGo?.();
    this.#letGo = undefined;
  }

  #renderData() {
    const { words } = this;
    const { read } = this.#stored;
    if (read.state === 'reading') return html`<p class="subtle">${words.say('shared.loading')}</p>`;
    const bytes = this.#stored.value;
    if (bytes === 0) return html`<p class="subtle">${words.say('uninstall.nothing')}</p>`;
    const size = bytes === undefined ? undefined : words.bytes(bytes);
    const keep = size ? words.say('uninstall.keep', { size }) : words.say('uninstall.keepUnknown');
    const wipe = size ? words.say('uninstall.wipe', { size }) : words.say('uninstall.wipeUnknown');
    return html`
      <fieldset ?inert=${this.#arming.isInert}>
        <legend>${words.say('uninstall.data')}</legend>
        <label><input type="radio" name="data" value="keep" checked /> ${keep}</label>
        <label><input type="radio" name="data" value="wipe" /> ${wipe}</label>
      </fieldset>
    `;
  }
}

async function uninstall(host: AdminHost, removable: Removable, wipe: boolean): Promise<void> {
  if ('manifest' in removable) await removable.uninstall({ wipe });
  else await host.removeUnreadable(removable.id, { wipe });
}

declare global {
  interface HTMLElementTagNameMap {
    'cloche-uninstall': ClocheUninstall;
  }
}
