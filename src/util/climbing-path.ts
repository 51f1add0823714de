// Whether a path may leave its folder in the eyes of a server that decodes more than it should: the one rule for grants,
// for what pages of plugins ask for, and for routes. What a URL parser resolves itself:
// https://url.spec.whatwg.org/#double-dot-path-segment

/**
 * `dots`: refuses what may become a dot segment, `..;x` with a parameter among them, which climbs in some servers.
 * `slashes`: refuses encoded slashes too, for where a path is a border; elsewhere they belong to keys, as in `/items/a%2fb`.
 */
export type Strictness = 'dots' | 'slashes';

const DOT_SEGMENT = /(?:^|[/\\])\.\.?(?:[/\\;]|$)/;
const HIDDEN_SLASH = /%(?:2f|5c)|\\/i;

/** Rounds that see through repeated encoding; whoever encodes more often than that is up to something. */
const DECODING_ROUNDS = 3;

/** @param path as it stands in a parsed URL, which has resolved `..` and `%2e%2e` already */
export function climbs(path: string, strictness: Strictness): boolean {
  let decoded = path;
  for (let round = 0; round <= DECODING_ROUNDS; round++) {
    if (DOT_SEGMENT.test(decoded) || (strictness === 'slashes' && HIDDEN_SLASH.test(decoded))) return true;
    const next = decodedOnce(decoded);
    if (next === decoded) return false;
    decoded = next;
  }
  return true;
}

/** Only what can become part of a dot segment or of an escape, so that broken escapes beside it hide nothing. */
function decodedOnce(path: string): string {
  return path.replace(/%(2e|2f|5c|3b|25)/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
