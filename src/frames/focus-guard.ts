// Keeps a frame from taking the focus out of a field in which the user types (U9): the rest would go to the plugin. What
// happens in the frame cannot be seen from here, so this goes by the pointer and the keys.

/** How long after a key that moves the focus it may have moved by it, in ms. */
const MOVE_MS = 300;
/** How long after a key the user counts as typing, in ms. */
const TYPING_MS = 700;

const FIELDS = 'input, textarea, select, [contenteditable]:not([contenteditable="false"])';

/** Watches a frame until `signal` aborts. Where nobody types the focus is left to whoever takes it. */
export function guardFocus(frame: HTMLIFrameElement, signal: AbortSignal): void {
  const page = frame.ownerDocument;
  let field: HTMLElement | undefined;
  let key = '';
  let pressed = Number.NEGATIVE_INFINITY;
  let entered = Number.NEGATIVE_INFINITY;

  const isWanted = (): boolean => {
    const now = performance.now();
    if (key === 'Tab' || key === 'F6') return now - pressed < MOVE_MS;
    return frame.matches(':hover') && (entered > pressed || now - pressed > TYPING_MS);
  };
  const watch = { capture: true, signal };
  frame.addEventListener('pointerover', ({ timeStamp }) => (entered = timeStamp), watch);
  page.addEventListener(
    'keydown',
    (event) => {
      key = event.key;
      pressed = event.timeStamp;
    },
    watch,
  );
  page.addEventListener(
    'focusin',
    () => {
      const active = deepActive(page);
      field = active instanceof HTMLElement && active.matches(FIELDS) ? active : undefined;
    },
    watch,
  );
  // The window loses the focus when a frame in it gets it.
  page.defaultView?.addEventListener(
    'blur',
    () => {
      if (field && deepActive(page) === frame && !isWanted()) field.focus({ preventScroll: true });
    },
    { signal },
  );
}

/** The focused element, within shadow roots too. */
function deepActive(page: Document): Element | null {
  let active = page.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active;
}
