import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import type { Answer, ModalContent, ModalRow, ShowConfirm, ShowModal } from '../../../manifest/page-messages.ts';
import { Arming, dialogClosed } from '../../arming.ts';
import { controls } from '../../base.styles.ts';
import { ClocheElement, element } from '../../element.ts';
import type { Words } from '../../words/words.ts';
import { pageWords } from '../words/page-words.ts';
import { styles } from './dialog.styles.ts';
import { dismissal, type Question } from './dialog-queue.ts';

/** The user has answered, or closed the dialog. */
export class DialogAnswerEvent extends Event {
  constructor(
    readonly answer: Answer,
    /** Whether the user wants no more dialogs of this page. */
    readonly mute: boolean,
  ) {
    super('cloche-dialog-answer');
  }
}

/**
 * A question of a plugin's page, in a dialog of the host: modal over the whole page, which no plugin can draw, and
 * with the name of who asks. Everything in it is text. What is chosen goes to the plugin alone, so a page that imitates
 * the dialog inside its frame wins nothing. Part of `<cloche-extension>`.
 *
 * @event {DialogAnswerEvent} cloche-dialog-answer - Somebody has answered.
 */
@element('cloche-plugin-dialog')
export class PluginDialog extends ClocheElement {
  static override styles = [ClocheElement.styles, controls, styles].flat();

  /** Id of the plugin that asks. */
  @property() plugin = '';

  /** What the plugin calls itself. */
  @property() pluginName = '';

  /** Open while there is one. */
  @property({ attribute: false }) question: Question | undefined;

  /** Whether to offer an end to dialogs of this page. */
  @property({ type: Boolean }) canMute = false;

  readonly #words = pageWords(this);
  readonly #arming = new Arming(this, () => this.question !== undefined);
  @query('dialog') private dialog!: HTMLDialogElement;

  #handleClose = (): void => {
    // By the Escape key. The event comes late: what we closed ourselves has no question by now, or an open one.
    if (this.question && !this.dialog.open) this.dispatchEvent(new DialogAnswerEvent(dismissal(this.question), false));
  };

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('question')) this.#arming.disarm();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('question')) return;
    // Closed in between, so that the next question gets the focus anew.
    this.dialog.close();
    if (!this.question) {
      dialogClosed();
      return;
    }
    this.dialog.style.setProperty('--width', `${widthOf(this.question)}px`);
    this.dialog.showModal();
  }

  #answer(answer: Answer, mute = false): void {
    if (!this.#arming.isInert) this.dispatchEvent(new DialogAnswerEvent(answer, mute));
  }

  override render(): TemplateResult {
    const { question } = this;
    return html`
      <dialog
        role=${question?.type === 'confirm' ? 'alertdialog' : 'dialog'}
        aria-labelledby="title"
        aria-describedby="asker body"
        @close=${this.#handleClose}
      >
        ${question ? this.#renderQuestion(question) : nothing}
      </dialog>
    `;
  }

  #renderQuestion(question: Question) {
    return html`
      <p id="asker" class="small subtle">
        ${this.#words.put('page.asks', { plugin: html`<bdi>${this.pluginName}</bdi>` })}
        <code>${this.plugin}</code>
      </p>
      <h2 id="title" class="theirs" dir="auto">${question.title}</h2>
      <div id="body" class="body" role="region" aria-labelledby="title" tabindex="0">
        ${
          question.type === 'confirm'
            ? html`<p class="theirs" dir="auto">${question.message}</p>`
            : renderContent(this.#words, question.content)
        }
      </div>
      <div class="actions">
        ${this.canMute ? this.#renderMute(question) : nothing}
        ${question.type === 'confirm' ? this.#renderChoice(question) : this.#renderClose()}
      </div>
    `;
  }

  #renderMute(question: Question) {
    return html`
      <button type="button" class="quiet mute" aria-disabled=${this.#arming.isInert} @click=${() => this.#answer(dismissal(question), true)}>
        ${this.#words.say('page.mute')}
      </button>
    `;
  }

  #renderChoice({ confirmText, cancelText, variant }: ShowConfirm) {
    return html`
      <button type="button" class="cancel" autofocus aria-disabled=${this.#arming.isInert} @click=${() => this.#answer('cancel')}>
        <bdi>${cancelText}</bdi>
      </button>
      <button type="button" class="confirm ${variant}" aria-disabled=${this.#arming.isInert} @click=${() => this.#answer('confirm')}>
        <bdi>${confirmText}</bdi>
      </button>
    `;
  }

  #renderClose() {
    return html`
      <button type="button" class="cancel" autofocus aria-disabled=${this.#arming.isInert} @click=${() => this.#answer(null)}>
        ${this.#words.say('page.close')}
      </button>
    `;
  }
}

function renderContent(words: Words, content: ModalContent) {
  if (content.kind === 'text') return html`<p class="theirs" dir="auto">${content.text}</p>`;
  if (content.rows.length === 0) return html`<p class="subtle">${words.say('page.noRows')}</p>`;
  return html`
    <dl>${content.rows.map((row) => renderRow(words, row))}</dl>
    ${content.left > 0 ? html`<p class="subtle">${words.say('page.moreRows', { n: content.left })}</p>` : nothing}
  `;
}

function renderRow(words: Words, { label, value, isCode }: ModalRow) {
  return html`
    <dt class="theirs">${label}</dt>
    <dd>
      ${value === undefined ? html`<span class="subtle">${words.say('page.noValue')}</span>` : nothing}
      ${value === undefined ? nothing : isCode ? html`<pre class="theirs">${value}</pre>` : html`<span class="theirs">${value}</span>`}
    </dd>
  `;
}

/** For a question of one sentence, in px. */
const CONFIRM_WIDTH = 448;

function widthOf(question: ShowModal | ShowConfirm): number {
  return question.type === 'modal' ? question.width : CONFIRM_WIDTH;
}

declare global {
  interface HTMLElementTagNameMap {
    'cloche-plugin-dialog': PluginDialog;
  }
}
