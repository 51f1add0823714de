// Whether a new version of a plugin asks for more than the one before may do. Comes late: only updates ask.

import { type Allowed, allowedOf, asked, covers } from './allowed.ts';
import { isSaid } from './describe-requests.ts';
import { type GrantQuestion, hadAnyway, ownWordsOf } from './grants.ts';
import { ALWAYS_GRANTED, type KnownRequest, type RequestQuestion, requestsOf } from './requests.ts';

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
  const named = new Set([...requestsOf(next).map(({ capability }) => capability), ...ownWordsOf(before.grant)]);
  // What it does not name any more it would have all of.
  for (const [name, scope] of hadAnyway(next.capabilities)) {
    const rule = next.capabilities.find((one) => one.name === name)?.scope;
    if (!named.has(name) && !(await covers(rule, allowed.get(name)?.scope, scope))) more.push(name);
  }
  return more;
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
  if (!before || !now?.unmet.every((one) => isSaid(one, before.unmet))) return false;
  return covers(offered?.scope, before.scope, now.scope);
}
