// Whether a path lies below another, also in the eyes of a server that decodes more than it should.

import { climbs } from '../../util/climbing-path.ts';

/** Rounds that see through repeated encoding. */
const DECODING_ROUNDS = 3;

/**
 * Whether `path` is `prefix` or lies below it, at a segment boundary: `/v1` covers `/v1` and `/v1/x`,
 * not `/v10`; `/v1/` covers `/v1/` and `/v1/x`, not `/v1`. Both are `pathname`s of a URL, in whatever spelling.
 */
export function isBelow(path: string, prefix: string): boolean {
  if (prefix === '/') return true;
  const [inner, outer] = [canonicalPathname(path), canonicalPathname(prefix)];
  return inner === outer || (isUnder(inner, outer) && !climbs(path, 'slashes'));
}

/** The same for a path that is forbidden: also what some server takes for it. */
export function mayBeBelow(path: string, prefix: string): boolean {
  const [inner, outer] = [loosened(path), loosened(prefix)];
  return outer === '' || inner === outer || isUnder(inner, outer);
}

function isUnder(path: string, prefix: string): boolean {
  return path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}

/** Escapes of letters, digits and `-._~`, which need none. */
const NEEDLESS = /%(?:2[DdEe]|3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa]|5[Ff]|7[Ee])/g;
const LOWER_CASE = /%(?:[a-f][0-9A-Fa-f]|[0-9A-F][a-f])/g;

/** Only what has another spelling is written anew: https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2 */
function canonicalPathname(path: string): string {
  return path
    .replace(NEEDLESS, (escaped) => String.fromCharCode(Number.parseInt(escaped.slice(1), 16)))
    .replace(LOWER_CASE, (escaped) => escaped.toUpperCase());
}

/** As the laxest server reads it: decoded again and again, in any case, without parameters, doubled slashes and dots. */
function loosened(path: string): string {
  let text = path;
  for (let round = 0; round < DECODING_ROUNDS; round++) {
    text = text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
  const segments: string[] = [];
  for (const segment of text.toLowerCase().split(/[/\\]/)) {
    const [name = ''] = segment.split(';', 1);
    if (name === '..') segments.pop();
    else if (name !== '' && name !== '.') segments.push(name);
  }
  return segments.length === 0 ? '' : `/${segments.join('/')}`;
}
