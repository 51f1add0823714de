// When a dialog that decides something takes an answer.

import type { ReactiveController, ReactiveControllerHost } from 'lit';

/**
 * Nothing in it works this long, in ms: a plugin knows when it is asked about, and could have somebody in the middle of a double
 * click, or typing, say yes (U7). The Escape key, which is a no, works at once.
 */
const INERT_MS = 500;

/** Those of the page. */
const armings = new Set<Arming>();

/** Whichever dialog lay below is the top one again, where a press may still be meant for the one that has gone. */
export function dialogClosed(): void {
  for (const arming of armings) arming.disarm();
}

export class Arming implements ReactiveController {
  readonly #element: ReactiveControllerHost & HTMLElement;
  readonly #isAsked: () => boolean;
  #isInert = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param isAsked whether there is a question */
  constructor(element: ReactiveControllerHost & HTMLElement, isAsked: () => boolean) {
    this.#element = element;
    this.#isAsked = isAsked;
    element.addController(this);
  }

  /** Whether nothing but a no is taken now. */
  get isInert(): boolean {
    return this.#isInert;
  }

  /** A question has come up, or somebody has come back to it: whoever does has to see what is asked first. */
  readonly disarm = (): void => {
    if (!this.#isAsked()) return;
    this.#set(true);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.arm, INERT_MS);
  };

  readonly arm = (): void => {
    clearTimeout(this.#timer);
    this.#set(false);
  };

  hostConnected(): void {
    armings.add(this);
    addEventListener('focus', this.disarm);
    this.#element.ownerDocument.addEventListener('visibilitychange', this.disarm);
  }

  hostDisconnected(): void {
    armings.delete(this);
    if (this.#isAsked()) dialogClosed();
    removeEventListener('focus', this.disarm);
    this.#element.ownerDocument.removeEventListener('visibilitychange', this.disarm);
  }

  #set(isInert: boolean): void {
    this.#isInert = isInert;
    this.#element.requestUpdate();
  }
}
