import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Takes files that are dropped anywhere on the page, and knows whether some hover above it. */
export class DropZone implements ReactiveController {
  hovering = false;
  readonly #host: ReactiveControllerHost;
  readonly #take: (files: readonly File[]) => void;

  constructor(host: ReactiveControllerHost, take: (files: readonly File[]) => void) {
    this.#host = host;
    this.#take = take;
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener('dragover', this.#handleOver);
    window.addEventListener('dragleave', this.#handleLeave);
    window.addEventListener('drop', this.#handleDrop);
  }

  hostDisconnected(): void {
    window.removeEventListener('dragover', this.#handleOver);
    window.removeEventListener('dragleave', this.#handleLeave);
    window.removeEventListener('drop', this.#handleDrop);
  }

  #handleOver = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.#hover(true);
  };

  #handleLeave = (event: DragEvent): void => {
    // Between two elements of the page there is a related target; outside of the window there is none.
    if (!event.relatedTarget) this.#hover(false);
  };

  #handleDrop = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    // Else the browser leaves this page to show the file.
    event.preventDefault();
    this.#hover(false);
    this.#take([...event.dataTransfer.files]);
  };

  #hover(hovering: boolean): void {
    if (hovering === this.hovering) return;
    this.hovering = hovering;
    this.#host.requestUpdate();
  }
}
