import { ClocheError, messageOf } from '../errors.ts';
import { jsonOf } from '../util/json/plain-json.ts';

/** What JSON holds of a payload. @throws {ClocheError} OPTION_INVALID for what cannot be written as that */
export function plainCopy(payload: unknown): unknown {
  if (payload === undefined) return undefined;
  try {
    return JSON.parse(jsonOf(payload));
  } catch (cause) {
    throw new ClocheError('OPTION_INVALID', `The payload cannot be written: ${messageOf(cause)}`, { cause });
  }
}
