// A relay, as capabilities use it. What speaks to it is a part of its own, loaded with the first call.

import { loadChunk } from '../util/load-chunk.ts';
import type { RelayCall } from './relay-call.ts';
import { checkedRelay, type RelayOptions } from './relay-options.ts';

export interface Relay {
  /** @throws {RelayError} RELAY_FAILED */
  call<R>(call: RelayCall<R>): Promise<R>;
  /**
   * Whether it offers a function; asked once while the page is there. True also where it cannot be asked at present: a call of
   * the function tries again, and says what is wrong.
   * @throws {RelayError} RELAY_FAILED where asking again would not help
   */
  offers(fn: string, signal: AbortSignal): Promise<boolean>;
}

/** @throws {ClocheError} OPTION_INVALID */
export function openRelay(options: RelayOptions): Relay {
  const relay = checkedRelay(options);
  const load = () => loadChunk(() => import('./call-relay.ts'));
  return {
    call: async (call) => (await load()).callRelay(relay, call),
    offers: async (...asked) => (await load()).relayOffers(relay, ...asked),
  };
}
