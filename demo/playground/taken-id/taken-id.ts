import { html, nothing, type PropertyValues } from 'lit';
import { property, query } from 'lit/decorators.js';
import { theirs } from '../../../src/elements/admin/base/theirs.ts';
import { Arming, dialogClosed } from '../../../src/elements/arming.ts';
import { controls } from '../../../src/elements/base.styles.ts';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import { dialog } from '../dialog.styles.ts';
import { TakenEvent } from '../events.ts';
import type { Taken } from '../session.ts';
import { styles } from './taken-id.styles.ts';

/**
 * Asks what becomes of a plugin whose id another one brings: an id says nothing about who made either.
 *
 * @event playground-taken - The user has chosen, or has left it.
 */
@element('playground-taken-id')
export class TakenId extends ClocheElement {
  static override styles = [ClocheElement.styles, controls, dialog, styles].flat();

  @property({ attribute: false }) taken: Taken | undefined;

  readonly #arming = new Arming(this, () => this.taken !== undefined);
  @query('dialog') private dialog!: HTMLDialogElement | null;
  @query('input') private input!: HTMLInputElement;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('taken')) this.#arming.disarm();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('taken') && this.dialog && !this.dialog.open) this.dialog.showModal();
  }

  #handleSubmit = (event: SubmitEvent): void => {
    if (this.#arming.isInert && (event.submitter as HTMLButtonElement | null)?.value !== '') event.preventDefault();
  };

  /** The dialog closes with the choice as its value; with none when it was left. */
  #handleClose = (): void => {
    const returnValue = this.dialog?.returnValue;
    dialogClosed();
    if (returnValue === 'beside') this.dispatchEvent(new TakenEvent({ id: this.input.value }));
    else if (returnValue === 'keep' || returnValue === 'wipe')
      this.dispatchEvent(new TakenEvent({ replace: returnValue }));
    else this.dispatchEvent(new TakenEvent(undefined));
  };

  override render() {
    const { taken } = this;
    if (!taken) return nothing;
    const { name, version } = taken.manifest;
    return html`
      <dialog aria-labelledby="title" aria-describedby="about" @close=${this.#handleClose}>
        <form method="dialog" @submit=${this.#handleSubmit}>
          <h2 id="title">${theirs(name)} has this id already</h2>
          <p id="about">
            The plugin in ${theirs(taken.file)} has the id <span class="mono">${taken.id}</span>, and so has
            ${theirs(name)} ${theirs(version)}. That does not make the one a newer version of the other.
          </p>
          ${
            // First, since Enter in its field presses the first button.
            this.#renderChoice('beside', 'Install beside it', 'Both stay, each with its own data.', taken.free)
          }
          ${this.#renderChoice('keep', 'Update', 'It takes its place, and gets its settings and all that it stored.')}
          ${this.#renderChoice('wipe', 'Replace', 'It takes its place and starts empty. What is stored is deleted.')}
          <button type="submit" value="" class="quiet cancel" formnovalidate>Cancel</button>
        </form>
      </dialog>
    `;
  }

  #renderChoice(value: 'beside' | 'keep' | 'wipe', label: string, what: string, free?: string) {
    return html`
      <div class="choice">
        <button
          type="submit"
          value=${value}
          class=${value === 'wipe' ? 'danger' : ''}
          aria-describedby=${value}
          aria-disabled=${this.#arming.isInert}
          ?autofocus=${value === 'beside'}
          ?formnovalidate=${value !== 'beside'}
        >
          ${label}
        </button>
        <div>
          <p id=${value} class="subtle">${what}</p>
          ${
            free === undefined
              ? nothing
              : html`<label
                  >Its id
                  <input
                    name="id"
                    .value=${free}
                    required
                    maxlength="64"
                    pattern="[A-Za-z0-9_\\-]+"
                    title="Letters, digits, _ or -"
                    spellcheck="false"
                    autocomplete="off"
                /></label>`
          }
        </div>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'playground-taken-id': TakenId;
  }
}
