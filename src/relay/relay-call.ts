// What a relay is asked, and how its answer is read.

import type { GoType } from '../util/go-json/json.ts';

export interface RelayRequest {
  readonly capability: string;
  readonly fn: string;
  readonly plugin: { readonly id: string; readonly version: string };
  readonly args: object;
  /**
   * Never sent twice, whatever happens here. A browser may still repeat a request whose connection was lost before an
   * answer began; the relay knows it by its key.
   */
  readonly once: boolean;
}

export interface RelayCall<A extends object, R> extends RelayRequest {
  /** How the answer's `result` is read. */
  readonly answer: GoType<A>;
  /** What becomes of it, or undefined where it is none. */
  accept(answer: A): R | undefined;
  readonly signal: AbortSignal;
  readonly remainingMs: number;
}
