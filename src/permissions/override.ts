// What a person changes of what a plugin asks for: replaced as a whole, or merged where a `+` stands before the key.
//
//   { commands: { allow: ["open"] } }   with   { commands: { allow: ["quit"] } }        quit
//   the same                            with   { "+commands": { allow: ["quit"] } }     quit; other keys of it stay
//   the same                            with   { "+commands": { "+allow": ["quit"] } }  open and quit

import { isPlainObject } from '../util/given-options.ts';
import { newObject } from '../util/json/untrusted-json.ts';

const MERGE = '+';

/** With `+` objects merge by key, lists are appended, everything else is replaced. Neither value is changed. */
export function overridden(base: Readonly<Record<string, unknown>>, changes: Readonly<Record<string, unknown>>) {
  const result: Record<string, unknown> = Object.assign(newObject(), base);
  for (const [key, value] of Object.entries(changes)) {
    if (key.startsWith(MERGE)) result[key.slice(1)] = merged(result[key.slice(1)], value);
    else result[key] = value;
  }
  return result;
}

/** The keys that changes are about, without their `+`. */
export function changedKeys(changes: Readonly<Record<string, unknown>>): Set<string> {
  return new Set(Object.keys(changes).map((key) => (key.startsWith(MERGE) ? key.slice(1) : key)));
}

function merged(base: unknown, change: unknown): unknown {
  if (Array.isArray(change)) return Array.isArray(base) ? [...base, ...change] : change;
  return isPlainObject(change) ? overridden(isPlainObject(base) ? base : {}, change) : change;
}
