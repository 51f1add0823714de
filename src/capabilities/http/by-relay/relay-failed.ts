// What a plugin and an admin hear where the relay fails a request.

import { ClocheError } from '../../../errors.ts';
import { RelayError } from '../../../relay/relay-error.ts';
import type { HostCallContext } from '../../host-function.ts';

/** What to throw in place of what the relay's client threw: the plugin hears nothing of the relay itself, the log does. */
export function relayFailed(thrown: unknown, { log }: Pick<HostCallContext, 'log'>): unknown {
  if (!(thrown instanceof RelayError)) return thrown;
  log('warn', thrown.message);
  return new ClocheError('HTTP_FAILED', thrown.heard, { cause: thrown });
}
