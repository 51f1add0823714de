// Keeps the app's look, as an element draws and tells it, up to date while the element is connected.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { surroundings, withAppColors } from './app-colors.ts';
import { type Palette, paletteFor } from './palette.ts';
import { NO_THEME, readTheme, sameTheme, type Theme } from './theme.ts';

/** A switch of themes changes classes, attributes and sheets in a row: it is read once, when it has settled. */
const SETTLE_MS = 50;

export class ThemeController implements ReactiveController {
  readonly #element: ReactiveControllerHost & Element;
  #theme: Theme = NO_THEME;
  #palette: Palette | undefined;
  #isDrawn = false;
  #stop = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(element: ReactiveControllerHost & Element) {
    this.#element = element;
    element.addController(this);
  }

  /** The same object for as long as nothing changed. */
  get theme(): Theme {
    return this.#theme;
  }

  /** What to draw with where the element stands; undefined before it was connected. */
  get palette(): Palette | undefined {
    return this.#palette;
  }

  /** Reads the theme again, for what no browser tells of: `insertRule`, `adoptedStyleSheets`, a `disabled` sheet. */
  refresh(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isDrawn = this.#element.checkVisibility();
    const palette = withAppColors(this.#element, paletteFor);
    const theme = readTheme(this.#element.ownerDocument, palette);
    if (sameTheme(theme, this.#theme) && samePalette(palette, this.#palette)) return;
    if (!sameTheme(theme, this.#theme)) this.#theme = theme;
    this.#palette = palette;
    this.#element.requestUpdate();
  }

  hostConnected(): void {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const { ownerDocument: document } = this.#element;
    const observer = new MutationObserver(this.#refreshSoon);
    for (const around of surroundings(this.#element)) observer.observe(around, { attributes: true });
    observer.observe(document.head, { attributes: true, childList: true, characterData: true, subtree: true });
    // Before its slot is there, an element has no style at all, and is told of none.
    const sizes = new ResizeObserver(() => {
      if (!this.#isDrawn) this.refresh();
    });
    sizes.observe(this.#element);
    signal.addEventListener('abort', () => {
      observer.disconnect();
      sizes.disconnect();
    });
    // A sheet counts once it has loaded, and `load` does not bubble.
    document.head.addEventListener('load', this.#refreshSoon, { capture: true, signal });
    // Read in the middle of one, a colour is neither that of before nor that of after.
    document.addEventListener('transitionend', this.#handleTransition, { capture: true, signal });
    for (const query of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)']) {
      matchMedia(query).addEventListener('change', this.#refreshSoon, { signal });
    }
    this.refresh();
  }

  hostDisconnected(): void {
    this.#stop.abort();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #handleTransition = ({ propertyName }: TransitionEvent): void => {
    if (propertyName.endsWith('color')) this.#refreshSoon();
  };

  #refreshSoon = (): void => {
    this.#timer ??= setTimeout(() => this.refresh(), SETTLE_MS);
  };
}

function samePalette(a: Palette, b: Palette | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
