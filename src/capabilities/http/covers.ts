// Whether one scope of `http` allows all that another does. Comes late: only updates ask.

import { entryContains } from './entry-contains.ts';
import { parseHostEntry } from './host-pattern.ts';
import { DEFAULT_METHODS, httpScopeOf } from './scope.ts';

/** For two scopes as the rule's `parse` or `satisfy` returned them. */
export function httpCovers(granted: unknown, asked: unknown): boolean {
  const [outer, inner] = [httpScopeOf(granted), httpScopeOf(asked)];
  if (!outer || !inner) return false;
  const { methods: outerMethods = DEFAULT_METHODS } = outer;
  const { methods: innerMethods = DEFAULT_METHODS } = inner;
  return (
    innerMethods.every((method) => outerMethods.includes(method)) &&
    areWithin(inner.allow, outer.allow) &&
    // What was withheld from the one before is no more than that, and may have been allowed outright.
    areWithin(inner.withheld ?? [], [...outer.allow, ...(outer.withheld ?? [])])
  );
}

function areWithin(inner: readonly string[], outer: readonly string[]): boolean {
  const entries = outer.map(parseHostEntry);
  return inner.every((text) => entries.some((entry) => entryContains(entry, parseHostEntry(text), globalThis.origin)));
}
