// How a capability leases data to the call that it answers: whoever has the signal of the host call may offer some.

const ofSignals = new WeakMap<AbortSignal, LeaseOffer>();

export class LeaseOffer {
  /** When the page heard of the host call: nothing older than this is counted as trust. */
  readonly askedAt = performance.now();
  /** What it is made under, if anything: it counts for nothing when that has changed. */
  readonly grant: unknown;
  #lease: Uint8Array | undefined;

  constructor(grant: unknown) {
    this.grant = grant;
  }

  /** That of a host call; undefined where nothing can be leased: its function has no form that a worker knows. */
  static of(signal: AbortSignal): LeaseOffer | undefined {
    return ofSignals.get(signal);
  }

  /** Makes it known to those who get the signal. */
  governs(signal: AbortSignal): void {
    ofSignals.set(signal, this);
  }

  /** @param lease as `writeLease` makes it, or undefined for none; nobody else keeps it */
  make(lease: Uint8Array | undefined): void {
    this.#lease = lease;
  }

  get lease(): Uint8Array | undefined {
    return this.#lease;
  }
}
