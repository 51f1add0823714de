// The cell: a hidden frame with an opaque origin that owns nothing, in which the plugin workers live.

import workerSource from '../../../../workers/plugin.worker.ts?source';
import { ClocheError } from '../../../errors.ts';
import { cspBlocked } from '../../../util/csp-blocked.ts';
import { dispose } from '../../../util/dispose.ts';
import { Deadline } from '../../../util/time/deadline.ts';
import type { CellHandshake } from '../../wire/protocol.ts';
import { neededDirectives } from '../embedder-csp.ts';
import { mayGiveOwnProcess } from '../engine-choice.ts';
import { frameRemoved } from '../frame-guard.ts';
import { type HiddenFrame, openFrame } from '../hidden-frame.ts';
import { scriptRuns } from '../script-probe.ts';
import cellSource from './cell-frame.ts?source';
import { CellWorkerHost } from './cell-worker-host.ts';

/** What code in the cell, and in the workers that inherit it, may do: run, and compile WebAssembly. Nothing else. */
const CELL_POLICY =
  "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval'; worker-src blob: data:; connect-src 'none'";

/** How long a frame that has loaded may stay silent until the page's policy is asked, in ms. */
const SILENCE_MS = 200;
/** How long it may stay silent where that lets it run, in ms. */
const PATIENCE_MS = 10_000;

/**
 * Opens the cell.
 * @param source what each worker in it runs; tests put an intruder there
 * @throws {ClocheError} CSP_BLOCKED when the page's own policy keeps the frame's script from running; FRAME_REMOVED when
 * the page takes the frame away.
 */
export async function openCell(source = workerSource): Promise<CellWorkerHost> {
  const frame = await openFrame(cellDocument(), 'allow-scripts');
  const { port1, port2 } = new MessageChannel();
  try {
    await handOver(frame, source, port1, port2);
  } catch (thrown) {
    frame[dispose]();
    port1.close();
    throw thrown;
  }
  const workerHost = new CellWorkerHost(
    port1,
    frame,
    mayGiveOwnProcess() ? undefined : (passed) => frame.window.postMessage(passed, '*', passed.buffers),
  );
  frame.onGone = () => workerHost.lose();
  return workerHost;
}

/** Gives the cell its port, and resolves when it has answered. */
async function handOver(frame: HiddenFrame, source: string, port: MessagePort, theirs: MessagePort): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  frame.onGone = () => reject(frameRemoved());
  port.onmessage = () => resolve();
  const handshake: CellHandshake = { type: 'CLOCHE_CELL', workerSource: source };
  // The frame's origin is opaque, so no origin can be named; the message goes to this very frame.
  frame.window.postMessage(handshake, '*', [theirs]);
  const silence = new Deadline(SILENCE_MS, () => {
    if (!scriptRuns(cellScript())) cellBlocked().then(reject, reject);
  });
  const deadline = new Deadline(PATIENCE_MS, () => {
    reject(new ClocheError('START_FAILED', `The frame that plugins run in did not answer within ${PATIENCE_MS} ms`));
  });
  try {
    await promise;
  } finally {
    for (const timer of [silence, deadline]) timer[dispose]();
  }
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
