// One entry of an http grant: what it may say, and which URLs it covers.
//
//   https://api.example.com          an origin: scheme, host, port
//   https://api.example.com:8443/v1  the same with a path prefix, which ends at a segment boundary
//   api.example.com                  a host: https on the default port
//   *.example.com                    every host below example.com, at any depth; not example.com itself
//   api*.example.com, eu-?.api.example.com    `*` is any text, dots included, `?` one character
//   localhost, 127.0.0.1, [::1]      a loopback host, named exactly: http and https on any port
//   *                                every public host, https on the default port
//
// Wildcards stand to the left of a registrable domain. IP literals, private names and the embedding
// page's own origin are never covered by a wildcard; own origin only by an entry that is that origin.
// Hosts are compared as https://url.spec.whatwg.org/#host-parsing leaves them.

import { ClocheError } from '../../errors.ts';
import { climbs } from '../../util/climbing-path.ts';
import { visibleText } from '../../util/text/visible-text.ts';
import { isBelow, mayBeBelow } from './path-prefix.ts';
import { isIpLiteral, isPrivateName, isRegistrable } from './public-names.ts';
import { canonicalHost } from './request-url.ts';

export interface HostEntry {
  /** The canonical form; parsing it again gives the same entry. */
  readonly text: string;
  /** `*`: every public host. */
  readonly isAny: boolean;
  /** Whether scheme and port are said, not assumed. */
  readonly isOrigin: boolean;
  /** Undefined for both. */
  readonly protocol: 'https:' | 'http:' | undefined;
  /** `''` is the default port of the protocol, undefined any port. */
  readonly port: string | undefined;
  /** With wildcards: what stands left of `host` and its dot. */
  readonly glob: string | undefined;
  /** Canonical host, or the domain that the wildcards stand below. */
  readonly host: string;
  /** Path prefix; `/` is everything. */
  readonly path: string;
}

const MAX_ENTRY_LENGTH = 2_048;
const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
const GLOB_LABEL = /^[a-z0-9_*?-]+$/;

const ANY: HostEntry = {
  text: '*',
  isAny: true,
  isOrigin: false,
  protocol: 'https:',
  port: '',
  glob: undefined,
  host: '',
  path: '/',
};

/**
 * Reads one entry. `*` parses; whether it may be granted is its reader's decision.
 * @throws {ClocheError} OPTION_INVALID with what is wrong and, where there is one, the way to say it.
 */
export function parseHostEntry(text: string): HostEntry {
  if (text === '*') return ANY;
  if (text === '' || text.length > MAX_ENTRY_LENGTH) {
    throw invalid(text, `expected 1 to ${MAX_ENTRY_LENGTH} characters`);
  }
  const { protocol, authority, pathText } = splitEntry(text);
  const { hostText, port } = splitAuthority(text, authority, protocol);
  const { host, glob } = /[*?]/.test(hostText)
    ? parseGlob(text, hostText)
    : { host: parseExactHost(text, hostText), glob: undefined };
  const path = parsePath(text, pathText);
  const isFlexible = protocol === undefined && glob === undefined && LOOPBACK.has(host);
  const shownHost = glob === undefined ? host : `${glob}.${host}`;
  const shownPort = port === '' ? '' : `:${port}`;
  return {
    text: `${protocol ? `${protocol}//` : ''}${shownHost}${shownPort}${path === '/' ? '' : path}`,
    isAny: false,
    isOrigin: protocol !== undefined,
    protocol: isFlexible ? undefined : (protocol ?? 'https:'),
    port: isFlexible ? undefined : port,
    glob,
    host,
    path,
  };
}

/**
 * Whether an entry covers a URL, which `parseRequestUrl` has read.
 * @param ownOrigin origin of the embedding page
 */
export function entryCovers(entry: HostEntry, url: URL, ownOrigin: string): boolean {
  const namesOrigin = entry.isOrigin && entry.glob === undefined;
  if (url.origin === ownOrigin && !namesOrigin) return false;
  return (
    (entry.protocol === undefined || entry.protocol === url.protocol) &&
    (entry.port === undefined || entry.port === url.port) &&
    coversHost(entry, url.hostname) &&
    isBelow(url.pathname, entry.path)
  );
}

/**
 * Whether an entry of `disallow` keeps a URL out: a host without a scheme on every scheme and port, `*` also private names and
 * the embedding page itself, a path in every spelling that some server takes for it.
 */
export function entryExcludes(entry: HostEntry, url: URL): boolean {
  if (entry.isAny) return true;
  const isPort = !entry.isOrigin || (entry.protocol === url.protocol && entry.port === url.port);
  return isPort && coversHost(entry, url.hostname) && mayBeBelow(url.pathname, entry.path);
}

/** The narrowest entry without a path that covers a URL: what to tell an admin. */
export function entryFor(url: URL): string {
  return url.origin;
}

function coversHost(entry: HostEntry, host: string): boolean {
  if (entry.isAny) return !isIpLiteral(host) && !isPrivateName(host);
  if (entry.glob === undefined) return host === entry.host;
  const suffix = `.${entry.host}`;
  return host.endsWith(suffix) && globMatches(entry.glob, host.slice(0, -suffix.length));
}

/** Goes back to the last `*` only, so it takes at most 253 × 253 steps: hosts are not longer. */
function globMatches(glob: string, text: string): boolean {
  let at = 0;
  let inGlob = 0;
  let star = -1;
  let restart = 0;
  while (at < text.length) {
    const expected = glob[inGlob];
    if (expected === '*') {
      star = inGlob++;
      restart = at;
    } else if (expected === '?' || (expected !== undefined && expected === text[at])) {
      inGlob++;
      at++;
    } else if (star >= 0) {
      inGlob = star + 1;
      at = ++restart;
    } else return false;
  }
  while (glob[inGlob] === '*') inGlob++;
  return inGlob === glob.length;
}

function splitEntry(text: string): {
  protocol: 'https:' | 'http:' | undefined;
  authority: string;
  pathText: string;
} {
  const schemeEnd = text.indexOf('://');
  const scheme = schemeEnd < 0 ? undefined : text.slice(0, schemeEnd).toLowerCase();
  if (scheme !== undefined && scheme !== 'https' && scheme !== 'http') {
    throw invalid(text, 'the scheme must be https or http');
  }
  const rest = schemeEnd < 0 ? text : text.slice(schemeEnd + '://'.length);
  const slash = rest.indexOf('/');
  return {
    protocol: scheme && `${scheme}:`,
    authority: slash < 0 ? rest : rest.slice(0, slash),
    pathText: slash < 0 ? '/' : rest.slice(slash),
  };
}

function splitAuthority(
  text: string,
  authority: string,
  protocol: string | undefined,
): { hostText: string; port: string } {
  const colon = authority.indexOf(':', authority.lastIndexOf(']') + 1);
  if (colon < 0) return { hostText: authority, port: '' };
  const hostText = authority.slice(0, colon);
  if (protocol === undefined) {
    throw invalid(text, `a port needs a scheme, as in "https://${authority}"`);
  }
  const port = authority.slice(colon + 1);
  if (!/^[0-9]{1,5}$/.test(port) || Number(port) > 65_535) throw invalid(text, 'its port is not valid');
  // The URL parser drops a default port and leading zeros.
  return { hostText, port: new URL(`${protocol}//host:${port}`).port };
}

function parseExactHost(text: string, hostText: string): string {
  const host = canonicalHost(hostText);
  if (host === undefined) {
    const isSet = hostText.includes('[') && !hostText.startsWith('[');
    throw invalid(text, isSet ? 'sets such as [a-c] are not supported; list the hosts' : 'its host is not valid');
  }
  return host;
}

function parseGlob(text: string, hostText: string): { host: string; glob: string } {
  const dotless = hostText.endsWith('.') ? hostText.slice(0, -1) : hostText;
  const labels = dotless.toLowerCase().split('.');
  const lastWild = labels.findLastIndex((label) => /[*?]/.test(label));
  const left = labels.slice(0, lastWild + 1);
  const host = canonicalHost(labels.slice(lastWild + 1).join('.'));
  if (!left.every((label) => GLOB_LABEL.test(label))) {
    throw invalid(text, 'only letters, digits, "-" and "_" may stand with "*" and "?"');
  }
  if (host === undefined || !isRegistrable(host)) {
    throw invalid(
      text,
      'wildcards must stand left of a domain with one owner, as in "*.example.com"; list the hosts, or grant "*"',
    );
  }
  return { host, glob: left.join('.') };
}

function parsePath(text: string, pathText: string): string {
  if (/[\s\\?#]/.test(pathText)) {
    throw invalid(text, 'a path prefix has no query, fragment, space or backslash');
  }
  const path = new URL(`https://host${pathText}`).pathname;
  if (climbs(path, 'slashes')) throw invalid(text, 'its path holds encoded slashes or dot segments');
  return path;
}

function invalid(text: string, why: string): ClocheError {
  return new ClocheError('OPTION_INVALID', `Host entry "${visibleText(text, 200)}": ${why}`);
}
