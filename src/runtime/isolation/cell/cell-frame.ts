// The script of the cell's frame: takes the port of its page, then keeps workers for it, and hands on what is large.

import { trustedScriptUrl } from '../../../util/trusted-types.ts';
import type { CellHandshake, FromCell, PassedOn } from '../../wire/protocol.ts';
import { blobUrl, keptUrls, scriptUrl } from '../script-url.ts';
import { loadsBlobs } from './blob-workers.ts';
import { superviseWorkers } from './worker-supervisor.ts';

const { dataset } = document.currentScript as HTMLScriptElement;
// In the page it only shows that the page's policy lets it run; see `scriptRuns`.
if ('probe' in dataset) dataset.probe = 'runs';
else addEventListener('message', take);

async function take({ data, source, ports }: MessageEvent<CellHandshake>): Promise<void> {
  const [port] = ports;
  if (source !== parent || data?.type !== 'CLOCHE_CELL' || !port) return;
  removeEventListener('message', take);
  // Said before anything takes time: a cell that stays silent counts as forbidden by the page's policy.
  port.postMessage({ type: 'READY' } satisfies FromCell);
  const urls = keptUrls(await workerUrl());
  // Classic on purpose: a module worker from a blob fails silently in an opaque origin.
  const newWorker = (text = data.workerSource): Worker => new Worker(trustedScriptUrl(urls.of(text)));
  const passOn = superviseWorkers(port, newWorker);
  addEventListener('message', ({ data, source }: MessageEvent<PassedOn>) => {
    if (source === parent && data?.type === 'CLOCHE_PASS') passOn(data);
  });
}

/**
 * WebKit loads no blob worker in an opaque origin below a page with `Cross-Origin-Embedder-Policy: require-corp`,
 * and says nothing; a data URL it loads. Only WebKit is asked, since a worker takes its time to start.
 */
async function workerUrl(): Promise<(text: string) => string> {
  const isWebKit = /AppleWebKit\/(?!.*Chrom)/.test(navigator.userAgent);
  return isWebKit && !(await loadsBlobs()) ? scriptUrl : blobUrl;
}
