// Makes one of all tabs of an origin the leader, by a Web Lock: when it goes, another one follows.

import { dispose } from '../util/dispose.ts';

export class TabLeader implements Disposable {
  readonly #candidacy = new AbortController();
  #leads = false;

  /** Becomes the leader as soon as there is no other, and stays it until it is let go of. */
  constructor(name: string) {
    const { signal } = this.#candidacy;
    const lead = async (): Promise<void> => {
      if (signal.aborted) return;
      this.#leads = true;
      await new Promise((resign) => signal.addEventListener('abort', resign, { once: true }));
    };
    // Where tabs cannot agree, each one leads: what is done twice is better than what is not done at all.
    if (!navigator.locks) void lead();
    else navigator.locks.request(name, { signal }, lead).catch(() => signal.aborted || void lead());
  }

  get leads(): boolean {
    return this.#leads;
  }

  /** Lets another tab lead. */
  [dispose](): void {
    this.#candidacy.abort();
    this.#leads = false;
  }
}
