import type { HostCallContext } from '../../../capabilities/host-function.ts';
import { messageOf } from '../../../errors.ts';

/**
 * What a plugin gave as JSON; undefined where it is none, which by Nev's contract is logged and dropped.
 * @param what what comes of that, such as `setting "a" is not changed, since its new value`
 */
export function parsedJson(
  text: string,
  what: string,
  { log }: HostCallContext,
): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (thrown) {
    log('warn', `${what} is not JSON: ${messageOf(thrown)}`);
    return undefined;
  }
}
