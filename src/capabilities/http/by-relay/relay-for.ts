// Which way a request goes: from the page, or by the relay.

import { ClocheError } from '../../../errors.ts';
import type { Relay } from '../../../relay/relay.ts';
import type { HostCallContext } from '../../host-function.ts';
import { entryCovers, parseHostEntry } from '../host-pattern.ts';
import { type HttpScope, httpScopeOf } from '../scope.ts';
import type { HttpVia } from '../via.ts';
import { relayFailed } from './relay-failed.ts';

/** What `http_fetch` is called at a relay, whatever the plugin calls it. */
export const RELAYED = 'http_fetch';

export interface WayOptions {
  /** Where neither the policy nor the grant says more. */
  readonly via: HttpVia;
  readonly relay: Relay | undefined;
}

/**
 * The relay that a request goes by; undefined for none.
 * @throws {ClocheError} NEEDS_SERVER where it must go by one and there is none; HTTP_FAILED where it does not say what it offers
 */
export async function relayFor(
  url: URL,
  calling: Pick<HostCallContext, 'grant' | 'policy' | 'signal' | 'log'>,
  { via: usual, relay }: WayOptions,
): Promise<Relay | undefined> {
  const { grant, policy } = calling;
  const via = viaIn(httpScopeOf(policy), url) ?? viaIn(httpScopeOf(grant), url) ?? usual;
  if (via === 'page') return undefined;
  if (via === 'relay') return relay ?? needsServer(url);
  const isAway = relay && url.origin !== globalThis.origin;
  return isAway && (await offers(relay, calling)) ? relay : undefined;
}

async function offers(relay: Relay, calling: Pick<HostCallContext, 'signal' | 'log'>): Promise<boolean> {
  try {
    return await relay.offers(RELAYED, calling.signal);
  } catch (thrown) {
    throw relayFailed(thrown, calling);
  }
}

function viaIn(scope: HttpScope | undefined, url: URL): HttpVia | undefined {
  const { via } = scope ?? {};
  if (via === undefined || typeof via === 'string') return via;
  return Object.entries(via).find(([entry]) => entryCovers(parseHostEntry(entry), url, globalThis.origin))?.[1];
}

function needsServer({ origin }: URL): never {
  throw new ClocheError(
    'NEEDS_SERVER',
    `${origin} is asked by a relay, and this site has named none: see the option \`relay\``,
  );
}
