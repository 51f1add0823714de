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
import { keptUrls, scriptUrl } from './script-url.ts';
import { startWorker } from './start-worker.ts';
import type { WorkerHost } from './worker-host.ts';

/** What the workers may do: start, and compile WebAssembly. Nothing else. */
const COMPARTMENT_POLICY = "default-src 'none'; script-src 'wasm-unsafe-eval'; worker-src data:; connect-src 'none'";

const COMPARTMENT_DOCUMENT = `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${COMPARTMENT_POLICY}">`;

/** The first that a worker says, whatever it runs: it is there. */
const SIGN_OF_LIFE = 'postMessage(0);';

/** How often a first worker may fail to start before that counts as forbidden. */
const ATTEMPTS = 4;
/** How long each may take before another is tried beside it, in ms. */
const ATTEMPT_MS = 300;
/** How long the last may take. */
const PATIENCE_MS = 3_000;
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
  const urls = keptUrls((text) => scriptUrl(`${SIGN_OF_LIFE}${text}`));
  let first: Worker | undefined;
  try {
    first = await firstWorker(frame, urls.of(source));
  } catch (thrown) {
    frame[dispose]();
    throw thrown;
  }
  const spawn = (text = source): Worker => {
    const started = text === source ? first : undefined;
    if (started) first = undefined;
    return started ?? newWorker(frame, urls.of(text), () => undefined);
  };
  const workerHost = new PageWorkerHost(spawn, 'worker-src data:', frame);
  frame.onGone = () => workerHost.lose();
  return workerHost;
}

/** @param alive told by its sign of life, which nobody else hears */
function newWorker(frame: HiddenFrame, url: string, alive: (worker: Worker) => void): Worker {
  const { Worker } = frame.window;
  const worker = new Worker(trustedScriptUrl(url));
  const hear = (event: Event): void => {
    event.stopImmediatePropagation();
    alive(worker);
  };
  worker.addEventListener('message', hear, { once: true });
  return worker;
}

/**
 * Starts a worker, and waits until it is there. In Chromium the first of a frame sometimes fails, with an error or
 * without a word, while the frame has loaded and the browser does not yet know; a little later they start.
 */
async function firstWorker(frame: HiddenFrame, url: string): Promise<Worker> {
  const { promise, resolve, reject } = Promise.withResolvers<Worker>();
  frame.onGone = () => reject(frameRemoved());
  const workers: (Worker | undefined)[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const start = (): void => {
    const waitMs = workers.length + 1 < ATTEMPTS ? ATTEMPT_MS : PATIENCE_MS;
    timer = setTimeout(next, waitMs, new ClocheError('START_FAILED', 'No worker starts in the compartment'));
    const made = (): Worker => newWorker(frame, url, resolve);
    workers.push(startWorker(made, (message) => next(blocked(message))));
  };
  const next = (failure: ClocheError): void => {
    clearTimeout(timer);
    // What becomes of it later is its owner's to hear.
    if (isOver) return;
    if (workers.length < ATTEMPTS) timer = setTimeout(start, RETRY_MS);
    else reject(failure);
  };
  start();
  let first: Worker | undefined;
  try {
    first = await promise;
    return first;
  } finally {
    isOver = true;
    clearTimeout(timer);
    for (const worker of workers) if (worker !== first) worker?.terminate();
  }
}

function blocked(message: string): ClocheError {
  return cspBlocked(`keeps workers from starting in Cloche's compartment (${message})`, COMPARTMENT_DIRECTIVES);
}
