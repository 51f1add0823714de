// Whether a change of grants takes something away.

type Grants = ReadonlyMap<string, unknown>;

/** Parts of a scope of which more allows more. Of exceptions less does, and whatever else a scope may say may be a limit. */
const WIDENING = /^allow/;
const NARROWING = /^disallow/;

/**
 * Whether `now` lacks anything that `before` allowed. A scope that says the same in other words counts as less.
 * @param anyway what is had unless it is named, see `hadAnyway`
 */
export function takesAway(before: Grants, now: Grants, anyway: Grants = new Map()): boolean {
  const [was, is] = [new Map([...anyway, ...before]), new Map([...anyway, ...now])];
  const isAll = (name: string): boolean => anyway.has(name) && is.get(name) === anyway.get(name);
  return [...was].some(([name, scope]) => !isAll(name) && !(is.has(name) && holds(is.get(name), scope)));
}

/** Without a scope all of the capability is granted; in a list each entry allows something. */
function holds(now: unknown, before: unknown): boolean {
  if (now === undefined || Object.is(now, before)) return true;
  if (Array.isArray(before)) return Array.isArray(now) && before.every((one) => now.some((other) => holds(other, one)));
  if (!isObject(before) || !isObject(now)) return false;
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].every((key) => {
    if (NARROWING.test(key))
      return !Object.hasOwn(now, key) || (Object.hasOwn(before, key) && holds(before[key], now[key]));
    if (!Object.hasOwn(before, key)) return WIDENING.test(key);
    return Object.hasOwn(now, key) && holds(now[key], before[key]);
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
