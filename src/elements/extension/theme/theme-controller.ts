// Keeps the theme of an element's document up to date while the element is connected.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { NO_THEME, readTheme, sameTheme, type Theme } from './theme.ts';

/** A switch of themes changes classes, attributes and sheets in a row: it is read once, when it has settled. */
const SETTLE_MS = 50;

export class ThemeController implements ReactiveController {
  readonly #element: ReactiveControllerHost & Element;
  #theme: Theme = NO_THEME;
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

  /** Reads the theme again, for what no browser tells of: `insertRule`, `adoptedStyleSheets`, a `disabled` sheet. */
  refresh(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const theme = readTheme(this.#element.ownerDocument);
    if (sameTheme(theme, this.#theme)) return;
    this.#theme = theme;
    this.#element.requestUpdate();
  }

  hostConnected(): void {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const { ownerDocument: document } = this.#element;
    const observer = new MutationObserver(this.#refreshSoon);
    observer.observe(document.documentElement, { attributes: true });
    observer.observe(document.head, { attributes: true, childList: true, characterData: true, subtree: true });
    signal.addEventListener('abort', () => observer.disconnect());
    // A sheet counts once it has loaded, and `load` does not bubble.
    document.head.addEventListener('load', this.#refreshSoon, { capture: true, signal });
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

  #refreshSoon = (): void => {
    this.#timer ??= setTimeout(() => this.refresh(), SETTLE_MS);
  };
}
