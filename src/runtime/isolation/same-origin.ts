// Workers of the page's own origin, for engines that can wait only there. `workers/lockdown.ts` is their first wall.

import workerSource from '../../../workers/plugin.worker.ts?source';
import { dispose } from '../../util/dispose.ts';
import { trustedScriptUrl } from '../../util/trusted-types.ts';
import { PageWorkerHost } from './page-worker-host.ts';
import type { WorkerHost } from './worker-host.ts';

/** @param source what each worker runs; tests put an intruder there */
export async function openSameOrigin(source = workerSource): Promise<WorkerHost> {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  return new PageWorkerHost(() => new Worker(trustedScriptUrl(url)), 'worker-src blob:', {
    isAttached: () => true,
    [dispose]: () => URL.revokeObjectURL(url),
  });
}
