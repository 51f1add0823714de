// Which requests a route is for. Order does not matter, since every route leads to the same export.

import type { Route } from '../manifest/contributions.ts';

/** There are no parameters, a slash at the end counts, and methods are compared as they stand. */
export function matches(route: Route, method: string, path: string): boolean {
  if (route.method !== '' && route.method !== method) return false;
  return route.path.endsWith('*') ? path.startsWith(route.path.slice(0, -1)) : path === route.path;
}
