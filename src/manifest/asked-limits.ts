// Limits that a manifest asks for. It may only lower those of the host, so a wish above what any host
// may give is cut to that; a wish below the range, or of another type, is an error (P6).

import { DEFAULT_LIMITS, isLimit, type Limits, limitRange } from '../limits.ts';
import { invalid, type Path } from '../util/json/untrusted-json.ts';
import { shown } from '../util/text/shown.ts';
import { Fields } from './fields.ts';

/** One limit. @throws {ClocheError} MANIFEST_INVALID unless it is a whole number from the lowest allowed up. */
export function askedLimit(name: keyof Limits, value: unknown, path: Path): number {
  const [min, max] = limitRange(name);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min) return Math.min(value, max);
  throw invalid(path, `should be a whole number from ${min} up, not ${shown(value)}`);
}

/** An object of limits by their names in `limits.ts`. @throws {ClocheError} MANIFEST_INVALID */
export function askedLimits(value: unknown, path: Path): Partial<Limits> {
  const fields = new Fields(value, path, Object.keys(DEFAULT_LIMITS));
  const limits: Partial<Limits> = {};
  for (const name of fields.keys()) {
    if (isLimit(name)) limits[name] = askedLimit(name, fields.raw(name), fields.path(name));
  }
  return limits;
}
