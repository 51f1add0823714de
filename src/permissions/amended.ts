// A grant with changes on top of those that it has. Comes late: only a person changes one.

import { isPlainObject } from '../util/given-options.ts';
import { newObject } from '../util/json/untrusted-json.ts';
import { followsManifest, type Grant } from './grants.ts';
import { overridden } from './override.ts';

type Changes = Readonly<Record<string, unknown>>;

const MERGE = '+';

/**
 * @param changes as `override.ts` has them; what is given as a whole stays as it is where they only add to it
 * @param grants what holds by the grant
 */
export function amended(grant: Grant, changes: Changes, grants: ReadonlyMap<string, unknown>): Grant {
  if (followsManifest(grant)) {
    const before = typeof grant === 'string' ? {} : (grant[MERGE] as Changes);
    return { [MERGE]: composed(before, changes) };
  }
  if (grant === 'none') return composed({}, changes, overridden);
  const before = typeof grant === 'string' ? Object.fromEntries([...grants].map(([k, v]) => [k, v ?? true])) : grant;
  return composed(before, changes, overridden);
}

/** Changes that do what both do, one after the other. @param first how a merge is begun where there is nothing to merge with */
function composed(before: Changes, changes: Changes, first: typeof overridden = withKey): Record<string, unknown> {
  let result: Record<string, unknown> = Object.assign(newObject(), before);
  for (const [key, value] of Object.entries(changes)) {
    const name = key.slice(MERGE.length);
    if (!key.startsWith(MERGE)) {
      delete result[MERGE + key];
      result[key] = value;
    } else if (result[name] === true) {
      // All of it: there is nothing to add.
    } else if (Object.hasOwn(result, name)) {
      result[name] = unrepeated(overridden({ [name]: result[name] }, { [key]: value })[name]);
    } else if (Object.hasOwn(result, key)) result[key] = both(result[key], value);
    else result = { ...result, ...first({}, { [key]: value }) };
  }
  return result;
}

function withKey(_: Changes, changes: Changes): Record<string, unknown> {
  return { ...changes };
}

function both(before: unknown, change: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(change)) return unrepeated([...before, ...change]);
  return isPlainObject(before) && isPlainObject(change) ? composed(before, change) : change;
}

/** Whoever allows the same twice has it once in each list. */
function unrepeated(value: unknown): unknown {
  if (Array.isArray(value)) return [...new Set(value)];
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unrepeated(inner)]));
}
