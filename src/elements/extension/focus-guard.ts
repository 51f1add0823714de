// Gives the keyboard back when a plugin's page takes it by itself (U9): what is typed into a field of the host must not
// go on in a plugin. WebKit refuses such a focus natively; Chromium and Firefox let a frame take it, hidden or not.

/** Robbed this often within this time, in ms, the page is hostile: people are slower. */
const MOST_TIMES = 10;
const WITHIN_MS = 5_000;
/** How long after the Tab key, in ms, the focus may arrive in a frame. */
const TAB_MS = 1_000;
/** How long browsers at most count a gesture, in ms. A younger one in our own document may be all that they saw. */
const GESTURE_MS = 5_000;
/** On a touch screen, a tap this long after the last key, in ms, is taken for one on the frame. */
const TYPING_MS = 1_000;

export interface GuardListeners {
  /** Whether people can see the frame. */
  isShown(): boolean;
  /** The page would not leave off. */
  robbed(): void;
}

export class FocusGuard {
  readonly #frame: HTMLIFrameElement;
  readonly #listeners: GuardListeners;
  readonly #stopping = new AbortController();
  /** What had the focus in our document. */
  #last: EventTarget | undefined;
  #keyAt = Number.NEGATIVE_INFINITY;
  #tabAt = Number.NEGATIVE_INFINITY;
  #gestureAt = Number.NEGATIVE_INFINITY;
  #thefts: number[] = [];

  constructor(frame: HTMLIFrameElement, listeners: GuardListeners) {
    this.#frame = frame;
    this.#listeners = listeners;
    this.#last = deepFocus(document);
    const options = { capture: true, passive: true, signal: this.#stopping.signal };
    document.addEventListener('focusin', (event) => (this.#last = event.composedPath()[0]), options);
    document.addEventListener('keydown', this.#handleKey, options);
    document.addEventListener('pointerdown', () => (this.#gestureAt = performance.now()), options);
    // A frame that gets the focus takes it from this window; there is no other event.
    addEventListener('blur', () => queueMicrotask(this.#check), options);
  }

  stop(): void {
    this.#stopping.abort();
  }

  #handleKey = ({ key }: KeyboardEvent): void => {
    this.#gestureAt = performance.now();
    if (key === 'Tab') this.#tabAt = this.#gestureAt;
    else this.#keyAt = this.#gestureAt;
  };

  #check = (): void => {
    if (deepFocus(document) !== this.#frame || this.#isWanted()) return;
    const owner = this.#last;
    if (owner instanceof HTMLElement) owner.focus({ preventScroll: true });
    // Whoever is not there any more, or cannot have it, at least keeps it from the frame.
    if (deepFocus(document) === this.#frame) this.#frame.blur();
    const now = performance.now();
    this.#thefts = [...this.#thefts.filter((time) => now - time < WITHIN_MS), now];
    if (this.#thefts.length < MOST_TIMES) return;
    this.stop();
    this.#listeners.robbed();
  };

  /** Screen readers move the focus without a gesture, so only what is worth protecting is protected. */
  #isWanted(): boolean {
    if (!this.#listeners.isShown()) return false;
    return !isProtected(this.#last) || this.#hasGesture(performance.now());
  }

  #hasGesture(now: number): boolean {
    if (now - this.#tabAt < TAB_MS || this.#frame.matches(':hover')) return true;
    // A click inside the frame counts as a gesture for this window too.
    if (!navigator.userActivation?.isActive) return false;
    const isOurs = now - this.#gestureAt < GESTURE_MS;
    return !isOurs || (!matchMedia('(hover: hover)').matches && now - this.#keyAt > TYPING_MS);
  }
}

function deepFocus(root: Document): Element | undefined {
  let focused = root.activeElement ?? undefined;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused;
}

/** A field, or a dialog that holds up the page: both may get keys that are nobody else's. */
function isProtected(owner: EventTarget | undefined): boolean {
  return takesText(owner) || (owner instanceof Element && owner.closest('dialog:modal') !== null);
}

const NO_TEXT = new Set(['button', 'checkbox', 'color', 'file', 'image', 'radio', 'range', 'reset', 'submit']);

function takesText(target: EventTarget | undefined): boolean {
  if (target instanceof HTMLInputElement) return !NO_TEXT.has(target.type);
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable);
}
