// Workers of the page's own origin, for engines that can wait only there. `workers/lockdown.ts` is their first wall.

import workerSource from '../../../workers/plugin.worker.ts?source';
import { dispose } from '../../util/dispose.ts';
import { trustedScriptUrl } from '../../util/trusted-types.ts';
import { PageWorkerHost } from './page-worker-host.ts';
import { blobUrl, keptUrls } from './script-url.ts';
import type { WorkerHost } from './worker-host.ts';

/** @param source what each worker runs; tests put an intruder there */
export async function openSameOrigin(source = workerSource): Promise<WorkerHost> {
  const urls = keptUrls(blobUrl);
  const spawn = (text = source): Worker => new Worker(trustedScriptUrl(urls.of(text)));
  return new PageWorkerHost(spawn, 'worker-src blob:', {
    isAttached: () => true,
    [dispose]() {
      for (const url of urls.all) URL.revokeObjectURL(url);
    },
  });
}
