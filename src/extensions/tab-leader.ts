// Makes one of all tabs of an origin the leader, by a Web Lock: when it goes, another one follows.
// https://w3c.github.io/web-locks/

export class TabLeader {
  readonly #name: string;
  #leads = false;
  #candidacy: AbortController | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  get leads(): boolean {
    return this.#leads;
  }

  /** Becomes the leader as soon as there is no other, and stays it until {@link resign}. */
  seek(): void {
    if (this.#candidacy) return;
    const candidacy = new AbortController();
    this.#candidacy = candidacy;
    const { signal } = candidacy;
    const lead = async (): Promise<void> => {
      if (signal.aborted) return;
      this.#leads = true;
      await new Promise((resign) => signal.addEventListener('abort', resign, { once: true }));
    };
    // Where tabs cannot agree, each one leads: what is done twice is better than what is not done at all.
    if (!navigator.locks) void lead();
    else navigator.locks.request(this.#name, { signal }, lead).catch(() => signal.aborted || void lead());
  }

  resign(): void {
    this.#candidacy?.abort();
    this.#candidacy = undefined;
    this.#leads = false;
  }
}
