// Where in the admin page somebody is, and how that stands in the address: after the `#`, so that back and forward work.

import { decodedPart } from '../../../util/text/decoded-part.ts';

export type Route =
  | { readonly at: 'plugins' | 'trouble' }
  | { readonly at: 'activity'; readonly plugin?: string }
  | { readonly at: 'plugin'; readonly plugin: string }
  | { readonly at: 'page'; readonly plugin: string; readonly contribution: string };

export const HOME: Route = { at: 'plugins' };

/** @returns undefined for an address that is not of the admin page */
export function routeOf(hash: string): Route | undefined {
  const [at = '', plugin, contribution] = hash.replace(/^#/, '').split('/').map(decodedPart);
  if (at === 'plugins' || at === 'trouble') return { at };
  if (at === 'activity') return plugin ? { at, plugin } : { at };
  if (at !== 'plugin' || !plugin) return undefined;
  return contribution ? { at: 'page', plugin, contribution } : { at, plugin };
}

export function hashOf(route: Route): string {
  switch (route.at) {
    case 'plugins':
    case 'trouble':
      return `#${route.at}`;
    case 'activity':
      return joined('activity', route.plugin);
    case 'plugin':
      return joined('plugin', route.plugin);
    case 'page':
      return joined('plugin', route.plugin, route.contribution);
  }
}

function joined(...parts: readonly (string | undefined)[]): string {
  return `#${parts.flatMap((part) => (part === undefined ? [] : [encodeURIComponent(part)])).join('/')}`;
}
