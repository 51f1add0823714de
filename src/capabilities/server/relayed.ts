// Capabilities that a relay serves. The functions for them are the dialects'.

import { openRelay } from '../../relay/relay.ts';
import type { RelayOptions } from '../../relay/relay-options.ts';
import { givenOptions } from '../../util/given-options.ts';
import { type Capability, type CapabilityDefinition, defineCapability } from '../capability.ts';
import type { Sentence } from '../sentences.ts';
import { takesRelay } from '../with-relay.ts';

export interface RelayedOptions {
  /** @default that of the host */
  relay?: RelayOptions;
}

interface RelayedDefinition
  extends Pick<CapabilityDefinition<never, never>, 'name' | 'risk' | 'scope' | 'summary' | 'needsServer'> {
  readonly needsServer: Sentence;
}

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
    // The sentence is for people, and this for whoever reads an error.
    services: { relay: { relay, needsServer: `${needsServer.text} The option \`relay\` names one.` } },
  });
  return takesRelay(capability, (given) => (relay ? capability : defineRelayed(definition, { relay: given })));
}
