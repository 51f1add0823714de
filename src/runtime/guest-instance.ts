// An instance of a plugin's modules, seen from the page: that it is the same as before, and when it ends.

let made = 0;

export class GuestInstance {
  /** Unique within this page. */
  readonly id = ++made;
  readonly #listeners = new Set<() => void>();
  #ended = false;

  /** Calls `listener` once, when the instance ends; at once, if it has ended. It must not throw. */
  onEnd(listener: () => void): void {
    if (this.#ended) listener();
    else this.#listeners.add(listener);
  }

  end(): void {
    this.#ended = true;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener();
  }
}
