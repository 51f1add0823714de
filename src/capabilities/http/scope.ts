// What can be granted of `http`, and whether a request is within it.

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
