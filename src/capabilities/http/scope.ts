// What can be granted of `http`, and whether a request is within it.

import { ClocheError } from '../../errors.ts';
import type { HostCallContext } from '../host-function.ts';
import { type Decision, decideBy, type NameRules } from '../scopes/name-rules.ts';
import { entryCovers, entryExcludes, entryFor, type HostEntry, parseHostEntry } from './host-pattern.ts';
import type { HttpVia } from './via.ts';

/** What can be granted of `http`. Entries in canonical form, see `host-pattern.ts`. */
export interface HttpScope extends NameRules {
  readonly allow: readonly string[];
  /** Upper case. @default GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS */
  readonly methods?: readonly string[];
  /**
   * Which way requests go: all of them, or by entry, where the first that covers a request decides. Said by grants and policies,
   * not by manifests; the policy's word goes before the grant's. @default that of `http()`
   */
  readonly via?: HttpVia | Readonly<Record<string, HttpVia>>;
  /** What is asked for and only a policy or an explicit grant gives; named when a request is denied. */
  readonly withheld?: readonly string[];
}

/** A request, as it is asked about. */
export interface HttpUse {
  readonly url: URL;
  /** The method, and those that a header puts in its place. */
  readonly methods: readonly string[];
}

export const DEFAULT_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** The scope in what a host call carries, or undefined: then nothing is allowed. */
export function httpScopeOf(value: unknown): HttpScope | undefined {
  const isScope = typeof value === 'object' && value !== null && 'allow' in value;
  return isScope && Array.isArray(value.allow) ? (value as HttpScope) : undefined;
}

/** @param ownOrigin origin of the embedding page, which only an entry that names it covers */
export function decideHttp(scope: HttpScope | undefined, { url, methods }: HttpUse, ownOrigin: string): Decision {
  const decision = decideBy(
    scope ?? {},
    (text) => entryCovers(entryOf(text), url, ownOrigin),
    (text) => entryExcludes(entryOf(text), url),
  );
  const isMethod = methods.every((method) => (scope?.methods ?? DEFAULT_METHODS).includes(method));
  return decision.allowed && !isMethod ? { allowed: false, rule: 'methods', entry: undefined } : decision;
}

/** The narrowest scope without a path that covers a request: what to tell an admin. */
export function httpScopeFor({ url, methods }: HttpUse): HttpScope {
  const isUsual = methods.every((method) => DEFAULT_METHODS.includes(method));
  return { allow: [entryFor(url)], ...(!isUsual && { methods: [...new Set(methods)] }) };
}

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

const entryByText = new Map<string, HostEntry>();
/** Entries that are read once; more are forgotten together, since no plugin asks for so many. */
const MOST_KNOWN = 5_000;

/** Read once each. */
function entryOf(text: string): HostEntry {
  const known = entryByText.get(text);
  if (known) return known;
  const entry = parseHostEntry(text);
  if (entryByText.size >= MOST_KNOWN) entryByText.clear();
  entryByText.set(text, entry);
  return entry;
}

/** What a scope allows, but for its exceptions. */
export function entriesOf(scope: HttpScope): readonly HostEntry[] {
  return scope.allow.map(entryOf);
}

function withheldText(scope: HttpScope | undefined): string {
  return scope?.withheld?.length
    ? `. It asks for ${scope.withheld.join(', ')}, which only a policy or an explicit grant gives`
    : '';
}
