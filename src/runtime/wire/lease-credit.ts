// How much a worker may post under a lease without waiting for anybody. It keeps to what it was told, so more is not its doing.

import { TokenBucket } from '../../util/time/token-bucket.ts';
import { LEASED_WRITE_BYTES } from './lease.ts';
import type { HostAnswer } from './protocol.ts';

/** A burst of calls one-way, and what they may be a second. */
const BURST = 2_000;
const CALLS_A_SECOND = 10_000;

/** Under one lease. The page takes some 50 µs for each, perhaps for all in one task, and then hears others before it is asked. */
const MOST = 400;

/** A lease for fewer is not worth its bytes: until there are more, the page is asked. */
const FEWEST = 100;

export class LeaseCredit {
  readonly #rate = new TokenBucket(BURST, CALLS_A_SECOND);
  #calls = 0;
  #bytes = 0;

  /** @returns the answer, with what its lease allows; without a lease where too much was posted of late */
  grant(answer: HostAnswer): HostAnswer {
    if (!answer.ok || answer.values.length < 2) return answer;
    const [value = null, lease = null] = answer.values;
    const calls = Math.min(MOST, Math.floor(this.#rate.left));
    if (calls < FEWEST) return { ok: true, values: [value] };
    this.#calls = calls;
    this.#bytes = LEASED_WRITE_BYTES;
    return { ok: true, values: [value, lease, calls] };
  }

  /** The worker has asked the page, or its call has ended. */
  end(): void {
    this.#calls = 0;
  }

  /** Bytes that one more call may have; undefined where there may be none. */
  takeCall(): number | undefined {
    if (this.#calls < 1) return undefined;
    this.#calls--;
    this.#rate.take();
    return this.#bytes;
  }

  takeBytes(bytes: number): void {
    this.#bytes -= bytes;
  }
}
