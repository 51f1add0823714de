import type { Endpoint } from 'comlink';
import type { WaitSetup } from '../../src/runtime/wire/protocol.ts';
import type { Kept } from '../lockdown.ts';
import { atomics } from './atomics.ts';
import { blockingRequest } from './blocking-request.ts';
import type { HostCalls } from './host-calls.ts';
import { jspi } from './jspi.ts';
import { none } from './none.ts';

export function makeHostCalls(setup: WaitSetup, port: Endpoint, kept: Kept): HostCalls {
  switch (setup.way) {
    case 'jspi':
      return jspi(port);
    case 'atomics':
      return atomics(setup.buffer, port);
    case 'service-worker':
      return blockingRequest(setup.url, port, kept.XMLHttpRequest);
    case 'none':
      return none();
  }
}
