// One showing of a plugin's page, from opening its frame to closing it: the frame, its bridge, its height.

import { ClocheError, messageOf } from '../../../errors.ts';
import type { ColorScheme, PageLook } from '../../../frames/page-protocol.ts';
import type { PluginFrame } from '../../../frames/plugin-frame.ts';
import type { Claims } from '../../../manifest/claims.ts';
import type { PageProtocol } from '../../../manifest/page-messages.ts';
import { dispose } from '../../../util/dispose.ts';
import { loadChunk } from '../../../util/load-chunk.ts';
import type { Words } from '../../words/words.ts';
import { Bridge, type BridgeSurface } from '../bridge/bridge.ts';
import { leaveFor, leaveQuestion } from '../bridge/leave-question.ts';
import { type PickUser, UserPicking } from '../bridge/user-picking.ts';
import { FocusGuard } from '../focus-guard.ts';
import { FrameHeight } from '../frame-height.ts';
import type { ExtensionPlugin, ListedExtension } from '../host-like.ts';
import { labelOf, nameOf } from '../listing.ts';

/** A page that never says that it is ready is shown all the same, after this many ms. */
const READY_MS = 3_000;
/** What the contract shows where a contribution names no page. */
const DEFAULT_PAGE = 'index.html';

/** Of a dialect without words for pages: only the host app may know what they say. */
const UNKNOWN: PageProtocol = {
  read: (data) => (isTyped(data) ? { type: 'other', message: data } : undefined),
  write: (message) => message,
};

/** Whoever shows the page. */
export interface PageStage extends Pick<BridgeSurface, 'ask' | 'toast' | 'theme'> {
  /** What is said of it. */
  readonly words: Words;
  /** Where the frame goes. */
  readonly place: HTMLElement;
  /** Nonce of the host's policy for scripts and styles, which frames inherit; empty for none. */
  readonly policyNonce: string;
  /** Largest height of the frame, in px. */
  maxHeight(): number;
  /** Whether people can see the page. */
  isShown(): boolean;
  /** Whom the page is shown to, by the word of the host app. */
  claims(): Claims | undefined;
  /** How the host app lets a user be picked; undefined where it does not. */
  picker(): PickUser | undefined;
  /** A message that only the host app may know, and how to answer it. */
  other(message: { readonly type: string }, reply: (message: object) => void): void;
  /** How the page looks now. */
  look(look: PageLook): void;
  /** The page may be seen now. */
  revealed(): void;
  /** The page is gone, and will not come back by itself. */
  failed(error: ClocheError): void;
}

export class OpenPage implements Disposable {
  readonly #stage: PageStage;
  readonly #plugin: ExtensionPlugin;
  readonly #contribution: ListedExtension;
  readonly #closing = new AbortController();
  readonly #height: FrameHeight;
  readonly #picking: UserPicking;
  #bridge: Bridge | undefined;
  readonly #timer: ReturnType<typeof setTimeout>;
  #frame: PluginFrame | undefined;
  #guard: FocusGuard | undefined;

  constructor(stage: PageStage, plugin: ExtensionPlugin, contribution: ListedExtension) {
    this.#stage = stage;
    this.#plugin = plugin;
    this.#contribution = contribution;
    this.#height = new FrameHeight(() => stage.maxHeight());
    this.#picking = new UserPicking(plugin.id);
    this.#timer = setTimeout(() => stage.revealed(), READY_MS);
    void this.#open();
  }

  themeChanged(): void {
    this.#bridge?.themeChanged();
  }

  /** Lets the page prefer a scheme, if it declares any. */
  prefer(scheme: ColorScheme | undefined): void {
    this.#frame?.prefer(scheme);
  }

  /** Takes the page away. What it has asked must have been answered by then. */
  [dispose](): void {
    clearTimeout(this.#timer);
    this.#picking.close();
    this.#guard?.[dispose]();
    this.#closing.abort();
    this.#frame?.close();
    this.#frame = undefined;
  }

  async #open(): Promise<void> {
    const plugin = this.#plugin;
    const { signal } = this.#closing;
    try {
      this.#fit();
      const [{ openFrame }, protocol] = await Promise.all([
        loadChunk(() => import('../../../frames/plugin-frame.ts')),
        plugin.pageProtocol(),
      ]);
      const bridge = new Bridge(this.#surface(), protocol ?? UNKNOWN);
      this.#bridge = bridge;
      this.#frame = await openFrame(this.#stage.place, {
        plugin: plugin.id,
        title: this.#title,
        page: this.#contribution.component || DEFAULT_PAGE,
        assets: plugin.manifest.assets.map(({ path }) => path),
        asset: (path) => plugin.asset(path),
        fetch: (request) => plugin.fetch(request, claimed(this.#stage.claims())),
        receive: (message) => bridge.receive(message),
        failed: (error) => this.#fail(error),
        look: (look) => this.#stage.look(look),
        modals: plugin.grants.has('dialogs'),
        link: (url) =>
          this.#stage.ask(leaveQuestion(this.#stage.words, url), (answer) => answer === 'confirm' && leaveFor(url)),
        warn(text, byPage) {
          console.warn(text);
          if (!byPage) plugin.warn?.(text);
        },
        ...(this.#stage.policyNonce && { policyNonce: this.#stage.policyNonce }),
        signal,
      });
      this.#guard = new FocusGuard(this.#frame.element, {
        isShown: () => this.#stage.isShown(),
        robbed: () => this.#fail(keepsFocus(plugin.id)),
      });
    } catch (thrown) {
      if (!signal.aborted) this.#fail(asClocheError(thrown, plugin.id));
    }
  }

  get #title(): string {
    const plugin = nameOf(this.#plugin);
    return this.#stage.words.say('page.titled', { page: labelOf(this.#contribution, this.#plugin), plugin });
  }

  #surface(): BridgeSurface {
    const stage = this.#stage;
    const send = (message: object): void => this.#frame?.send(message);
    return {
      send,
      ready: () => {
        clearTimeout(this.#timer);
        stage.revealed();
      },
      resize: (height) => {
        // A frame that is not drawn is 0 px high, and so is what its page reports.
        if (!stage.isShown()) return;
        this.#height.report(height);
        this.#fit();
      },
      ask: (question, answer) => stage.ask(question, answer),
      toast: (toast) => stage.toast(toast),
      pickUser: (currentUserId, picked) => {
        const pickUser = stage.isShown() ? stage.picker() : undefined;
        if (pickUser) void this.#picking.ask(pickUser, currentUserId, picked);
      },
      theme: () => stage.theme(),
      other: (message) => stage.other(message, send),
    };
  }

  #fit(): void {
    this.#stage.place.style.height = `${this.#height.px}px`;
  }

  #fail(error: ClocheError): void {
    this[dispose]();
    this.#stage.failed(error);
  }
}

function claimed(claims: Claims | undefined): { claims?: Claims } {
  return claims ? { claims } : {};
}

function isTyped(data: unknown): data is { readonly type: string } {
  return typeof data === 'object' && data !== null && 'type' in data && typeof data.type === 'string';
}

function keepsFocus(plugin: string): ClocheError {
  const what = 'kept taking the keyboard away from what was being typed elsewhere; it was removed';
  return new ClocheError('FRAME_FAILED', `The page of plugin \`${plugin}\` ${what}`, { plugin });
}

function asClocheError(thrown: unknown, plugin: string): ClocheError {
  if (thrown instanceof ClocheError) return thrown;
  const message = `The page of plugin \`${plugin}\` could not be opened: ${messageOf(thrown)}`;
  return new ClocheError('FRAME_FAILED', message, { plugin, cause: thrown });
}
