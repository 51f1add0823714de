// The check of each request, and what is said where it is denied. Comes with what sends requests.

import { ClocheError } from '../../errors.ts';
import type { HostCallContext } from '../host-function.ts';
import type { Decision } from '../scopes/name-rules.ts';
import { entryFor } from './host-pattern.ts';
import { DEFAULT_METHODS, decideHttp, type HttpScope, type HttpUse, httpScopeFor, httpScopeOf } from './scope.ts';

/**
 * Whether grant and policy cover a request.
 * @throws {ClocheError} PERMISSION_DENIED with the entry that would allow it.
 */
export function checkCovered(
  { grant, policy, decided }: Pick<HostCallContext, 'grant' | 'policy' | 'decided'>,
  use: HttpUse,
  ownOrigin: string,
): void {
  const check = (subject: 'grant' | 'policy', scope: HttpScope | undefined) => {
    const { allowed, rule, entry } = decideHttp(scope, use, ownOrigin);
    const decision = { decidedBy: subject, rule, entry };
    if (allowed) return decision;
    decided?.(decision);
    throw refusal(subject, scope, use, decision);
  };
  const byGrant = check('grant', httpScopeOf(grant));
  if (policy !== undefined) check('policy', httpScopeOf(policy));
  decided?.(byGrant);
}

function refusal(
  subject: 'grant' | 'policy',
  scope: HttpScope | undefined,
  use: HttpUse,
  { rule, entry }: Pick<Decision, 'rule' | 'entry'>,
): ClocheError {
  const scopeFor = httpScopeFor(use);
  // What the policy forbids no grant gives, and an exception is there on purpose.
  const needs = subject === 'grant' && (rule === 'none' || rule === 'methods') ? { http: scopeFor } : undefined;
  return new ClocheError('PERMISSION_DENIED', refusalOf(subject, scope, use, { rule, entry }), { needs });
}

function refusalOf(
  subject: 'grant' | 'policy',
  scope: HttpScope | undefined,
  { url, methods }: HttpUse,
  { rule, entry }: Pick<Decision, 'rule' | 'entry'>,
): string {
  if (rule === 'disallowAll') return `Its ${subject} allows no host at all`;
  if (rule === 'disallow') return `Its ${subject} disallows ${url.origin}, by the entry "${entry}"`;
  if (rule === 'methods') {
    const allowed = scope?.methods ?? DEFAULT_METHODS;
    return `Its ${subject} allows the methods ${allowed.join(', ')}, not ${methods.find((one) => !allowed.includes(one))}`;
  }
  return (
    `No entry of its ${subject} covers ${url.origin}${url.pathname === '/' ? '' : ' and this path'}; ` +
    `\`{ http: { allow: ['${entryFor(url)}'] } }\` would allow it${withheldText(scope)}`
  );
}

function withheldText(scope: HttpScope | undefined): string {
  return scope?.withheld?.length
    ? `. It asks for ${scope.withheld.join(', ')}, which only a policy or an explicit grant gives`
    : '';
}
