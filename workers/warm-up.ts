// Runs a plugin of nothing. Most of a start is the engine compiling this worker's code at its first use, which is
// several times the work itself; a spare has the time for it, and a plugin that was just killed has not.

import type { Abi } from './guest.ts';
import { LeasedData } from './host-calls/leased-data.ts';
import { makeHostCalls } from './host-calls/make-host-calls.ts';
import type { Kept } from './lockdown.ts';
import { LogLines } from './log-lines.ts';
import type { PagePort } from './page-port.ts';

export async function warmUp({ newGuest, example }: Abi, page: PagePort, kept: Kept): Promise<void> {
  if (!example) return;
  const { request, call } = example;
  const logs = new LogLines(page, request.logLineBytes);
  const guest = newGuest({
    request,
    hostCalls: makeHostCalls(request.wait, page, kept, new LeasedData([], page)),
    logs,
    page,
  });
  await guest.load({ cached: async () => new Map(), give: async () => undefined });
  await guest.start();
  await guest.call(call);
}
