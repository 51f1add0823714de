// A relay, as capabilities use it. What speaks to it is a part of its own, loaded with the first call.

import type { GoType } from '../util/go-json/json.ts';
import { loadChunk } from '../util/load-chunk.ts';
import type { RelayOptions } from './relay-options.ts';
import { checkedRelay } from './relay-options.ts';

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

export interface Relay {
  /** @throws {RelayError} RELAY_FAILED */
  call<A extends object, R>(call: RelayCall<A, R>): Promise<R>;
}

/** @throws {ClocheError} OPTION_INVALID */
export function openRelay(options: RelayOptions): Relay {
  const relay = checkedRelay(options);
  return {
    async call(call) {
      const { callRelay } = await loadChunk(() => import('./call-relay.ts'));
      return callRelay(relay, call);
    },
  };
}
