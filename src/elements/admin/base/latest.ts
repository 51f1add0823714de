// Reads something for an element, and shows only the newest: what was asked for later wins, whichever answer comes first.

import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** What came of a reading. `before` is what was read last, which may be shown until the next has come. */
export type Read<T> =
  | { readonly state: 'nothing' }
  | { readonly state: 'reading'; readonly before: T | undefined }
  | { readonly state: 'read'; readonly value: T }
  | { readonly state: 'failed'; readonly error: unknown };

export class Latest<T> implements ReactiveController {
  readonly #element: ReactiveControllerHost;
  #read: Read<T> = { state: 'nothing' };
  #aborting: AbortController | undefined;

  constructor(element: ReactiveControllerHost) {
    this.#element = element;
    element.addController(this);
  }

  get read(): Read<T> {
    return this.#read;
  }

  /** What was read last; undefined before the first has come, and where the last failed. */
  get value(): T | undefined {
    if (this.#read.state === 'read') return this.#read.value;
    return this.#read.state === 'reading' ? this.#read.before : undefined;
  }

  /** Reads anew. @param work stops where its signal is aborted, or is not heard */
  async from(work: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.#aborting?.abort();
    const aborting = new AbortController();
    this.#aborting = aborting;
    this.#set({ state: 'reading', before: this.value });
    try {
      const value = await work(aborting.signal);
      if (this.#aborting === aborting) this.#set({ state: 'read', value });
    } catch (error) {
      if (this.#aborting === aborting) this.#set({ state: 'failed', error });
    }
  }

  /** Shows nothing, and does not hear what is under way. */
  forget(): void {
    this.#aborting?.abort();
    this.#aborting = undefined;
    this.#set({ state: 'nothing' });
  }

  hostDisconnected(): void {
    this.#aborting?.abort();
    this.#aborting = undefined;
    if (this.#read.state === 'reading') this.#read = { state: 'nothing' };
  }

  #set(read: Read<T>): void {
    this.#read = read;
    this.#element.requestUpdate();
  }
}
