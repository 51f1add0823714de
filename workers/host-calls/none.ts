// No way to wait: plugins run, and a host function that must wait fails by name.

import { ClocheError } from '../../src/errors.ts';
import { blocking } from './blocking.ts';
import type { HostCalls } from './host-calls.ts';

export function none(): HostCalls {
  return blocking(() => {
    throw new ClocheError(
      'HOST_CALLS_UNAVAILABLE',
      'this engine cannot wait for a host function: it has neither JSPI nor shared memory, and no service worker was set up',
    );
  });
}
