// Whether one scope of `http` allows all that another does. Comes late: only updates ask.

import { isSame } from '../../util/same-data.ts';
import { entryContains } from './entry-contains.ts';
import { type HostEntry, parseHostEntry } from './host-pattern.ts';
import { DEFAULT_METHODS, type HttpScope, httpScopeOf } from './scope.ts';

/** For two scopes as the rule's `parse` or `satisfy` returned them. */
export function httpCovers(granted: unknown, asked: unknown): boolean {
  const [outer, inner] = [httpScopeOf(granted), httpScopeOf(asked)];
  if (!outer || !inner) return false;
  if (inner.disallowAll) return true;
  if (outer.disallowAll || !areKeptOut(outer, inner)) return false;
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

/** Every exception of `outer` is one of `inner`, or cannot be meant by what that asks for. */
function areKeptOut(outer: HttpScope, inner: HttpScope): boolean {
  const exceptions = (inner.disallow ?? []).map(parseHostEntry);
  const asked = [...inner.allow, ...(inner.withheld ?? [])].map(parseHostEntry);
  return (outer.disallow ?? []).map(parseHostEntry).every((kept) => {
    const isException = exceptions.some((exception) => isSame(exception, kept));
    return isException || asked.every((entry) => areApart(entry, kept));
  });
}

/** Told only of two hosts without wildcards. */
function areApart(a: HostEntry, b: HostEntry): boolean {
  const isExact = ({ glob, isAny }: HostEntry): boolean => glob === undefined && !isAny;
  return isExact(a) && isExact(b) && a.host !== b.host;
}
