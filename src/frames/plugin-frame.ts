// Shows a plugin's own page, from its package, in two sandboxed frames, and gives it a channel to its plugin alone.

import { ClocheError, messageOf } from '../errors.ts';
import { dispose } from '../util/dispose.ts';
import { loadChunk } from '../util/load-chunk.ts';
import { visibleText } from '../util/text/visible-text.ts';
import { trustedHtml } from '../util/trusted-types.ts';
import { AssetFinder } from './asset-finder.ts';
import type { FrameOptions, PluginFrame } from './frame.ts';
import { outerDocument, sandboxFlags } from './frame-documents.ts';
import type { ColorScheme, FollowScheme } from './page-protocol.ts';
import { type PageSession, startSession } from './page-session.ts';
import { pluginPath } from './plugin-url.ts';
import type { PreparedPage } from './prepare-page.ts';
import { RequestHandler } from './request-handler.ts';

export type { FrameOptions, PluginFrame } from './frame.ts';

/** A page that reloads itself without end costs the host as much as one that spins. */
const MOST_VISITS_A_MINUTE = 30;
const MOST_WARNINGS = 100;

/**
 * Puts the page into `parent` and resolves when it runs.
 * @throws {ClocheError} FRAME_FAILED when the package has no such page or it cannot run here, FRAME_NAVIGATED when it
 * leaves at once, ABORTED by `signal`
 */
export async function openFrame(parent: Element | ShadowRoot, options: FrameOptions): Promise<PluginFrame> {
  const frame = new Frame(parent, { ...options, warn: limited(options) });
  await frame.open();
  return frame;
}

class Frame implements PluginFrame {
  readonly element = document.createElement('iframe');
  readonly #parent: Element | ShadowRoot;
  readonly #options: FrameOptions;
  readonly #finder: AssetFinder;
  readonly #closing = new AbortController();
  /** When the last visits began. */
  #begun: number[] = [];
  #session: PageSession | undefined;
  #newest = 0;
  /** Hears how the frame ends: whoever opens it, then whoever has it. */
  #tell: (error: ClocheError) => void;

  constructor(parent: Element | ShadowRoot, options: FrameOptions) {
    this.#parent = parent;
    this.#options = options;
    this.#tell = options.failed;
    this.#finder = new AssetFinder(`${hostOrigin(options)}${pluginPath(options.plugin)}assets/`, options.assets);
    const { element } = this;
    element.title = options.title;
    element.setAttribute('sandbox', sandboxFlags(options.modals));
    element.setAttribute('allow', '');
    element.referrerPolicy = 'no-referrer';
    element.style.cssText = 'display: block; width: 100%; border: 0';
  }

  async open(): Promise<void> {
    const { promise: ended, reject } = Promise.withResolvers<never>();
    const { page, plugin, signal, failed } = this.#options;
    this.#tell = reject;
    const abort = (): void => this.#end(new ClocheError('ABORTED', 'Opening the frame was aborted', { plugin }));
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { signal: this.#closing.signal });
    await Promise.race([this.#show(this.#finder.url(page)), ended]);
    this.#tell = failed;
    // From here on an abort is what `close()` is: no failure.
    signal?.removeEventListener('abort', abort);
    signal?.addEventListener('abort', () => this.close(), { signal: this.#closing.signal });
  }

  send(message: object): void {
    this.#session?.send(message);
  }

  prefer(scheme: ColorScheme | undefined): void {
    this.element.style.colorScheme = scheme ?? 'light';
    const follows = scheme !== undefined;
    this.element.contentWindow?.postMessage({ type: 'CLOCHE_SCHEME', follows } satisfies FollowScheme, '*');
  }

  close(): void {
    this.#closing.abort();
    this.#session?.[dispose]();
    this.element.remove();
  }

  /** As `close`. */
  [dispose](): void {
    this.close();
  }

  /** Puts the page at a URL into the frame, in place of the one that is there. */
  async #show(url: string): Promise<void> {
    const id = ++this.#newest;
    const nonce = randomNonce();
    const options = this.#options;
    const page = await this.#ready(url, nonce).catch((thrown) => this.#end(this.#unreadable(thrown)));
    if (page === undefined || id !== this.#newest || this.#closing.signal.aborted) return;
    const isFirst = this.#session === undefined;
    this.#session?.[dispose]();
    const requests = new RequestHandler(options, this.#finder, page.files);
    this.#session = startSession(this.element, nonce, options, requests, {
      ended: (error) => this.#end(error),
      go: (next) => this.#go(next),
    });
    const flags = sandboxFlags(options.modals);
    this.element.srcdoc = trustedHtml(outerDocument(page.attribute, flags, nonce, options.policyNonce));
    // Not before: an empty frame would load once by itself.
    if (isFirst) this.#parent.append(this.element);
    await this.#session.ready;
  }

  async #ready(url: string, nonce: string): Promise<PreparedPage> {
    const { preparePage: readyPage } = await loadChunk(() => import('./prepare-page.ts'));
    return readyPage(url, nonce, { ...this.#options, signal: this.#closing.signal }, this.#finder);
  }

  /** A page may go to another page of its package, and to itself. */
  #go(url: string): void {
    const now = performance.now();
    this.#begun = [...this.#begun.filter((time) => now - time < 60_000), now];
    const { plugin, warn } = this.#options;
    if (this.#begun.length > MOST_VISITS_A_MINUTE) {
      this.#end(new ClocheError('FRAME_FAILED', `The page of plugin \`${plugin}\` reloads on and on`, { plugin }));
    } else if (this.#finder.find(url, url)) {
      void this.#show(url);
    } else {
      warn?.(`The page wanted to go to ${url}, which is not a page of its package`);
    }
  }

  #unreadable(cause: unknown): ClocheError {
    if (cause instanceof ClocheError) return cause;
    const { plugin } = this.#options;
    const message = `The page of plugin \`${plugin}\` could not be read: ${messageOf(cause)}`;
    return new ClocheError('FRAME_FAILED', message, { plugin, cause });
  }

  #end(error: ClocheError): void {
    if (this.#closing.signal.aborted) return;
    this.close();
    this.#tell(error);
  }
}

/** Not of `location`, which has none in a `srcdoc` document. */
function hostOrigin({ plugin }: FrameOptions): string {
  if (window.origin !== 'null') return window.origin;
  const message = `The page of plugin \`${plugin}\` cannot be shown in a page that has no origin, such as a sandboxed one`;
  throw new ClocheError('FRAME_FAILED', message, { plugin });
}

function randomNonce(): string {
  // Not randomUUID(): that is for secure contexts only.
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(36)).join('-');
}

function limited({ plugin, warn }: FrameOptions): NonNullable<FrameOptions['warn']> {
  let left = MOST_WARNINGS;
  return (text, byPage) => {
    if (left-- > 0) warn?.(visibleText(`${plugin}: ${text}`, 500), byPage);
  };
}
