import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { ClocheError } from '../../../errors.ts';
import type { PrepareRecord } from '../../../events.ts';
import type { AskPermission, InstallOptions, PluginSource } from '../../../index.ts';
import { Arming, dialogClosed } from '../../arming.ts';
import { element } from '../../element.ts';
import { dialogQueue } from '../../extension/dialog/dialog-queue.ts';
import { FocusPlace } from '../../focus-place.ts';
import { AdminElement } from '../base/admin-element.ts';
import type { AdminHost, AdminPlugin } from '../base/admin-host.ts';
import { Choice, DURATIONS } from './choice.ts';
import { styles } from './consent.styles.ts';
import {
  type ConsentAnswer,
  ConsentEvent,
  type ConsentRequest,
  type OnConsent,
  type PackageAnswer,
  type PackageRequest,
} from './consent-events.ts';
import { questionLine } from './consent-text.ts';
import { packageView } from './package-view.ts';
import { type Asking, install, update } from './package-work.ts';
import { type FailedStage, failedView, type ProgressStage, progressView } from './progress-view.ts';
import { turns } from './turns.ts';
import { useView } from './use-view.ts';

type Stage = ProgressStage | { readonly kind: 'deciding'; readonly request: ConsentRequest } | FailedStage;

/**
 * Asks a person whether a plugin may be installed, updated or allowed something. It covers the whole page, which no frame of a plugin
 * can; nothing of the plugin runs, and no page of it is loaded, before it was decided on. What is closed, late or unknown is a no.
 *
 * @event {ConsentEvent} consent - Somebody has decided.
 * @cssproperty --cloche-surface - What lies around the dialog while it covers the page.
 * @csspart dialog - The dialog.
 * @csspart failure - What went wrong.
 */
@element('cloche-consent')
export class ClocheConsent extends AdminElement {
  static override styles = [AdminElement.styles, styles].flat();

  /** The app's own dialog, in place of the one of this element: it is given the same data. */
  @property({ attribute: false }) onConsent: OnConsent | undefined;

  protected override readonly hears = ['pluginchange', 'prepare'] as const;

  @state() private stage: Stage | undefined;
  @query('dialog') private dialog!: HTMLDialogElement;
  /** The plugin has asked so often that its questions may be ended. */
  @state() private isMany = false;
  readonly #choice = new Choice(this);
  readonly #arming = new Arming(this, () => this.stage?.kind === 'deciding');
  /** Something of what was decided may have been done. */
  #hasBegun = false;
  /** Id of the plugin that is decided on, once that was read. */
  #subject: string | undefined;
  #letGo: (() => void) | undefined;
  /** Where somebody was before. */
  #place: FocusPlace | undefined;
  #answer: ((answer: ConsentAnswer) => void) | undefined;
  /** What is under way is given up when the dialog is closed. */
  #closing = new AbortController();

  /**
   * Shows what a package asks for, and installs that package where the answer is yes; with `replace`, as an update.
   * @param options of `host.install`; what people are to decide, `grant` and `sha256`, is left out
   * @returns the plugin; undefined where the answer is no, or what failed was shown
   */
  async install(source: PluginSource, options: InstallOptions = {}): Promise<AdminPlugin | undefined> {
    return turns.take(options.signal, () =>
      this.#work((host, signal) => install(host, source, { ...options, signal }, this.#asking), options.signal),
    );
  }

  /**
   * Shows what the update of a plugin that waits would change, and accepts it where the answer is yes.
   * @param id of the plugin
   * @returns whether it was accepted
   */
  async acceptUpdate(id: string): Promise<boolean> {
    const updated = await turns.take(undefined, () =>
      this.#work((host, signal) => update(host, id, signal, this.#asking)),
    );
    return updated ?? false;
  }

  /** Asks for an optional permission: for `createHost({ ask })`, see `askWith`. */
  readonly ask: AskPermission = async (question, signal) => {
    const { plugin, request } = question;
    const answer = await turns.takeQuestion(signal, async () => {
      if (turns.isMuted(plugin.id) || !this.isConnected) return 'no';
      this.#choice.duration = 'once';
      this.isMany = turns.isMany(plugin.id);
      return this.#decide({ kind: 'ask', question, line: questionLine(request) }, signal);
    });
    // An app's own dialog may answer anything.
    const given = DURATIONS.find((one) => one === answer) ?? 'no';
    this.#tell(plugin.id, 'ask', given !== 'no');
    return given;
  };

  readonly #asking: Asking = {
    answered: (request, signal) => this.#answered(request, signal),
    begun: () => {
      this.#hasBegun = true;
    },
  };

  async #answered(request: PackageRequest, signal: AbortSignal | undefined): Promise<PackageAnswer | undefined> {
    const { review, text, kind } = request;
    this.#subject = review.manifest.id;
    this.#choice.beginPackage(text);
    const answer = await this.#decide(request, signal);
    const isYes = typeof answer === 'object' && answer !== null && Array.isArray(answer.allow);
    this.#tell(review.manifest.id, kind, isYes);
    if (!isYes || signal?.aborted) return undefined;
    if (!this.onConsent) this.stage = { kind: 'working' };
    return answer;
  }

  /** What is asked elsewhere is a no where that fails, and reported: no dialog of the app may be in the way of the page. */
  async #decide(request: ConsentRequest, signal: AbortSignal | undefined): Promise<ConsentAnswer | undefined> {
    if (signal?.aborted) return undefined;
    const over = new Promise<undefined>((resolve) => {
      signal?.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    if (this.onConsent) return Promise.race([this.onConsent(request, signal ?? this.#closing.signal), over]);
    const asked = new Promise<ConsentAnswer>((resolve) => {
      this.#answer = resolve;
    });
    const before = this.stage;
    this.#show({ kind: 'deciding', request });
    try {
      return await Promise.race([asked, over]);
    } finally {
      this.#answer = undefined;
      if (request.kind === 'ask') this.#leave(before);
    }
  }

  /** From the first look at a package to its end: the dialog is there all the time, and shows what fails. */
  async #work<T>(
    work: (host: AdminHost, signal: AbortSignal) => Promise<T>,
    givenUp?: AbortSignal,
  ): Promise<T | undefined> {
    this.#closing = new AbortController();
    this.#hasBegun = false;
    this.#subject = undefined;
    const { signal } = this.#closing;
    givenUp?.addEventListener('abort', () => this.#close(), { once: true, signal });
    try {
      const { host } = this;
      if (!host) throw new ClocheError('OPTION_INVALID', 'Expected `host` of <cloche-consent> to be set');
      if (!this.onConsent) this.#show({ kind: 'reading' });
      const done = await work(host, signal);
      this.#close();
      return done;
    } catch (error) {
      if (this.onConsent) throw error;
      if (signal.aborted) this.#close();
      else await this.#failed(error);
      return undefined;
    }
  }

  /** Until somebody has seen it: the next question waits. */
  async #failed(error: unknown): Promise<void> {
    const seen = new Promise<void>((resolve) => {
      this.#closing.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    this.#show({ kind: 'failed', error, hasBegun: this.#hasBegun });
    await seen;
  }

  /** A component that is made ready. Before it was read nobody knows its id, so it is whichever is not here yet. */
  protected override heard(event: Event): void {
    const { stage, host } = this;
    if (event.type !== 'prepare') {
      super.heard(event);
      return;
    }
    const preparing = (event as CustomEvent<PrepareRecord>).detail;
    const isOwn = preparing.plugin === this.#subject || !host?.get(preparing.plugin);
    if (isOwn && (stage?.kind === 'reading' || stage?.kind === 'working')) this.stage = { kind: stage.kind, preparing };
  }

  #show(stage: Stage): void {
    if (!this.#letGo) this.#place = FocusPlace.now(this.ownerDocument);
    this.#letGo ??= dialogQueue.hold();
    this.stage = stage;
    if (stage.kind === 'deciding') this.#arming.disarm();
    else this.#arming.arm();
  }

  /** Back to what is under way, where a plugin has asked in the middle of that. */
  #leave(before: Stage | undefined): void {
    if (before && !this.#closing.signal.aborted) this.#show(before);
    else this.#close();
  }

  #close(): void {
    this.#arming.arm();
    this.stage = undefined;
    this.#answer?.('no');
    this.#closing.abort();
    this.#letGo?.();
    this.#letGo = undefined;
  }

  #tell(plugin: string, kind: ConsentRequest['kind'], allowed: boolean): void {
    this.dispatchEvent(new ConsentEvent(plugin, kind, allowed));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#close();
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('stage')) return;
    if (!this.stage) this.#leaveDialog();
    else if (!this.dialog.open) this.dialog.showModal();
    // Never on a button: the next key is not meant for what has just come up.
    if (this.stage) this.dialog.focus();
  }

  /** Whoever asked may have gone with the answer, such as the notice of an update. */
  #leaveDialog(): void {
    this.dialog.close();
    dialogClosed();
    this.#place?.restore();
    this.#place = undefined;
  }

  /** The Escape key, also where a browser closes the dialog without asking. */
  #handleClose = (event: Event): void => {
    event.preventDefault();
    if (this.stage && (event.type === 'cancel' || !this.dialog.open)) this.#no();
  };

  /** A question may come in the middle of an installation, which goes on after a no to it. */
  #no(): void {
    if (this.stage?.kind === 'deciding' && this.stage.request.kind === 'ask') this.#answer?.('no');
    else this.#close();
  }

  #yes(): void {
    if (this.#arming.isInert || this.stage?.kind !== 'deciding') return;
    const { ticked, duration, data } = this.#choice;
    this.#answer?.(this.stage.request.kind === 'ask' ? duration : { allow: [...ticked], data });
  }

  override render(): TemplateResult {
    const { stage } = this;
    return html`
      <dialog
        part="dialog"
        tabindex="-1"
        role=${stage?.kind === 'deciding' && stage.request.kind === 'ask' ? 'alertdialog' : 'dialog'}
        aria-labelledby="title"
        aria-busy=${stage?.kind === 'reading' || stage?.kind === 'working' ? 'true' : 'false'}
        @cancel=${this.#handleClose}
        @close=${this.#handleClose}
      >
        ${stage ? this.#renderStage(stage) : nothing}
      </dialog>
    `;
  }

  #renderStage(stage: Stage): TemplateResult {
    const { words, host, isMany } = this;
    const choice = this.#choice;
    const close = (): void => this.#close();
    const yes = (): void => this.#yes();
    const isInert = this.#arming.isInert;
    switch (stage.kind) {
      case 'reading':
      case 'working':
        return progressView(words, stage, close);
      case 'failed':
        return failedView(words, stage, close);
      case 'deciding': {
        const { request } = stage;
        if (request.kind !== 'ask') return packageView(words, { host, request, choice, isInert, yes, no: close });
        const no = (): void => this.#answer?.('no');
        const mute = isMany ? (): void => this.#mute(request.question.plugin.id) : undefined;
        return useView(words, { request, choice, isInert, yes, no, mute });
      }
    }
  }

  #mute(plugin: string): void {
    turns.mute(plugin);
    this.#answer?.('no');
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cloche-consent': ClocheConsent;
  }
}
