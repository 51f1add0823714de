import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { ClocheError } from '../../../errors.ts';
import type { PageLook } from '../../../frames/page-protocol.ts';
import type { Claims } from '../../../manifest/claims.ts';
import { dispose } from '../../../util/dispose.ts';
import { controls } from '../../base.styles.ts';
import { codeSpans } from '../../code-spans.ts';
import { ClocheElement, element } from '../../element.ts';
import '../../state/state.ts';
import '../dialog/dialog.ts';
import type { DialogAnswerEvent, PluginDialog } from '../dialog/dialog.ts';
import { type Asker, dialogQueue } from '../dialog/dialog-queue.ts';
import { BridgeMessageEvent, ExtensionFailedEvent } from '../extension-events.ts';
import { DEFAULT_MAX_HEIGHT } from '../frame-height.ts';
import type { ExtensionPlugin, ListedExtension } from '../host-like.ts';
import { nameOf } from '../listing.ts';
import { readColors } from '../theme/app-colors.ts';
import { contrast, type Rgb, TEXT_CONTRAST, WHITE } from '../theme/color.ts';
import { NO_THEME, type Theme } from '../theme/theme.ts';
import '../toasts/toasts.ts';
import type { PickUser } from '../bridge/user-picking.ts';
import type { PluginToasts } from '../toasts/toasts.ts';
import { pageWords } from '../words/page-words.ts';
import { OpenPage, type PageStage } from './open-page.ts';
import { styles } from './page.styles.ts';

/** A contribution and the plugin that it is of. */
export interface PageSource {
  readonly plugin: ExtensionPlugin;
  readonly contribution: ListedExtension;
}

/** Before the page has told of itself. */
const NO_LOOK: PageLook = { usesToken: false, hasScheme: false, text: [] };

/**
 * The page of one contribution in its frame, with the dialogs and toasts that it asks for. It opens when it is
 * connected and closes when it is removed; while it is hidden it runs on, and its dialogs wait.
 * Part of `<cloche-extension>`.
 *
 * @event {ExtensionFailedEvent} extensionfailed - It could not be shown, or was removed.
 * @event {BridgeMessageEvent} bridgemessage - It sent a message of a type that only the host app may know.
 */
@element('cloche-plugin-page')
export class PluginPage extends ClocheElement {
  static override styles = [ClocheElement.styles, controls, styles].flat();

  @property({ attribute: false }) source: PageSource | undefined;

  /** Changes whenever the page would be another one; it is opened anew then. */
  @property() revision = '';

  /** The state of the plugin, which is the same object in all of them. */
  @property() state: ExtensionPlugin['state'] = 'asleep';

  @property({ attribute: false }) theme: Theme = NO_THEME;
  /** What is behind the page. */
  @property({ attribute: false }) ground: Rgb = WHITE;
  @property({ attribute: false }) pickUser: PickUser | undefined;
  @property({ attribute: false }) claims: Claims | undefined;

  /** Largest height of the frame, in px. */
  @property({ type: Number }) maxHeight = DEFAULT_MAX_HEIGHT;

  /** Nonce of the host's policy for scripts and styles. */
  @property() policyNonce = '';

  readonly #words = pageWords(this);
  @state() private phase: 'loading' | 'shown' | 'failed' = 'loading';
  @state() private failure: ClocheError | undefined;
  @state() private look: PageLook = NO_LOOK;
  @state() private seeThrough = false;
  @query('.place') private place!: HTMLElement;
  @query('cloche-plugin-dialog') private dialog!: PluginDialog;
  @query('cloche-plugin-toasts') private toasts!: PluginToasts;
  /** Since the page is what it is. From the second on, trying again is not the only way out. */
  #failures = 0;
  #page: OpenPage | undefined;
  /** A hidden element has no size, so this tells the dialogs when it is shown or hidden. */
  readonly #sizes = new ResizeObserver(() => dialogQueue.next());

  readonly #asker: Asker = {
    isShown: () => this.#isShown,
    open: (question, canMute) => void Object.assign(this.dialog, { question, canMute }),
    close: () => void Object.assign(this.dialog, { question: undefined }),
  };

  /** Opens the page anew. What was entered in it is gone. */
  reload(): void {
    this.phase = 'loading';
    this.failure = undefined;
    this.#open();
  }

  #handleAnswer = ({ answer, mute }: DialogAnswerEvent): void => {
    if (mute) dialogQueue.mute();
    dialogQueue.settle(answer);
  };

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sizes.observe(this);
    if (this.hasUpdated) this.reload();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
    this.#close();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('look') || changed.has('ground')) {
      this.seeThrough = this.#seesThrough(this.look);
      this.#page?.prefer(this.look.hasScheme ? this.theme.colorScheme : undefined);
    }
    if (!this.#isAnother(changed)) return;
    this.phase = 'loading';
    this.failure = undefined;
    this.#failures = 0;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (this.#isAnother(changed)) this.#open();
    else if (changed.has('theme')) this.#page?.themeChanged();
  }

  /** Another host has another plugin of the same id, and what asks the old one would ask a host that may be closed. */
  #isAnother(changed: PropertyValues): boolean {
    if (changed.has('revision')) return true;
    const before: PageSource | undefined = changed.get('source');
    return before !== undefined && before.plugin !== this.source?.plugin;
  }

  #open(): void {
    this.#close();
    if (!this.source || !this.isConnected) return;
    this.look = NO_LOOK;
    this.#page = new OpenPage(this.#stage(this.source), this.source.plugin, this.source.contribution);
  }

  #close(): void {
    // First, so that the page still hears that nobody will answer.
    dialogQueue.withdraw(this.#asker);
    this.#page?.[dispose]();
    this.#page = undefined;
    this.toasts?.clear();
  }

  #stage({ plugin, contribution }: PageSource): PageStage {
    return {
      words: this.#words,
      place: this.place,
      policyNonce: this.policyNonce,
      maxHeight: () => this.maxHeight,
      isShown: () => this.#isShown,
      ask: (question, answer) => dialogQueue.ask(this.#asker, question, answer),
      toast: (toast) => this.toasts.show(toast),
      theme: () => this.theme,
      claims: () => this.claims,
      picker: () => this.pickUser,
      other: (message, reply) =>
        void this.dispatchEvent(new BridgeMessageEvent(plugin.id, contribution.id, message, reply)),
      look: (look) => {
        this.look = look;
      },
      revealed: () => {
        this.phase = 'shown';
      },
      failed: (error) => {
        this.#close();
        this.#failures++;
        this.failure = error;
        this.phase = 'failed';
        this.dispatchEvent(new ExtensionFailedEvent(plugin.id, contribution.id, error));
      },
    };
  }

  /** Without a box it is hidden, or in something that is. */
  get #isShown(): boolean {
    return this.getClientRects().length > 0;
  }

  /** A page that knows nothing of the app is black on white; one that does is shown where its text can be read. */
  #seesThrough({ usesToken, hasScheme, text }: PageLook): boolean {
    const short = (ground: Rgb): number =>
      readColors(this, text, ground).filter((color) => contrast(color, ground) < TEXT_CONTRAST).length;
    return (usesToken || hasScheme) && short(this.ground) <= short(WHITE);
  }

  override render(): TemplateResult | typeof nothing {
    const { plugin } = this.source ?? {};
    if (!plugin) return nothing;
    return html`
      ${this.state === 'quarantined' ? this.#renderQuarantine(plugin) : nothing}
      ${plugin.needsServer.size > 0 ? this.#renderNeeds(plugin) : nothing}
      ${this.phase === 'loading' ? html`<p class="loading subtle" role="status">${this.#words.put('page.loading', { plugin: html`<bdi>${nameOf(plugin)}</bdi>` })}</p>` : nothing}
      ${this.failure ? this.#renderFailure(this.failure, plugin) : nothing}
      <div class="place ${this.phase} ${this.seeThrough ? 'see-through' : ''}"></div>
      <cloche-plugin-toasts .pluginName=${nameOf(plugin)}></cloche-plugin-toasts>
      <cloche-plugin-dialog
        .plugin=${plugin.id}
        .pluginName=${nameOf(plugin)}
        @cloche-dialog-answer=${this.#handleAnswer}
      ></cloche-plugin-dialog>
    `;
  }

  /** For people; what exactly happened is for whoever wrote the plugin, and in the event as well. */
  #renderFailure(failure: ClocheError, plugin: ExtensionPlugin) {
    const key = failure.code === 'FRAME_NAVIGATED' ? 'page.left' : 'page.failed';
    return html`
      <div class="failure" role="alert">
        <p>${this.#words.put(key, { plugin: html`<bdi>${nameOf(plugin)}</bdi>` })}</p>
        <details>
          <summary>${this.#words.say('page.details')}</summary>
          <p class="theirs">${codeSpans(failure.message)}</p>
        </details>
        <div class="actions">
          <button type="button" class="again" @click=${() => this.reload()}>${this.#words.say('page.again')}</button>
          ${this.#failures > 1 ? renderAction('off', this.#words.say('page.switchOff'), () => plugin.disable()) : nothing}
        </div>
      </div>
    `;
  }

  #renderQuarantine(plugin: ExtensionPlugin) {
    return html`
      <div class="notice">
        <cloche-state state="quarantined" .word=${this.#words.say('page.quarantine')}></cloche-state>
        <span>${this.#words.say('page.quarantined')}</span>
        ${renderAction('on', this.#words.say('page.release'), () => plugin.enable())}
      </div>
    `;
  }

  #renderNeeds({ needsServer }: ExtensionPlugin) {
    const words = this.#words;
    // The host says in English what of it.
    const isEnglish = /^en\b/i.test(words.language);
    return html`
      <div class="notice">
        <cloche-state state="needs-server" .word=${words.say('page.server')}></cloche-state>
        <span class="subtle">${isEnglish ? [...needsServer.values()].join(' ') : words.say('page.needsServer')}</span>
      </div>
    `;
  }
}

/** What fails here is told where the host app hears of its own faults: the storage of plugins is its own. */
function renderAction(kind: string, label: string, act: () => Promise<void>) {
  return html`<button type="button" class=${kind} @click=${() => act().catch(reportError)}>${label}</button>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'cloche-plugin-page': PluginPage;
  }
}
