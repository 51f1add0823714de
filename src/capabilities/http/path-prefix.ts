// Whether a path lies below another, also in the eyes of a server that decodes more than it should.

import { climbs } from '../../util/climbing-path.ts';

/**
 * Whether `path` is `prefix` or lies below it, at a segment boundary: `/v1` covers `/v1` and `/v1/x`,
 * not `/v10`; `/v1/` covers `/v1/` and `/v1/x`, not `/v1`. Both are `pathname`s of a URL.
 */
export function isBelow(path: string, prefix: string): boolean {
  if (prefix === '/' || path === prefix) return true;
  return path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`) && !climbs(path, 'slashes');
}
