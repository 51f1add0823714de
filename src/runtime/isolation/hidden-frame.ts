// A frame of ours that nobody sees, and whose end is noticed.

import { ClocheError } from '../../errors.ts';
import { dispose } from '../../util/dispose.ts';
import { Deadline } from '../../util/time/deadline.ts';
import { trustedHtml } from '../../util/trusted-types.ts';
import { frameRemoved, guardFrame } from './frame-guard.ts';

/** How long the frame may take to load, in ms: it needs no network. */
const LOAD_MS = 10_000;

export class HiddenFrame implements Disposable {
  readonly #element: HTMLIFrameElement;
  readonly #guard: Disposable;
  #isGone = false;

  /** Called once, when the page takes the frame away. */
  onGone: (() => void) | undefined;

  constructor(element: HTMLIFrameElement) {
    this.#element = element;
    // Beside the body: pages and frameworks empty the body, and all plugins would go with the frame.
    document.documentElement.append(element);
    this.#guard = guardFrame(element, () => {
      this.#isGone = true;
      this.onGone?.();
    });
  }

  /** @throws {ClocheError} FRAME_REMOVED */
  get window(): Window & typeof globalThis {
    const { contentWindow } = this.#element;
    if (!this.isAttached()) throw frameRemoved();
    return contentWindow as Window & typeof globalThis;
  }

  isAttached(): boolean {
    return !this.#isGone && this.#element.isConnected;
  }

  [dispose](): void {
    this.#guard[dispose]();
    this.#element.remove();
  }
}

/**
 * Unseen like one that is hidden, but laid out: a process that has only frames without a layout gets the priority of a tab in the
 * background, from Chromium.
 */
const NO_PLACE = Object.entries({
  display: 'block',
  visibility: 'visible',
  position: 'fixed',
  width: '0',
  height: '0',
  'min-width': '0',
  'min-height': '0',
  padding: '0',
  border: '0',
  'pointer-events': 'none',
});

/** Whatever the page's own rules for frames are. */
function takeNoPlace({ style }: HTMLIFrameElement): void {
  for (const [name, value] of NO_PLACE) style.setProperty(name, value, 'important');
}

/**
 * Opens a frame, and resolves when it has loaded.
 * @param sandbox what it may do in an opaque origin; undefined for a frame of the page's own origin
 * @throws {ClocheError} START_FAILED; FRAME_REMOVED when the page takes the frame away before that
 */
export async function openFrame(html: string, sandbox?: string): Promise<HiddenFrame> {
  const element = document.createElement('iframe');
  if (sandbox !== undefined) element.setAttribute('sandbox', sandbox);
  element.setAttribute('aria-hidden', 'true');
  element.setAttribute('tabindex', '-1');
  element.title = 'Cloche';
  if (sandbox === undefined) element.hidden = true;
  else takeNoPlace(element);
  element.srcdoc = trustedHtml(html);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  element.addEventListener('load', () => resolve(), { once: true });
  const frame = new HiddenFrame(element);
  frame.onGone = () => reject(frameRemoved());
  const deadline = new Deadline(LOAD_MS, () => {
    reject(new ClocheError('START_FAILED', `The frame that plugins run in did not load within ${LOAD_MS} ms`));
  });
  try {
    await promise;
    return frame;
  } catch (thrown) {
    frame[dispose]();
    throw thrown;
  } finally {
    deadline[dispose]();
  }
}
