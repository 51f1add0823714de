// Asks the engine whether it starts a worker from a blob here.

import { trustedScriptUrl } from '../../../util/trusted-types.ts';

/** How long a worker may take to start, in ms. Then it counts as one that never does: no engine tells of all that it stops. */
const START_MS = 3_000;

/** Whether a worker from a blob runs; false also where the page's policy forbids it, which the first real one then says. */
export async function loadsBlobs(): Promise<boolean> {
  const url = URL.createObjectURL(new Blob(['postMessage(0)'], { type: 'text/javascript' }));
  let probe: Worker | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const worker = new Worker(trustedScriptUrl(url));
    probe = worker;
    return await new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, START_MS, false);
      worker.onmessage = () => resolve(true);
      worker.onerror = () => resolve(false);
    });
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    probe?.terminate();
    URL.revokeObjectURL(url);
  }
}
