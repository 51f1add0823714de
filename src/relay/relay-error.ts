// The failure of a call at a relay, as those who wait for it see it. The ways to fail are in `relay-failures.ts`.

import { ClocheError } from '../errors.ts';

/** What a plugin hears when its call is over before the relay is. */
export const LATE = 'relay did not answer in time';

interface RelayErrorFacts {
  /** What the plugin hears: nothing of the relay's inside, nor of its address. */
  readonly heard: string;
  /** Whether the same call may be sent again, with the same key. */
  readonly again: boolean;
  /** Whether time ran out. */
  readonly isLate: boolean;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
}

/** Its message is for the log; the plugin gets no more than {@link heard}. */
export class RelayError extends ClocheError {
  readonly heard: string;
  readonly again: boolean;
  readonly isLate: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, { heard, again, isLate, retryAfterMs, cause }: RelayErrorFacts) {
    super('RELAY_FAILED', message, { cause });
    this.heard = heard;
    this.again = again;
    this.isLate = isLate;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Whether time ran out, here or there. */
export function isLate(error: unknown): boolean {
  if (error instanceof RelayError) return error.isLate;
  return error instanceof ClocheError && error.code === 'HOST_TIMEOUT';
}
