// Why a plugin may do something, or may not: which entry of which rule says so. Comes late: only a person asks.

import type { Capability } from '../capabilities/capability.ts';
import type { DecidingRule, Decision } from '../capabilities/scopes/name-rules.ts';
import { ClocheError } from '../errors.ts';
import { isPlainObject } from '../util/given-options.ts';
import { visibleText } from '../util/text/visible-text.ts';
import { ALWAYS_GRANTED, type Policy } from './requests.ts';

/**
 * One use of a capability, by the words that it has for it: `{ capability: 'http', url, method? }`, `{ capability: 'kv', bytes }`,
 * `{ capability: 'mail', to }`, `{ capability: 'commands', name }`; of one without a scope the name alone.
 */
export interface PermissionUse {
  readonly capability: string;
  readonly [word: string]: unknown;
}

export interface Explanation {
  readonly allowed: boolean;
  readonly capability: string;
  /** Who decided. `host`: it offers no such capability. */
  readonly decidedBy: 'grant' | 'policy' | 'host';
  /** Which rule of the grant or policy. `notGranted`: none of the capability was. `forbidden`: the policy has no place for it. */
  readonly rule: DecidingRule | 'notGranted' | 'forbidden' | 'notOffered';
  /** The entry of a list that matches, in canonical form. */
  readonly entry: string | undefined;
  /** All of it in a plain sentence. */
  readonly text: string;
  /** The narrowest grant that would allow it, by capability; undefined where it is allowed, and where no grant would. */
  readonly needs: Readonly<Record<string, unknown>> | undefined;
}

interface Question {
  readonly capabilities: readonly Capability[];
  readonly policy: Policy;
  /** What holds now, by capability. */
  readonly grants: ReadonlyMap<string, unknown>;
}

const GRANTED: Decision = { allowed: true, rule: 'unlimited', entry: undefined };

/** @throws {ClocheError} OPTION_INVALID for a use that is not complete, and what the capability's rule throws for it */
export function explain(given: unknown, { capabilities, policy, grants }: Question): Explanation {
  if (!isPlainObject(given) || typeof given.capability !== 'string') {
    throw new ClocheError(
      'OPTION_INVALID',
      'Expected a use such as { capability: "http", url: "https://example.com/" }',
    );
  }
  const { capability: name, ...use } = given as PermissionUse;
  const found = capabilities.find((capability) => capability.name === name);
  const said = (
    decidedBy: Explanation['decidedBy'],
    { allowed, rule, entry }: Omit<Decision, 'rule'> & { rule: Explanation['rule'] },
    needs?: unknown,
  ): Explanation => ({
    allowed,
    capability: name,
    decidedBy,
    rule,
    entry,
    text: sentence(name, decidedBy, { allowed, rule, entry }),
    needs: needs === undefined ? undefined : { [name]: needs },
  });
  if (!found) return said('host', { allowed: false, rule: 'notOffered', entry: undefined });
  const decide = (scope: unknown): Decision => found.scope?.decide?.(scope, use) ?? GRANTED;
  const scope = policy.get(name);
  if (scope === false) return said('policy', { allowed: false, rule: 'forbidden', entry: undefined });
  const byPolicy = scope === undefined ? GRANTED : decide(scope);
  if (!byPolicy.allowed) return said('policy', byPolicy);
  const isGranted = grants.has(name) || name === ALWAYS_GRANTED || found.scope?.none !== undefined;
  const byGrant = isGranted
    ? decide(grants.get(name))
    : ({ allowed: false, rule: 'notGranted', entry: undefined } as const);
  return byGrant.allowed ? said('grant', byGrant) : said('grant', byGrant, narrowest(found, use, byGrant.rule));
}

/** Against an exception no grant beside it helps: whoever made it has to take it back. */
function narrowest({ scope }: Capability, use: Readonly<Record<string, unknown>>, rule: Explanation['rule']): unknown {
  if (rule === 'disallowAll' || rule === 'disallow' || rule === 'unreadable') return undefined;
  return scope?.narrowest ? scope.narrowest(use) : true;
}

function sentence(
  name: string,
  decidedBy: Explanation['decidedBy'],
  { allowed, rule, entry }: Omit<Decision, 'rule'> & { rule: Explanation['rule'] },
): string {
  const capability = visibleText(name, 64);
  const whose = decidedBy === 'policy' ? 'the policy of this site' : `its grant of ${capability}`;
  const shownEntry = entry === undefined ? '' : visibleText(entry, 320);
  if (allowed) {
    if (rule === 'allow') return `Allowed by the entry "${shownEntry}" of ${whose}.`;
    if (rule === 'bytes' || rule === 'mode') return `Allowed: it is within the limit of ${whose}.`;
    return rule === 'allowAll' ? `Allowed: ${whose} has \`allowAll\`.` : `Allowed: ${whose} sets no limit to it.`;
  }
  switch (rule) {
    case 'notOffered':
      return `Denied: this site offers no capability ${capability}.`;
    case 'notGranted':
      return `Denied: it was granted nothing of ${capability}.`;
    case 'forbidden':
      return `Denied: ${whose} forbids ${capability}.`;
    case 'disallow':
      return `Denied by the exception "${shownEntry}" of ${whose}.`;
    case 'disallowAll':
      return `Denied: ${whose} has \`disallowAll\`.`;
    case 'methods':
      return `Denied: ${whose} does not allow this method.`;
    case 'bytes':
    case 'mode':
      return `Denied: ${whose} sets a lower limit.`;
    case 'unreadable':
      return 'Denied, whatever is granted: it can be read in more than one way.';
    default:
      return `Denied: nothing in ${whose} allows it.`;
  }
}
