// Whether a path lies below another, also in the eyes of a server that decodes more than it should.

/**
 * An encoded slash or backslash, or a dot segment that the URL parser does not take for one: `..;x`, a
 * dot segment with a parameter, climbs in some servers.
 */
const CLIMBS = /%(?:2f|5c)|\\|(?:^|\/)\.\.?(?:[;/]|$)/i;

/** Rounds that see through double encoding; whoever encodes more often than that is up to something. */
const DECODING_ROUNDS = 3;

/**
 * Whether `path` is `prefix` or lies below it, at a segment boundary: `/v1` covers `/v1` and `/v1/x`,
 * not `/v10`; `/v1/` covers `/v1/` and `/v1/x`, not `/v1`. Both are `pathname`s of a URL.
 */
export function isBelow(path: string, prefix: string): boolean {
  if (prefix === '/' || path === prefix) return true;
  return path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`) && !canClimb(path);
}

/** Whether a path could leave its folder once a server decodes it. */
export function canClimb(path: string): boolean {
  let decoded = path;
  for (let round = 0; round < DECODING_ROUNDS; round++) {
    if (CLIMBS.test(decoded)) return true;
    const next = decodedOnce(decoded);
    if (next === decoded) return false;
    decoded = next;
  }
  return true;
}

/** Only what can become part of a dot segment or of an escape: `%2e`, `%3b` and `%25`. */
function decodedOnce(path: string): string {
  return path.replace(/%(2e|3b|25)/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
