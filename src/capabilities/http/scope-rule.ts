// How what is asked for and granted of `http` is read, described and compared.

import { ClocheError, messageOf } from '../../errors.ts';
import { isPlainObject } from '../../util/given-options.ts';
import { loadChunk } from '../../util/load-chunk.ts';
import { visibleText } from '../../util/text/visible-text.ts';
import type { Satisfied, ScopeRule } from '../capability.ts';
import { type NameKind, parseRules } from '../scopes/name-rules.ts';
import { type Sentence, sentence } from '../sentences.ts';
import { entryCovers, type HostEntry, parseHostEntry } from './host-pattern.ts';
import { isIpLiteral, isPrivateName } from './public-names.ts';
import { parseRequestUrl } from './request-url.ts';
import { decideHttp, entriesOf, type HttpScope, type HttpUse, httpScopeFor, httpScopeOf } from './scope.ts';
import { checkedVia } from './via.ts';

/** Refused by browsers, and by us before them: https://fetch.spec.whatwg.org/#forbidden-method */
export const REFUSED_METHODS: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK']);

const MAX_ENTRIES = 1_000;
const MAX_METHODS = 20;
const METHOD = /^[A-Z][A-Z-]{0,19}$/;
const EVERY_HOST = '*';
const EVERYTHING: HttpScope = Object.freeze({ allow: Object.freeze([EVERY_HOST]) });

/**
 * The rule for `{ disallowAll?, disallow?, allowAll?, allow?, methods? }`; `allowAll` and `true` stand for `allow: ['*']`. Asked
 * about by `{ url, method? }`.
 */
export const httpScopeRule: ScopeRule & Required<Pick<ScopeRule, 'decide' | 'narrowest'>> = {
  parse(value, path) {
    if (!isPlainObject(value)) return parse(value, path);
    const { via, ...asked } = value;
    return { ...parse(asked, path), ...(via !== undefined && { via: parseVia(via, `${path}.via`) }) };
  },
  describe,
  satisfy,
  all: EVERYTHING,
  covers: async (...scopes) => (await loadChunk(() => import('./covers.ts'))).httpCovers(...scopes),
  decide: (scope, request) => decideHttp(httpScopeOf(scope), useOf(request), globalThis.origin),
  narrowest: (request) => httpScopeFor(useOf(request)),
};

/** Entries of its lists. */
export const HOSTS: NameKind = { entry: (text) => parseHostEntry(text).text, example: 'https://api.example.com' };

function parse(value: unknown, path: string): HttpScope {
  if (!isPlainObject(value)) throw invalid(path, 'to be an object such as { allow: ["https://api.example.com"] }');
  // What was withheld is no part of what is granted: a scope that was read may be given again.
  const { methods, withheld: _, ...rules } = value;
  const { allowAll, allow = [], ...others } = parseRules(rules, path, HOSTS, 'methods');
  return {
    ...others,
    allow: allowAll ? [EVERY_HOST, ...allow] : allow,
    ...(methods !== undefined && { methods: parseMethods(methods, `${path}.methods`) }),
  };
}

function parseVia(value: unknown, path: string): HttpScope['via'] {
  if (!isPlainObject(value)) return checkedVia(path, value);
  return Object.fromEntries(
    Object.entries(value).map(([entry, via]) => [HOSTS.entry(entry), checkedVia(`${path}["${entry}"]`, via)]),
  );
}

/** @throws {ClocheError} OPTION_INVALID, HTTP_FAILED for what is no request */
function useOf({ url, method = 'GET' }: Readonly<Record<string, unknown>>): HttpUse {
  if (typeof url !== 'string') throw new ClocheError('OPTION_INVALID', 'Expected `url` to be a string');
  if (typeof method !== 'string') throw new ClocheError('OPTION_INVALID', 'Expected `method` to be a string');
  return { url: parseRequestUrl(url), methods: [method.toUpperCase()] };
}

function parseMethods(value: unknown, path: string): string[] {
  return list(value, path, MAX_METHODS).map((text) => {
    const method = text.toUpperCase();
    if (METHOD.test(method) && !REFUSED_METHODS.has(method)) return method;
    throw invalid(path, `to hold HTTP methods that browsers send, not "${visibleText(text, 60)}"`);
  });
}

function list(value: unknown, path: string, max: number): string[] {
  const isList = Array.isArray(value) && value.length <= max;
  if (isList && value.every((item) => typeof item === 'string')) return [...value];
  throw invalid(path, `to be an array of at most ${max} strings`);
}

/**
 * An entry that cannot be read is asked for and not given, where a grant would be refused as a whole:
 * natively such a pattern matches nothing, and the plugin runs (EX41).
 */
function satisfy(requested: unknown, path: string, policy: unknown): Satisfied {
  const asked = requested === undefined ? EVERYTHING : requested;
  const { allow: listed = [], allowAll, ...others } = asked as { allow?: unknown; allowAll?: unknown };
  const { allow: _, ...rest } = parse(others, path);
  const allow = [...(allowAll === true ? [EVERY_HOST] : []), ...list(listed, `${path}.allow`, MAX_ENTRIES)];
  const policyEntries = entriesOfPolicy(policy);
  const everyHost = policyEntries?.some(({ isAny }) => isAny) ?? false;
  const given: string[] = [];
  const withheld: string[] = [];
  const unmet: (string | Sentence)[] = [];
  for (const text of allow) {
    const entry = readable(text, unmet);
    if (entry === undefined) continue;
    if (entry.isAny && !everyHost) {
      withheld.push(entry.text);
      unmet.push(sentence('asksEveryHost', 'Asks for every host (*), which only a policy or an explicit grant gives.'));
      continue;
    }
    given.push(entry.text);
    if (policyEntries && !isWithin(entry, policyEntries)) {
      unmet.push(
        sentence('asksBeyondPolicy', 'Asks for {host}, which the policy of this site does not cover.', {
          host: entry.text,
        }),
      );
    }
  }
  const scope: HttpScope = {
    ...rest,
    allow: given,
    ...(withheld.length > 0 && { withheld }),
  };
  return { scope, unmet };
}

function readable(text: string, unmet: (string | Sentence)[]): HostEntry | undefined {
  try {
    return parseHostEntry(text);
  } catch (error) {
    unmet.push(`${messageOf(error)}.`);
    return undefined;
  }
}

function entriesOfPolicy(policy: unknown): readonly HostEntry[] | undefined {
  const scope = httpScopeOf(policy);
  return scope && entriesOf(scope);
}

/** For the consent page only: tries one host of a wildcard. The request itself is checked again. */
function isWithin(entry: HostEntry, policy: readonly HostEntry[]): boolean {
  if (entry.isAny) return policy.some(({ isAny }) => isAny);
  const host = entry.glob === undefined ? entry.host : `any.${entry.host}`;
  const port = entry.port ? `:${entry.port}` : '';
  const url = new URL(`${entry.protocol ?? 'http:'}//${host}${port}${entry.path}`);
  return policy.some((allowed) => entryCovers(allowed, url, ''));
}

function describe(scope: unknown): Sentence[] {
  const http = httpScopeOf(scope);
  if (!http || http.disallowAll) return [];
  const sentences = entriesOf(http)
    .map(sentenceFor)
    .sort((a, b) => a.rank - b.rank)
    .map(({ said }) => said);
  if (sentences.length > 0 && http.disallow?.length)
    sentences.push(sentence('hostExcept', 'Except with {hosts}.', { hosts: http.disallow }));
  return http.methods
    ? [...sentences, sentence('methods', 'Only with the methods {methods}.', { methods: http.methods })]
    : sentences;
}

/** Rank 0 is the riskiest. */
function sentenceFor(entry: HostEntry): { rank: number; said: Sentence } {
  if (entry.isAny)
    return { rank: 0, said: sentence('everyHost', 'Exchange data with every public website, over https.') };
  const host = entry.text;
  if (entry.isOrigin && host.startsWith(globalThis.origin))
    return {
      rank: 1,
      said: sentence('ownSite', 'Send requests to this site itself, {host}, without your cookies.', { host }),
    };
  if (isIpLiteral(entry.host) || isPrivateName(entry.host))
    return {
      rank: 2,
      said: sentence('nearHost', 'Exchange data with {host}, on this computer or its network.', { host }),
    };
  if (entry.protocol === 'http:')
    return { rank: 3, said: sentence('plainHost', 'Exchange data with {host}, without encryption.', { host }) };
  return entry.glob === undefined
    ? { rank: 5, said: sentence('host', 'Exchange data with {host}.', { host }) }
    : { rank: 4, said: sentence('hostPattern', 'Exchange data with every host that matches {host}.', { host }) };
}

function invalid(path: string, expected: string): ClocheError {
  return new ClocheError('OPTION_INVALID', `Expected \`${path}\` ${expected}`);
}
