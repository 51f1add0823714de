// A file that somebody drags over the page, and lets go.

import type { ReactiveController, ReactiveControllerHost } from 'lit';

interface Taker {
  /** Whether a file can be taken now. */
  isOn(): boolean;
  take(file: File): void;
}

export class FileDrop implements ReactiveController {
  readonly #element: ReactiveControllerHost;
  readonly #taker: Taker;
  #isOver = false;

  constructor(element: ReactiveControllerHost, taker: Taker) {
    this.#element = element;
    this.#taker = taker;
    element.addController(this);
  }

  /** Whether a file is over it. */
  get isOver(): boolean {
    return this.#isOver;
  }

  hostDisconnected(): void {
    this.#isOver = false;
  }

  /** Of `dragover` and `dragleave`. */
  readonly over = (event: DragEvent): void => {
    if (!this.#taker.isOn() || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.#set(event.type === 'dragover');
  };

  readonly drop = (event: DragEvent): void => {
    const [file] = event.dataTransfer?.files ?? [];
    if (!this.#taker.isOn() || !file) return;
    event.preventDefault();
    this.#set(false);
    this.#taker.take(file);
  };

  #set(isOver: boolean): void {
    if (isOver === this.#isOver) return;
    this.#isOver = isOver;
    this.#element.requestUpdate();
  }
}
