// Whether one entry of an http grant allows all that another does. Comes late: only updates ask.

import type { HostEntry } from './host-pattern.ts';
import { isBelow } from './path-prefix.ts';
import { isIpLiteral, isPrivateName } from './public-names.ts';

/**
 * True only where every URL that `inner` covers is covered by `outer`; false also where that cannot be told.
 * @param ownOrigin origin of the embedding page, which only an entry that names it covers
 */
export function entryContains(outer: HostEntry, inner: HostEntry, ownOrigin: string): boolean {
  return (
    (outer.protocol === undefined || outer.protocol === inner.protocol) &&
    (outer.port === undefined || outer.port === inner.port) &&
    (namesOrigin(outer) || !namesOrigin(inner) || originOf(inner) !== ownOrigin) &&
    containsHost(outer, inner) &&
    isBelow(inner.path, outer.path)
  );
}

function namesOrigin({ isOrigin, glob }: HostEntry): boolean {
  return isOrigin && glob === undefined;
}

function originOf({ protocol, host, port }: HostEntry): string {
  return `${protocol}//${host}${port ? `:${port}` : ''}`;
}

function containsHost(outer: HostEntry, inner: HostEntry): boolean {
  if (outer.isAny) return inner.isAny || (!isIpLiteral(inner.host) && !isPrivateName(inner.host));
  if (inner.isAny) return false;
  const pattern = inner.glob === undefined ? inner.host : `${inner.glob}.${inner.host}`;
  if (outer.glob === undefined) return pattern === outer.host;
  const suffix = `.${outer.host}`;
  return pattern.endsWith(suffix) && globContains(outer.glob, pattern.slice(0, -suffix.length));
}

/** `pattern` is read as text in which `*` is matched by `*` only, and `?` by both: what it then matches is contained. */
function globContains(glob: string, pattern: string): boolean {
  let reached = new Set([0]);
  const skipStars = (places: Set<number>): Set<number> => {
    for (const place of places) if (glob[place] === '*') places.add(place + 1);
    return places;
  };
  skipStars(reached);
  for (const letter of pattern) {
    const next = new Set<number>();
    for (const place of reached) {
      const expected = glob[place];
      if (expected === '*') next.add(place);
      else if (expected === letter || (expected === '?' && letter !== '*')) next.add(place + 1);
    }
    reached = skipStars(next);
  }
  return reached.has(glob.length);
}
