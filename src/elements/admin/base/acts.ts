// What a person does in an element: one act at a time, with its failure kept until the next.

import type { ReactiveController, ReactiveControllerHost } from 'lit';

export class Acts implements ReactiveController {
  readonly #element: ReactiveControllerHost;
  /** Name of the act that is under way. */
  busy: string | undefined;
  /** What the last one failed by; undefined where it did not. */
  failed: { readonly act: string; readonly error: unknown } | undefined;

  constructor(element: ReactiveControllerHost) {
    this.#element = element;
    element.addController(this);
  }

  /** An element that comes back has forgotten what failed before. */
  hostConnected(): void {
    this.failed = undefined;
  }

  /**
   * Does what a button says. While one act is under way another is not begun: a second press is no second wish.
   * @returns whether it was done
   */
  async run(act: string, work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy !== undefined) return false;
    this.busy = act;
    this.failed = undefined;
    this.#element.requestUpdate();
    try {
      await work();
      return true;
    } catch (error) {
      this.failed = { act, error };
      return false;
    } finally {
      this.busy = undefined;
      this.#element.requestUpdate();
    }
  }

  forget(): void {
    this.failed = undefined;
    this.#element.requestUpdate();
  }
}
