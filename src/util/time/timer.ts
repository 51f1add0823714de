// One timeout of the browser for all timers of the page. A call sets a deadline and clears it a moment later, and a
// `setTimeout` for each takes Firefox as long as the message does: what is set already is left, and looks again when it is due.

import { dispose } from '../dispose.ts';
import { messageTurns } from '../pauses.ts';

/** The timeout is set no further ahead, in ms: it is what is left when all timers are gone. */
const MOST_MS = 1_000;

const timers = new Set<Timer>();
let timeout: ReturnType<typeof setTimeout> | undefined;
/** When the timeout is due that is set; none is at infinity. */
let wakesAt = Number.POSITIVE_INFINITY;

export class Timer implements Disposable {
  readonly at: number;
  readonly #run: () => void;

  /** Runs `run` once, `ms` from now, unless it is disposed of before. It must not throw. */
  constructor(ms: number, run: () => void) {
    const now = performance.now();
    this.at = now + ms;
    this.#run = run;
    timers.add(this);
    // One that is overdue is on its way, and may come late.
    if (this.at < wakesAt || wakesAt < now) wakeAt(this.at);
  }

  [dispose](): void {
    timers.delete(this);
  }

  /** Runs it, if it is still set. */
  ring(): void {
    if (timers.delete(this)) this.#run();
  }
}

function wakeAt(at: number): void {
  clearTimeout(timeout);
  const now = performance.now();
  wakesAt = Math.min(Math.max(at, now), now + MOST_MS);
  timeout = setTimeout(() => void wake(), wakesAt - now);
}

async function wake(): Promise<void> {
  wakesAt = Number.POSITIVE_INFINITY;
  // Engines round both clocks.
  const now = performance.now() + 1;
  const due = [...timers].filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
  for (const timer of due) timer.ring();
  if (timers.size === 0) return;
  // From a message: a timeout that was set by a timeout may wait for a minute in a tab that is hidden.
  await messageTurns(1);
  const next = Math.min(...[...timers].map(({ at }) => at));
  if (next < wakesAt) wakeAt(next);
}
