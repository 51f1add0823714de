import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { ClocheError } from '../../../errors.ts';
import type { PrepareRecord } from '../../../events.ts';
import type { AskPermission, InstallOptions, PluginSource } from '../../../index.ts';
import { element } from '../../element.ts';
import { dialogQueue } from '../../extension/dialog/dialog-queue.ts';
import { FocusPlace } from '../../focus-place.ts';
import { AdminElement } from '../base/admin-element.ts';
import type { AdminHost, AdminPlugin } from '../base/admin-host.ts';
import { failure } from '../base/failure.ts';
import { shownName } from '../base/plugin-state.ts';
import { mono, theirs } from '../base/theirs.ts';
import { styles } from './consent.styles.ts';
import {
  type ConsentAnswer,
  ConsentEvent,
  type ConsentRequest,
  type OnConsent,
  type PackageAnswer,
  type PackageRequest,
  type UseRequest,
} from './consent-events.ts';
import { facts, leftData, lines, pageNotes } from './consent-parts.ts';
import { changesBy, consentText, missingOf, questionLine } from './consent-text.ts';
import { accept, amend, reviewOf } from './package-work.ts';
import { turns } from './turns.ts';

/**
 * Nothing in it works this long, in ms: a plugin knows when it is asked about, and could have somebody in the middle of a double
 * click, or typing, say yes (U7). The Escape key, which is a no, works at once.
 */
const INERT_MS = 500;

/** For how long a use may be allowed. */
const DURATIONS = ['once', 'session', 'always'] as const;

type Stage =
  | { readonly kind: 'reading' | 'working'; readonly preparing?: PrepareRecord }
  | { readonly kind: 'deciding'; readonly request: ConsentRequest }
  | { readonly kind: 'failed'; readonly error: unknown; readonly hasBegun: boolean };

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
  @state() private isInert = false;
  @state() private ticked: ReadonlySet<string> = new Set();
  @state() private duration: (typeof DURATIONS)[number] = 'once';
  @state() private data: 'empty' | 'keep' = 'empty';
  @query('dialog') private dialog!: HTMLDialogElement;
  /** The plugin has asked so often that its questions may be ended. */
  @state() private isMany = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
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
      this.#work((host, signal) => this.#install(host, source, { ...options, signal }), options.signal),
    );
  }

  /**
   * Shows what the update of a plugin that waits would change, and accepts it where the answer is yes.
   * @param id of the plugin
   * @returns whether it was accepted
   */
  async acceptUpdate(id: string): Promise<boolean> {
    const updated = await turns.take(undefined, () => this.#work((host, signal) => this.#update(host, id, signal)));
    return updated ?? false;
  }

  /** Asks for an optional permission: for `createHost({ ask })`, see `askWith`. */
  readonly ask: AskPermission = async (question, signal) => {
    const { plugin, request } = question;
    const answer = await turns.takeQuestion(signal, async () => {
      if (turns.isMuted(plugin.id) || !this.isConnected) return 'no';
      this.duration = 'once';
      this.isMany = turns.isMany(plugin.id);
      return this.#decide({ kind: 'ask', question, line: questionLine(request) }, signal);
    });
    // An app's own dialog may answer anything.
    const given = DURATIONS.find((one) => one === answer) ?? 'no';
    this.#tell(plugin.id, 'ask', given !== 'no');
    return given;
  };

  async #install(host: AdminHost, source: PluginSource, options: InstallOptions): Promise<AdminPlugin | undefined> {
    const { review, options: used, decides } = await reviewOf(host, source, options);
    const text = consentText(review, decides);
    const kind = review.replaces === undefined ? 'install' : 'update';
    const isNew = kind === 'install' && options.data === undefined && host.may('install');
    const left = isNew ? (await host.orphans()).find(({ id }) => id === review.manifest.id) : undefined;
    const answer = await this.#answered({ kind, review, text, decides, waits: false, left }, options.signal);
    if (!answer) return undefined;
    const changes = decides ? changesBy(text.offered, new Set(answer.allow)) : {};
    const grant = kind === 'install' && Object.keys(changes).length > 0 ? { '+': changes } : used.grant;
    const plugin = await turns.carryOut(() =>
      host.install(source, {
        ...used,
        sha256: review.sha256,
        ...(grant !== undefined && { grant }),
        ...(left && answer.data === 'keep' && { data: 'keep' }),
      }),
    );
    this.#hasBegun = true;
    const waits = plugin.pending?.sha256 === review.sha256;
    if (waits && decides) await turns.carryOut(() => accept(plugin, review, changes));
    else if (kind === 'update') await amend(plugin, changes);
    return plugin;
  }

  async #update(host: AdminHost, id: string, signal: AbortSignal): Promise<boolean> {
    const plugin = host.get(id);
    const review = await plugin?.review();
    if (!plugin || !review) return false;
    const text = consentText(review);
    const decides = host.may('grant');
    const answer = await this.#answered(
      { kind: 'update', review, text, decides, waits: true, left: undefined },
      signal,
    );
    if (!answer || !decides) return false;
    const changes = changesBy(text.offered, new Set(answer.allow));
    this.#hasBegun = Object.keys(changes).length > 0;
    await turns.carryOut(() => accept(plugin, review, changes));
    return true;
  }

  /** What of a package is allowed; undefined for a no. */
  async #answered(request: PackageRequest, signal: AbortSignal | undefined): Promise<PackageAnswer | undefined> {
    const { review, text, kind } = request;
    this.#subject = review.manifest.id;
    this.ticked = new Set(text.offered.filter(({ ticked }) => ticked).map(({ capability }) => capability));
    this.data = 'empty';
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
    if (stage.kind === 'deciding') this.#disarm();
    else this.#arm();
  }

  readonly #disarm = (): void => {
    if (this.stage?.kind !== 'deciding') return;
    this.isInert = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#arm, INERT_MS);
  };

  readonly #arm = (): void => {
    clearTimeout(this.#timer);
    this.isInert = false;
  };

  /** Back to what is under way, where a plugin has asked in the middle of that. */
  #leave(before: Stage | undefined): void {
    if (before && !this.#closing.signal.aborted) this.#show(before);
    else this.#close();
  }

  #close(): void {
    this.#arm();
    this.stage = undefined;
    this.#answer?.('no');
    this.#closing.abort();
    this.#letGo?.();
    this.#letGo = undefined;
  }

  #tell(plugin: string, kind: ConsentRequest['kind'], allowed: boolean): void {
    this.dispatchEvent(new ConsentEvent(plugin, kind, allowed));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Whoever comes back to the page has to see what is asked first.
    addEventListener('focus', this.#disarm);
    this.ownerDocument.addEventListener('visibilitychange', this.#disarm);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('focus', this.#disarm);
    this.ownerDocument.removeEventListener('visibilitychange', this.#disarm);
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
    this.#place?.restore();
    this.#place = undefined;
  }

  /** The Escape key, also where a browser closes the dialog without asking. */
  #handleClose = (event: Event): void => {
    event.preventDefault();
    if (this.stage && (event.type === 'cancel' || !this.dialog.open)) this.#no();
  };

  #handleTick = (event: Event): void => {
    const { value, checked } = event.target as HTMLInputElement;
    const others = [...this.ticked].filter((one) => one !== value);
    this.ticked = new Set(checked ? [...others, value] : others);
  };

  #handleDuration = (event: Event): void => {
    this.duration = (event.target as HTMLInputElement).value as typeof this.duration;
  };

  #handleData = (event: Event): void => {
    this.data = (event.target as HTMLInputElement).value === 'keep' ? 'keep' : 'empty';
  };

  /** A question may come in the middle of an installation, which goes on after a no to it. */
  #no(): void {
    if (this.stage?.kind === 'deciding' && this.stage.request.kind === 'ask') this.#answer?.('no');
    else this.#close();
  }

  #yes(): void {
    if (this.isInert || this.stage?.kind !== 'deciding') return;
    this.#answer?.(this.stage.request.kind === 'ask' ? this.duration : { allow: [...this.ticked], data: this.data });
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
    switch (stage.kind) {
      case 'reading':
      case 'working':
        return this.#renderProgress(stage);
      case 'failed':
        return html`
          <h2 id="title">${this.words.say('consent.failedTitle')}</h2>
          <div class="body stack">${failure(this.words, stage.error)}${stage.hasBegun ? nothing : html`<p>${this.words.say('consent.nothingChanged')}</p>`}</div>
          <div class="actions">
            <button type="button" @click=${() => this.#close()}>${this.words.say('shared.close')}</button>
          </div>
        `;
      case 'deciding':
        return stage.request.kind === 'ask' ? this.#renderUse(stage.request) : this.#renderPackage(stage.request);
    }
  }

  #renderProgress({ kind, preparing }: Extract<Stage, { kind: 'reading' | 'working' }>): TemplateResult {
    const { words } = this;
    return html`
      <h2 id="title">${words.say(`consent.${kind}Title`)}</h2>
      <div class="body stack late" role="status">
        <p>
          ${preparing && kind === 'reading' ? words.say('consent.preparing', { size: words.bytes(preparing.bytes) }) : words.say(`consent.${kind}`)}
        </p>
        <progress
          aria-label=${words.say('shared.loading')}
          max=${preparing?.total ?? nothing}
          value=${preparing?.done ?? nothing}
        ></progress>
      </div>
      <div class="actions">
        <button type="button" @click=${() => this.#close()}>${words.say('shared.cancel')}</button>
      </div>
    `;
  }

  #renderPackage(request: PackageRequest): TemplateResult {
    const { words, host, ticked } = this;
    const { kind, review, text, decides, waits, left } = request;
    const name = theirs(shownName(review.manifest));
    const isWhole = review.requests.every(({ status }) => status !== 'stubbed');
    const missing = decides ? missingOf(text.offered, ticked).length : 0;
    const mayInstall = host?.may('install') ?? false;
    const mayAccept = mayInstall && (decides || !waits);
    const verb = missing > 0 ? (`consent.${kind}Without` as const) : undefined;
    return html`
      <h2 id="title">${words.put(`consent.${kind}Title`, { plugin: name })}</h2>
      <div class="body stack" ?inert=${this.isInert}>
        ${facts(words, review, host?.limits)}
        ${lines(words, { request, ticked, onTick: this.#handleTick })}
        ${left ? leftData(words, left, this.data, this.#handleData) : nothing}
        ${host ? pageNotes(words, host.environment, isWhole) : nothing}
        ${missing > 0 ? html`<p class="notice">${words.say('consent.missing')}</p>` : nothing}
        ${decides ? nothing : html`<p class="notice">${words.say(waits ? 'consent.mayNotAccept' : 'consent.noRole')}</p>`}
        ${mayInstall ? nothing : html`<p class="notice">${words.say('consent.mayNotInstall')}</p>`}
      </div>
      <div class="actions" ?inert=${this.isInert}>
        <button type="button" class="no" @click=${() => this.#close()}>
          ${
            kind === 'update' && review.replaces !== undefined
              ? html`<span>${words.put('consent.keepOld', { version: theirs(review.replaces, 40) })}</span>`
              : words.say('shared.cancel')
          }
        </button>
        ${
          mayAccept
            ? html`<button type="button" class="yes primary" @click=${() => this.#yes()}>
                ${verb ? words.say(verb, { n: missing }) : words.say(`consent.${kind}`)}
              </button>`
            : nothing
        }
      </div>
    `;
  }

  #renderUse({ question, line }: UseRequest): TemplateResult {
    const { words } = this;
    const { plugin } = question;
    const choices = [
      ['once', 'consent.once', 'consent.onceHint'],
      ['session', 'consent.session', 'consent.sessionHint'],
      ['always', 'consent.forGood', 'consent.forGoodHint'],
    ] as const;
    return html`
      <h2 id="title">${words.put('consent.askTitle', { plugin: theirs(shownName(plugin)) })}</h2>
      <div class="body stack" ?inert=${this.isInert}>
        <p class="subtle small">
          ${words.say('consent.host')} ${mono(plugin.id)} ${theirs(plugin.version, 40)}
        </p>
        ${lines(words, { line })}
        <fieldset>
          <legend>${words.say('consent.howLong')}</legend>
          ${choices.map(
            ([value, label, hint]) => html`
              <label class="choice">
                <input
                  type="radio"
                  name="duration"
                  value=${value}
                  .checked=${this.duration === value}
                  @change=${this.#handleDuration}
                />
                <span>${words.say(label)} <span class="subtle small">${words.say(hint)}</span></span>
              </label>
            `,
          )}
        </fieldset>
      </div>
      <div class="actions" ?inert=${this.isInert}>
        ${
          this.isMany
            ? html`<button type="button" class="quiet mute" @click=${() => this.#mute(plugin.id)}>
                ${words.say('consent.mute')}
              </button>`
            : nothing
        }
        <button type="button" class="no" @click=${() => this.#answer?.('no')}>${words.say('consent.no')}</button>
        <button type="button" class="yes primary" @click=${() => this.#yes()}>${words.say('consent.yes')}</button>
      </div>
    `;
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
