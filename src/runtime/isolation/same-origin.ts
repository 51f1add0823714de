// Workers of the page's own origin, for engines that can wait only there. `workers/lockdown.ts` is their first wall.

import workerSource from '../../../workers/plugin.worker.ts?source';
import { dispose } from '../../util/dispose.ts';
import { trustedScriptUrl } from '../../util/trusted-types.ts';
import { WorkerHost } from './worker-host.ts';
import { superviseWorkers } from './worker-supervisor.ts';

/** @param source what each worker runs; tests put an intruder there */
export function openSameOrigin(source = workerSource): Promise<WorkerHost> {
  const { port1, port2 } = new MessageChannel();
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const workerHost = new WorkerHost(port1, {
    isAttached: () => true,
    [dispose]() {
      supervisor[dispose]();
      URL.revokeObjectURL(url);
    },
  });
  const supervisor = superviseWorkers(port2, () => new Worker(trustedScriptUrl(url)));
  return Promise.resolve(workerHost);
}
