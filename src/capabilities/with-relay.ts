// Capabilities that a relay serves get the host's, where they have none of their own.

import { ClocheError } from '../errors.ts';
import type { RelayOptions } from '../relay/relay-options.ts';
import type { Capability } from './capability.ts';

/** Each, and itself with a relay. */
const relayed = new WeakMap<Capability, (relay: RelayOptions) => Capability>();

/** @param given makes the same capability with a relay, unless it has one */
export function takesRelay(capability: Capability, given: (relay: RelayOptions) => Capability): Capability {
  relayed.set(capability, given);
  return capability;
}

/**
 * The same capabilities, where those that may use a relay and have none get this one.
 * @throws {ClocheError} OPTION_INVALID when it is not valid, or would serve nothing.
 */
export function withRelay(capabilities: readonly Capability[], relay: RelayOptions | undefined): readonly Capability[] {
  if (relay === undefined) return capabilities;
  if (!capabilities.some((capability) => relayed.has(capability))) {
    throw new ClocheError(
      'OPTION_INVALID',
      '`relay` serves none of the `capabilities`: leave those out, or give `[...defaultCapabilities({ relay }), items]`',
    );
  }
  return capabilities.map((capability) => relayed.get(capability)?.(relay) ?? capability);
}
