// A relay, as capabilities use it. What speaks to it is a part of its own, loaded with the first call.

import { loadChunk } from '../util/load-chunk.ts';
import type { RelayCall } from './relay-call.ts';
import { checkedRelay, type RelayOptions } from './relay-options.ts';

export interface Relay {
  /** @throws {RelayError} RELAY_FAILED */
  call<R>(call: RelayCall<R>): Promise<R>;
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
