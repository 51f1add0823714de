// Which URLs are a plugin's own: below /api/plugins/<id>/ on the host's origin, and nothing else. The host decides by
// it; the bootstrap uses it too, so that a page is refused at once.

import { climbs } from '../util/climbing-path.ts';
import { MOST_URL_LENGTH } from './page-protocol.ts';

/** `/api/plugins/<id>/` */
export function pluginPath(plugin: string): string {
  return `/api/plugins/${encodeURIComponent(plugin)}/`;
}

/**
 * The URL in the form that every parser after this one agrees on, or undefined when it is not the plugin's own.
 * @param path what {@link pluginPath} gives
 */
export function pluginUrl(text: string, origin: string, path: string): URL | undefined {
  if (text.length > MOST_URL_LENGTH) return undefined;
  const url = URL.parse(text);
  if (url?.origin !== origin || url.username !== '' || url.password !== '') return undefined;
  // Parsing has resolved `..`, `%2e%2e` and backslashes; `http:` and such are settled by the origin.
  if (!url.pathname.startsWith(path) || !decodes(url.pathname) || climbs(url.pathname, 'dots')) return undefined;
  url.hash = '';
  return url;
}

function decodes(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
