// Starts a worker whose script comes from memory, and hears of its end.

import type { DeathCause } from '../wire/protocol.ts';

/**
 * @param died called at most once, when the worker cannot start or its script fails; it has ended then
 * @returns undefined where it could not even be made
 */
export function startWorker(
  newWorker: () => Worker,
  died: (message: string, why: DeathCause) => void,
): Worker | undefined {
  let worker: Worker;
  try {
    worker = newWorker();
  } catch (thrown) {
    // By its looks: it may be of another realm.
    const { name, message = 'the worker could not be made' } = Object(thrown) as Partial<Error>;
    // WebKit throws where a policy forbids the worker; the others fire an error at it.
    died(message, name === 'SecurityError' ? 'blocked' : 'error');
    return undefined;
  }
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    worker.terminate();
    // Its script comes from memory, so only a policy keeps it from loading; an error in it has a message.
    if (event.message) died(event.message, 'error');
    else died('its script did not load', 'blocked');
  });
  return worker;
}
