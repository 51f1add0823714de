// The cell: a hidden frame with an opaque origin that owns nothing, in which the plugin workers live.

import workerSource from '../../../workers/plugin.worker.ts?source';
import { ClocheError } from '../../errors.ts';
import { cspBlocked } from '../../util/csp-blocked.ts';
import { dispose } from '../../util/dispose.ts';
import { Deadline } from '../../util/time/deadline.ts';
import { trustedHtml } from '../../util/trusted-types.ts';
import type { CellHandshake } from '../wire/protocol.ts';
import cellSource from './cell-frame.ts?source';
import { CellWorkerHost } from './cell-worker-host.ts';
import { neededDirectives } from './embedder-csp.ts';
import { frameRemoved, guardFrame } from './frame-guard.ts';
import { scriptRuns } from './script-probe.ts';
import type { WorkerHost } from './worker-host.ts';

/** What code in the cell, and in the workers that inherit it, may do: run, and compile WebAssembly. Nothing else. */
const CELL_POLICY =
  "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval'; worker-src blob: data:; connect-src 'none'";

/** How long the frame may take to load, in ms: it needs no network. */
const LOAD_MS = 10_000;

/** How long a frame that has loaded may stay silent until the page's policy is asked, in ms. */
const SILENCE_MS = 200;

/**
 * Opens the cell.
 * @param source what each worker in it runs; tests put an intruder there
 * @throws {ClocheError} CSP_BLOCKED when the page's own policy keeps the frame's script from running; FRAME_REMOVED when
 * the page takes the frame away.
 */
export async function openCell(source = workerSource): Promise<WorkerHost> {
  const { promise, resolve, reject } = Promise.withResolvers<WorkerHost>();
  const { port1, port2 } = new MessageChannel();
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.setAttribute('aria-hidden', 'true');
  frame.setAttribute('tabindex', '-1');
  frame.title = 'Cloche';
  frame.hidden = true;
  frame.srcdoc = trustedHtml(cellDocument());

  let workerHost: CellWorkerHost | undefined;
  let silence: Deadline | undefined;
  const giveUp = (reason: ClocheError | Promise<ClocheError>): void => {
    for (const timer of [deadline, silence]) timer?.[dispose]();
    guard[dispose]();
    frame.remove();
    for (const port of [port1, port2]) port.close();
    Promise.resolve(reason).then(reject, reject);
  };
  const deadline = new Deadline(LOAD_MS, () => {
    giveUp(new ClocheError('START_FAILED', `The frame that plugins run in did not load within ${LOAD_MS} ms`));
  });
  frame.addEventListener(
    'load',
    () => {
      const handshake: CellHandshake = { type: 'CLOCHE_CELL', workerSource: source };
      // The frame's origin is opaque, so no origin can be named; the message goes to this very frame.
      frame.contentWindow?.postMessage(handshake, '*', [port2]);
      silence = new Deadline(SILENCE_MS, () => {
        if (!scriptRuns(cellScript())) giveUp(cellBlocked());
      });
    },
    { once: true },
  );
  port1.onmessage = () => {
    for (const timer of [deadline, silence]) timer?.[dispose]();
    workerHost = new CellWorkerHost(port1, {
      isAttached: () => frame.isConnected,
      [dispose]() {
        guard[dispose]();
        frame.remove();
      },
    });
    resolve(workerHost);
  };
  // Beside the body: pages and frameworks empty the body, and the cell with all plugins would go with it.
  document.documentElement.append(frame);
  const guard = guardFrame(frame, () => (workerHost ? workerHost.lose() : giveUp(frameRemoved())));
  return promise;
}

function cellScript(): string {
  return cellSource.replaceAll('</script', '<\\/script');
}

function cellDocument(): string {
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${CELL_POLICY}"><script>${cellScript()}</script>`;
}

/** A `srcdoc` frame inherits the policy of its page, so the page has to allow what the cell does. */
async function cellBlocked(): Promise<ClocheError> {
  return cspBlocked("keeps Cloche's cell from running", neededDirectives(await cellScriptHash()));
}

/** For a page with a strict policy: the source expression of the cell's inline script. */
export async function cellScriptHash(): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(cellScript()));
  return `'sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}'`;
}
