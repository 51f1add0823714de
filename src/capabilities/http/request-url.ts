// The one reading of a plugin's URL: what is checked here is what is fetched, letter for letter.

import { ClocheError } from '../../errors.ts';
import { visibleText } from '../../util/text/visible-text.ts';

const MAX_URL_LENGTH = 16_384;
/** No name of the DNS is longer: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4. It also bounds every matcher. */
const MAX_HOST_LENGTH = 253;

/**
 * Reads a URL that a plugin wants to fetch. Its host is canonical (lower case, punycode, no trailing
 * dot), its path has no dot segments, its fragment is gone.
 * @throws {ClocheError} HTTP_FAILED unless it is an absolute http or https URL without user name or password.
 */
export function parseRequestUrl(text: string): URL {
  if (text.length > MAX_URL_LENGTH) throw failed(text, `longer than ${MAX_URL_LENGTH} characters`);
  if (!URL.canParse(text)) throw failed(text, 'no absolute URL');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw failed(text, `only https and http can be fetched, not ${visibleText(url.protocol, 40)}`);
  }
  // Not quoted: it holds a password.
  if (url.username !== '' || url.password !== '') {
    throw new ClocheError('HTTP_FAILED', 'A URL with a user name or password cannot be fetched');
  }
  const host = withoutTrailingDot(url.hostname);
  if (!isWellFormedHost(host)) throw failed(text, 'its host is not valid');
  url.hostname = host;
  url.hash = '';
  return url;
}

/**
 * The canonical form of a host name or IP literal, or undefined when it is none. Takes no port, no
 * user name, no escapes: the URL parser would read those as something else than they look.
 */
export function canonicalHost(text: string): string | undefined {
  if (text.length > MAX_HOST_LENGTH || /[\s/\\?#@%]/.test(text)) return undefined;
  if (text.includes(':') && !(text.startsWith('[') && text.endsWith(']'))) return undefined;
  const href = `https://${text}/`;
  if (!URL.canParse(href)) return undefined;
  const url = new URL(href);
  const host = withoutTrailingDot(url.hostname);
  const isHostAlone = url.pathname === '/' && url.port === '' && url.username === '';
  return isHostAlone && isWellFormedHost(host) ? host : undefined;
}

function withoutTrailingDot(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host;
}

/** Narrower than the URL parser, which lets `!` and braces pass and leaves them to the DNS. */
function isWellFormedHost(host: string): boolean {
  if (host.startsWith('[')) return true;
  return host.length <= MAX_HOST_LENGTH && host.split('.').every((label) => /^[a-z0-9_-]+$/.test(label));
}

function failed(text: string, why: string): ClocheError {
  // Without the query, which is where secrets are.
  const shown = visibleText(text.split(/[?#]/, 1)[0] ?? '', 200);
  return new ClocheError('HTTP_FAILED', `"${shown}" cannot be fetched: ${why}`);
}
