// What can be granted of `http`, and whether a request is within it.

import { ClocheError } from '../../errors.ts';
import { entryCovers, entryFor, type HostEntry, parseHostEntry } from './host-pattern.ts';

/** What can be granted of `http`. */
export interface HttpScope {
  /** Entries in canonical form, see `host-pattern.ts`. At most 1,000. */
  readonly allow: readonly string[];
  /** Upper case. @default GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS */
  readonly methods?: readonly string[];
  /** What is asked for and only a policy or an explicit grant gives; named when a request is denied. */
  readonly withheld?: readonly string[];
}

export const DEFAULT_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** The scope in what a host call carries, or undefined: then nothing is allowed. */
export function httpScopeOf(value: unknown): HttpScope | undefined {
  const isScope = typeof value === 'object' && value !== null && 'allow' in value;
  return isScope && Array.isArray(value.allow) ? (value as HttpScope) : undefined;
}

/**
 * Whether a scope covers a request.
 * @param subject names the scope in the message: `grant` or `policy`
 * @throws {ClocheError} PERMISSION_DENIED with the entry that would allow it.
 */
export function checkCovered(
  scope: HttpScope | undefined,
  subject: 'grant' | 'policy',
  request: { readonly url: URL; readonly methods: readonly string[] },
  ownOrigin: string,
): void {
  const { url, methods } = request;
  const entries = scope ? entriesOf(scope) : [];
  if (!entries.some((entry) => entryCovers(entry, url, ownOrigin))) {
    throw denied(
      `No entry of its ${subject} covers ${url.origin}${url.pathname === '/' ? '' : ' and this path'}; ` +
        `\`{ http: { allow: ['${entryFor(url)}'] } }\` would allow it${withheldText(scope)}`,
    );
  }
  const allowed = scope?.methods ?? DEFAULT_METHODS;
  const refused = methods.find((method) => !allowed.includes(method));
  if (refused !== undefined) {
    throw denied(`Its ${subject} allows the methods ${allowed.join(', ')}, not ${refused}`);
  }
}

const entriesByScope = new WeakMap<HttpScope, readonly HostEntry[]>();

/** Read once for each scope. */
export function entriesOf(scope: HttpScope): readonly HostEntry[] {
  const known = entriesByScope.get(scope);
  if (known) return known;
  const entries = scope.allow.map(parseHostEntry);
  entriesByScope.set(scope, entries);
  return entries;
}

function withheldText(scope: HttpScope | undefined): string {
  return scope?.withheld?.length
    ? `. It asks for ${scope.withheld.join(', ')}, which only a policy or an explicit grant gives`
    : '';
}

function denied(message: string): ClocheError {
  return new ClocheError('PERMISSION_DENIED', message);
}
