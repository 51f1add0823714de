// Capabilities that a relay serves. The functions for them are the dialects'.

import { ClocheError } from '../../errors.ts';
import { openRelay } from '../../relay/relay.ts';
import type { RelayOptions } from '../../relay/relay-options.ts';
import { givenOptions } from '../../util/given-options.ts';
import { type Capability, type CapabilityDefinition, defineCapability } from '../capability.ts';

export interface RelayedOptions {
  /** @default that of the host */
  relay?: RelayOptions;
}

interface RelayedDefinition
  extends Pick<CapabilityDefinition<never, never>, 'name' | 'risk' | 'scope' | 'summary' | 'needsServer'> {
  readonly needsServer: string;
}

/** Each relayed capability, and itself with a relay. */
const relayed = new WeakMap<Capability, (relay: RelayOptions) => Capability>();

/** @throws {ClocheError} OPTION_INVALID when the relay is not valid. */
export function defineRelayed(definition: RelayedDefinition, options: RelayedOptions): Capability {
  const { name, needsServer, ...others } = definition;
  const { relay: given } = givenOptions<RelayedOptions>(`\`${name}()\``, options, { relay: true });
  const relay = given === undefined ? undefined : openRelay(given);
  const capability = defineCapability({
    name,
    ...others,
    ...(!relay && { needsServer }),
    functions: {},
    services: { relay: { relay, needsServer } },
  });
  relayed.set(capability, (given) => (relay ? capability : defineRelayed(definition, { relay: given })));
  return capability;
}

/**
 * The same capabilities, where those that need a relay and have none get this one.
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
