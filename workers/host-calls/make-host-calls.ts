import type { WaitSetup } from '../../src/runtime/wire/protocol.ts';
import type { Kept } from '../lockdown.ts';
import type { PagePort } from '../page-port.ts';
import { atomics } from './atomics.ts';
import { blockingRequest } from './blocking-request.ts';
import type { HostCalls } from './host-calls.ts';
import { jspi } from './jspi.ts';
import type { LeasedData } from './leased-data.ts';
import { none } from './none.ts';

export function makeHostCalls(
  setup: WaitSetup,
  page: PagePort,
  kept: Pick<Kept, 'XMLHttpRequest'>,
  leased: LeasedData,
): HostCalls {
  switch (setup.way) {
    case 'jspi':
      return jspi(page, leased);
    case 'atomics':
      return atomics(setup.buffer, page, leased);
    case 'service-worker':
      return blockingRequest(setup.url, page, leased, kept.XMLHttpRequest);
    case 'none':
      return none();
  }
}
