// Which URLs are a plugin's own: below /api/plugins/<id>/ on the host's origin, and nothing else. The host decides by
// it; the preface uses it too, so that a page is refused at once.

import { MOST_URL_LENGTH } from './protocol.ts';

/** `/api/plugins/<id>/` */
export function pluginPath(plugin: string): string {
  return `/api/plugins/${encodeURIComponent(plugin)}/`;
}

/**
 * The URL in the form that every parser after this one agrees on, or undefined when it is not the plugin's own.
 * @param path what {@link pluginPath} gives
 */
export function ownUrl(text: string, origin: string, path: string): URL | undefined {
  if (text.length > MOST_URL_LENGTH) return undefined;
  const url = URL.parse(text);
  if (url?.origin !== origin || url.username !== '' || url.password !== '') return undefined;
  // Parsing has resolved `..`, `%2e%2e` and backslashes; `http:` and such are settled by the origin.
  if (!url.pathname.startsWith(path) || climbs(url.pathname)) return undefined;
  url.hash = '';
  return url;
}

/** Rounds that see through repeated encoding. */
const DECODING_ROUNDS = 3;

/**
 * Whether a server that decodes the path again would see `..`, as in `/a/..%2f..%2fb` or `/a/..;x/b`. An encoded slash
 * alone is fine: pages put keys into paths.
 */
function climbs(path: string): boolean {
  let decoded = path;
  for (let round = 0; round < DECODING_ROUNDS; round++) {
    try {
      decoded = decodeURIComponent(decoded);
    } catch {
      // A bare % at first is no encoding at all; later on it is one that was encoded itself.
      return round === 0;
    }
    if (/(?:^|[/\\])\.\.?(?:[/\\;]|$)/.test(decoded)) return true;
  }
  return false;
}
