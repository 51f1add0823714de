// Whether a path lies below another, also in the eyes of a server that decodes more than it should.

/** What some servers decode after the browser has normalised the path; three rounds see through double encoding. */
const DECODING_ROUNDS = 3;

/**
 * Whether `path` is `prefix` or lies below it, at a segment boundary: `/v1` covers `/v1` and `/v1/x`,
 * not `/v10`; `/v1/` covers `/v1/` and `/v1/x`, not `/v1`. Both are `pathname`s of a URL.
 */
export function isBelow(path: string, prefix: string): boolean {
  if (prefix === '/') return true;
  if (canClimb(path)) return false;
  return path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}

/**
 * Whether a path could leave its folder once a server decodes it: an encoded slash or backslash, or a
 * dot segment that the URL parser does not take for one, such as `..;x` (a path parameter).
 */
export function canClimb(path: string): boolean {
  const slashes = countOf(path, '/');
  let decoded = path;
  for (let round = 0; round < DECODING_ROUNDS; round++) {
    if (decoded.includes('\\') || countOf(decoded, '/') !== slashes) return true;
    if (decoded.split('/').some(isDotSegment)) return true;
    decoded = decodedOnce(decoded);
  }
  return decoded.includes('\\') || countOf(decoded, '/') !== slashes;
}

function isDotSegment(segment: string): boolean {
  const name = segment.split(';', 1)[0];
  return name === '.' || name === '..';
}

/** Only what matters here: `%2e`, `%2f`, `%5c`, `%3b` and, for the next round, `%25`. */
function decodedOnce(path: string): string {
  return path.replace(/%(2e|2f|5c|3b|25)/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function countOf(text: string, character: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count++;
  return count;
}
