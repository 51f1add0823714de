// What a plugin may use of each capability without anybody saying yes once more, and whether one scope holds another.

import type { ScopeRule } from '../capabilities/capability.ts';
import { asSentence, type Sentence } from '../capabilities/sentences.ts';
import { isSame } from '../util/same-data.ts';
import { followsManifest, type GrantQuestion, hadAnyway, isAccepted, ownWordsOf, resolveGrants } from './grants.ts';
import { type KnownRequest, type RequestQuestion, requestsOf, satisfied } from './requests.ts';

/** What of a capability is allowed already: by a grant, or by the plugin's own request that nobody has to repeat. */
export interface Allowed {
  readonly scope: unknown;
  readonly unmet: readonly Sentence[];
}

export function allowedOf(before: GrantQuestion): Map<string, Allowed> {
  const granted = [...resolveGrants(before, () => undefined)].map(
    ([name, scope]) => [name, { scope, unmet: [] }] as const,
  );
  const anyway = allowedAnyway(before.capabilities);
  if (!followsManifest(before.grant)) return new Map([...anyway, ...granted]);
  const own = ownWordsOf(before.grant);
  // What it asked for and did not get counts too: were it offered tomorrow, it would have it.
  const requests = requestsOf(before)
    .filter((request) => !request.optional || isAccepted(request, before.accepted))
    .map((request) => [request.capability, asked(request, before)] as const);
  return new Map([
    ...anyway,
    ...requests.filter((request): request is [string, Allowed] => request[1] !== undefined && !own.has(request[0])),
    ...granted.filter(([name]) => own.has(name) || anyway.has(name)),
  ]);
}

/** Without anybody having said anything. */
export function allowedAnyway(capabilities: GrantQuestion['capabilities']): Map<string, Allowed> {
  return new Map([...hadAnyway(capabilities)].map(([name, scope]) => [name, { scope, unmet: [] }]));
}

/** Undefined for what cannot be read. Of a capability that the host does not offer the scope stands as it came. */
export function asked(request: KnownRequest, question: RequestQuestion): Allowed | undefined {
  if (!request.offered) return { scope: request.scope, unmet: [] };
  try {
    const { scope, unmet } = satisfied(request, question);
    return { scope, unmet: unmet.map(asSentence) };
  } catch {
    return undefined;
  }
}

/** Whether `before` allows all that `now` does. What cannot be compared is not known to. */
export async function covers(rule: ScopeRule | undefined, before: unknown, now: unknown): Promise<boolean> {
  if (isSame(before, now)) return true;
  try {
    return (await rule?.covers?.(before, now)) === true;
  } catch {
    return false;
  }
}
