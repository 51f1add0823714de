// Gives the keyboard back when a plugin's page takes it by itself (U9): what is typed into a field of the host must not
// go on in a plugin. WebKit refuses such a focus natively; Chromium and Firefox let a frame take it, hidden or not.
// Screen readers move the focus without a gesture too, so only what is worth protecting is protected.

import { dispose } from '../../util/dispose.ts';

/** Robbed this often within this time, in ms, the page is hostile: people are slower. */
const MOST_TIMES = 10;
const WITHIN_MS = 5_000;
/** How long after the Tab key, in ms, the focus may arrive in a frame. */
const TAB_MS = 1_000;
/**
 * How long browsers at most count a key as a gesture, in ms.
 * https://html.spec.whatwg.org/multipage/interaction.html#transient-activation-duration
 */
const GESTURE_MS = 5_000;
/** A finger on the frame is not seen from here on its way. On a touch screen a tap this long after a key, in ms, is one. */
const TAP_MS = 1_000;

/**
 * After the window lost the focus, in ms. In Chromium the document hears later who has it now, the more so under load,
 * and what is done about it before that is lost.
 */
const CHECKS_MS = [0, 50, 150, 400];

export interface GuardListeners {
  /** Whether people can see the frame. */
  isShown(): boolean;
  /** The page would not leave off. */
  robbed(): void;
}

export class FocusGuard implements Disposable {
  readonly #frame: HTMLIFrameElement;
  readonly #listeners: GuardListeners;
  readonly #stopping = new AbortController();
  /** What had the focus in our document. */
  #owner: EventTarget | undefined;
  /** Whether it loses it right now: with the window, where a frame has taken it. */
  #isLosing = false;
  // When these were last seen in our document; what happens in a frame is not.
  #tabAt = Number.NEGATIVE_INFINITY;
  #keyAt = Number.NEGATIVE_INFINITY;
  #pointerAt = Number.NEGATIVE_INFINITY;
  #thefts: number[] = [];

  constructor(frame: HTMLIFrameElement, listeners: GuardListeners) {
    this.#frame = frame;
    this.#listeners = listeners;
    this.#owner = deepFocus();
    const options = { capture: true, passive: true, signal: this.#stopping.signal };
    document.addEventListener('focusin', (event) => (this.#owner = event.composedPath()[0]), options);
    document.addEventListener('focusout', this.#handleLoss, options);
    document.addEventListener('keydown', this.#handleKey, options);
    document.addEventListener('pointermove', this.#handlePointer, options);
    document.addEventListener('pointerdown', this.#handlePointer, options);
    // A frame that gets the focus takes it from this window; there is no other event.
    addEventListener('blur', this.#handleBlur, options);
  }

  [dispose](): void {
    this.#stopping.abort();
  }

  #handleKey = ({ key }: KeyboardEvent): void => {
    if (key === 'Tab') this.#tabAt = performance.now();
    else this.#keyAt = performance.now();
  };

  #handlePointer = (): void => {
    this.#pointerAt = performance.now();
  };

  #handleLoss = (): void => {
    this.#isLosing = true;
    setTimeout(() => (this.#isLosing = false));
  };

  #handleBlur = ({ target }: FocusEvent): void => {
    // Those of elements come by here as well.
    if (target !== window) return;
    const hasLost = this.#isLosing;
    for (const ms of CHECKS_MS) setTimeout(() => this.#check(hasLost), ms);
  };

  #check(hasLost: boolean): void {
    if (this.#stopping.signal.aborted || this.#isWelcome()) return;
    const focused = deepFocus();
    if (focused === this.#frame) this.#takeBack();
    // Firefox itself takes it from a frame under a modal dialog when it draws, and nobody has it then.
    else if (hasLost && focused === document.body && document.hasFocus()) this.#giveToOwner();
  }

  #takeBack(): void {
    // First, since an owner that is not there any more, or cannot have it, would leave it with the frame.
    this.#frame.blur();
    window.focus();
    this.#giveToOwner();
    const now = performance.now();
    this.#thefts = [...this.#thefts.filter((time) => now - time < WITHIN_MS), now];
    if (this.#thefts.length < MOST_TIMES) return;
    this[dispose]();
    this.#listeners.robbed();
  }

  #giveToOwner(): void {
    if (this.#owner instanceof HTMLElement) this.#owner.focus({ preventScroll: true });
  }

  #isWelcome(): boolean {
    // Nobody can go into a frame that is hidden, or under a modal dialog.
    if (!this.#listeners.isShown() || isCovered(this.#frame, this.#owner)) return false;
    return !takesText(this.#owner) || this.#hasGesture(performance.now());
  }

  #hasGesture(now: number): boolean {
    if (now - this.#tabAt < TAB_MS) return true;
    // A click inside the frame is a gesture for this window too, and so is a key in a field of ours.
    if (!navigator.userActivation?.isActive) return false;
    const keyCounts = matchMedia('(hover: hover)').matches ? GESTURE_MS : TAP_MS;
    return this.#pointerAt > this.#keyAt || now - this.#keyAt > keyCounts;
  }
}

function deepFocus(): Element | undefined {
  let focused = document.activeElement ?? undefined;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused;
}

/** Whether the owner is in a modal dialog that the frame is not part of. */
function isCovered(frame: Element, owner: EventTarget | undefined): boolean {
  const dialog = owner instanceof Element ? owner.closest('dialog:modal') : null;
  if (!dialog) return false;
  let node: Node | null = frame;
  while (node && node !== dialog) node = node instanceof ShadowRoot ? node.host : node.parentNode;
  return node === null;
}

const NO_TEXT = new Set(['button', 'checkbox', 'color', 'file', 'image', 'radio', 'range', 'reset', 'submit']);

function takesText(target: EventTarget | undefined): boolean {
  if (target instanceof HTMLInputElement) return !NO_TEXT.has(target.type);
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable);
}
