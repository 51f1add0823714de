// Workers of the page's own origin that wait for its service worker. Comes late: engines that suspend guests have no use for it.

import { openServiceWorker } from '../wait/service-worker-channel.ts';
import type { SandboxBackend } from './backend.ts';
import { openSameOrigin } from './same-origin.ts';

/** @throws {ClocheError} START_FAILED where the service worker does not come to control this page */
export async function serviceWorkerBackend(url: string | URL): Promise<() => Promise<SandboxBackend>> {
  const channel = await openServiceWorker(url);
  return async () => ({
    workerHost: await openSameOrigin(),
    openAnswerChannel: channel.open,
    process: async () => 'shared',
  });
}
