// Whether a new version of a plugin asks for more than the one before may do. Comes late: only updates ask.

import type { ScopeRule } from '../capabilities/capability.ts';
import { isSame } from '../util/same-data.ts';
import { followsManifest, type GrantQuestion, isAccepted, ownWordsOf, resolveGrants } from './grants.ts';
import { ALWAYS_GRANTED, type KnownRequest, type RequestQuestion, requestsOf, satisfied } from './requests.ts';

/** What of a capability is allowed already: by a grant, or by the plugin's own request that nobody has to repeat. */
interface Allowed {
  readonly scope: unknown;
  readonly unmet: readonly string[];
}

/**
 * The capabilities of which `next` asks for more than `before` may use. Fails closed: what cannot be read or compared
 * is more, unless it is the very same.
 */
export async function asksMore(next: RequestQuestion, before: GrantQuestion): Promise<string[]> {
  const allowed = allowedOf(before);
  const more: string[] = [];
  for (const request of requestsOf(next)) {
    // It is asked for when it is needed.
    if (request.optional) continue;
    if (!(await isAllowed(request, next, allowed))) more.push(request.capability);
  }
  return more;
}

function allowedOf(before: GrantQuestion): Map<string, Allowed> {
  const granted = [...resolveGrants(before, () => undefined)].map(
    ([name, scope]) => [name, { scope, unmet: [] }] as const,
  );
  if (!followsManifest(before.grant)) return new Map(granted);
  const own = ownWordsOf(before.grant);
  // What it asked for and did not get counts too: were it offered tomorrow, it would have it.
  const requests = requestsOf(before)
    .filter((request) => !request.optional || isAccepted(request, before.accepted))
    .map((request) => [request.capability, asked(request, before)] as const);
  return new Map([
    ...requests.filter((request): request is [string, Allowed] => request[1] !== undefined && !own.has(request[0])),
    ...granted.filter(([name]) => own.has(name)),
  ]);
}

async function isAllowed(
  request: KnownRequest,
  next: RequestQuestion,
  allowed: ReadonlyMap<string, Allowed>,
): Promise<boolean> {
  const { capability, offered } = request;
  if (capability === ALWAYS_GRANTED && offered) return true;
  const before = allowed.get(capability);
  const now = asked(request, next);
  if (!before || !now?.unmet.every((text) => before.unmet.includes(text))) return false;
  return isSame(before.scope, now.scope) || covers(offered?.scope, before.scope, now.scope);
}

/** Undefined for what cannot be read. Of a capability that the host does not offer the scope stands as it came. */
function asked(request: KnownRequest, question: RequestQuestion): Allowed | undefined {
  if (!request.offered) return { scope: request.scope, unmet: [] };
  try {
    return satisfied(request, question);
  } catch {
    return undefined;
  }
}

async function covers(rule: ScopeRule | undefined, before: unknown, now: unknown): Promise<boolean> {
  try {
    return (await rule?.covers?.(before, now)) === true;
  } catch {
    return false;
  }
}
