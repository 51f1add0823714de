// The compartment: a hidden frame without any script, of the page's own origin, in whose window the page makes workers
// from `data:` URLs. Those have an opaque origin and inherit the frame's policy, so they are walled in as in a cell; but
// they live in the page's own process, and the page talks to them without a hop.

import workerSource from '../../../workers/plugin.worker.ts?source';
import { ClocheError } from '../../errors.ts';
import { cspBlocked } from '../../util/csp-blocked.ts';
import { dispose } from '../../util/dispose.ts';
import { trustedScriptUrl } from '../../util/trusted-types.ts';
import { COMPARTMENT_DIRECTIVES } from './embedder-csp.ts';
import { frameRemoved } from './frame-guard.ts';
import { type HiddenFrame, openFrame } from './hidden-frame.ts';
import { PageWorkerHost } from './page-worker-host.ts';
import { scriptUrl } from './script-url.ts';
import { startWorker } from './start-worker.ts';
import type { WorkerHost } from './worker-host.ts';

/** What the workers may do: start, and compile WebAssembly. Nothing else. */
const COMPARTMENT_POLICY = "default-src 'none'; script-src 'wasm-unsafe-eval'; worker-src data:; connect-src 'none'";

const COMPARTMENT_DOCUMENT = `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${COMPARTMENT_POLICY}">`;

/** How often a first worker may fail to start before that counts as forbidden. */
const ATTEMPTS = 4;
/** How long each may take before another is tried beside it, in ms. */
const ATTEMPT_MS = 300;
/** Until the next one, after one that has failed, in ms. */
const RETRY_MS = 20;

/**
 * Opens a compartment, and sees that workers start there.
 * @param source what each worker in it runs; tests put an intruder there
 * @throws {ClocheError} CSP_BLOCKED when the page's own policy forbids such workers; START_FAILED; FRAME_REMOVED when the
 * page takes the frame away
 */
export async function openCompartment(source = workerSource): Promise<WorkerHost> {
  const frame = await openFrame(COMPARTMENT_DOCUMENT);
  try {
    await tryOut(frame);
  } catch (thrown) {
    frame[dispose]();
    throw thrown;
  }
  const url = scriptUrl(source);
  const workerHost = new PageWorkerHost(() => newWorker(frame, url), 'worker-src data:', frame);
  frame.onGone = () => workerHost.lose();
  return workerHost;
}

function newWorker(frame: HiddenFrame, url: string): Worker {
  const { Worker } = frame.window;
  return new Worker(trustedScriptUrl(url));
}

/**
 * Starts a worker that only says that it is there. In Chromium the first of a frame sometimes fails, with an error or
 * without a word, while the frame has loaded and the browser does not yet know; a little later they start.
 */
async function tryOut(frame: HiddenFrame): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  frame.onGone = () => reject(frameRemoved());
  const workers: (Worker | undefined)[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const start = (): void => {
    timer = setTimeout(next, ATTEMPT_MS, new ClocheError('START_FAILED', 'No worker starts in the compartment'));
    const worker = startWorker(
      () => newWorker(frame, scriptUrl('postMessage(0)')),
      (message) => next(blocked(message)),
    );
    worker?.addEventListener('message', () => resolve());
    workers.push(worker);
  };
  const next = (failure: ClocheError): void => {
    clearTimeout(timer);
    if (workers.length < ATTEMPTS) timer = setTimeout(start, RETRY_MS);
    else reject(failure);
  };
  start();
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    for (const worker of workers) worker?.terminate();
  }
}

function blocked(message: string): ClocheError {
  return cspBlocked(`keeps workers from starting in Cloche's compartment (${message})`, COMPARTMENT_DIRECTIVES);
}
