// The script of the cell's frame: takes the one message of its page, then keeps workers for it.

import { runNursery } from './nursery.ts';
import type { CellHandshake } from './protocol.ts';
import { trustedScriptUrl } from './trusted-types.ts';

addEventListener('message', function take({ data, source, ports }: MessageEvent<CellHandshake>) {
  const [port] = ports;
  if (source !== parent || data?.type !== 'CLOCHE_CELL' || !port) return;
  removeEventListener('message', take);
  // Classic on purpose: a module worker from a blob fails silently in an opaque origin.
  const url = URL.createObjectURL(new Blob([data.workerSource], { type: 'text/javascript' }));
  runNursery(port, () => new Worker(trustedScriptUrl(url)));
});
