// Runs one call and reports it while it runs. The plugin may do its worst: nothing here waits for it but the call.

import type { HostCallRecord } from '../../src/events.ts';
import type { Plugin } from '../../src/index.ts';
import type { Answer, CallReport, Outcome, Ready } from './call-report.ts';
import { type Failure, failureOf, hasEndedInstance } from './failure.ts';
import { FrameTimes } from './frame-times.ts';

/** Often enough for a bar to move smoothly, and far less work than each frame. */
const REPORT_MS = 50;
/** More rows than anyone reads; a plugin can make host calls without end. */
const KEPT_HOST_CALLS = 1_000;

export interface CallToRun {
  readonly plugin: Plugin;
  /** What is called, for people. */
  readonly title: string;
  run(signal: AbortSignal): Promise<Answer>;
}

export class RunningCall {
  readonly #call: CallToRun;
  readonly #report: (report: CallReport) => void;
  readonly #abort = new AbortController();
  readonly #hostCalls: HostCallRecord[] = [];
  readonly #frameTimes: FrameTimes;
  readonly #began = performance.now();

  /** @param report - Called with each new state of the report; the last call says that the plugin is ready again. */
  constructor(call: CallToRun, report: (report: CallReport) => void) {
    this.#call = call;
    this.#report = report;
    this.#frameTimes = new FrameTimes(call.plugin.limits.timeoutMs);
  }

  /** Adds a host call of this plugin. */
  note(record: HostCallRecord): void {
    this.#hostCalls.push(record);
    if (this.#hostCalls.length > KEPT_HOST_CALLS) this.#hostCalls.shift();
  }

  stop(): void {
    this.#abort.abort();
  }

  /** Settles when the call has, and after a kill when the plugin is ready; never rejects. */
  async run(): Promise<void> {
    const timer = setInterval(() => this.#tell({ kind: 'running' }), REPORT_MS);
    this.#tell({ kind: 'running' });
    const { outcome, elapsedMs } = await this.#settle();
    clearInterval(timer);
    this.#frameTimes.stop();
    this.#tell(outcome, elapsedMs);
    if (outcome.kind !== 'failed' || outcome.ready.kind !== 'starting') return;
    const ready = await startAgain(this.#call.plugin);
    this.#tell({ ...outcome, ready }, elapsedMs);
  }

  async #settle(): Promise<{ outcome: Outcome; elapsedMs: number }> {
    const { plugin, run } = this.#call;
    const before = plugin.stats.lastCall;
    try {
      const answer = await run(this.#abort.signal);
      const { lastCall } = plugin.stats;
      // A route may answer without the plugin: it is off, or there is no such route.
      const stats = lastCall === before ? undefined : lastCall;
      const elapsedMs = stats?.durationMs ?? this.#elapsedMs;
      return { outcome: { kind: 'answered', ...answer, stats }, elapsedMs };
    } catch (thrown) {
      const failure = failureOf(thrown);
      return { outcome: { kind: 'failed', failure, ready: afterwards(failure) }, elapsedMs: this.#elapsedMs };
    }
  }

  get #elapsedMs(): number {
    return performance.now() - this.#began;
  }

  #tell(outcome: Outcome, elapsedMs = this.#elapsedMs): void {
    this.#report({
      title: this.#call.title,
      deadlineMs: this.#call.plugin.limits.timeoutMs,
      elapsedMs,
      frameTimes: this.#frameTimes.reading,
      hostCalls: [...this.#hostCalls],
      outcome,
    });
  }
}

function afterwards(failure: Failure): Ready {
  // Starting again what loops while it starts would only be killed once more.
  return hasEndedInstance(failure) && failure.code !== 'START_TIMEOUT' ? { kind: 'starting' } : { kind: 'never-left' };
}

/** Starts the plugin again rather than wait for its next call, to measure how soon it could take one. */
async function startAgain(plugin: Plugin): Promise<Ready> {
  if (plugin.state === 'quarantined') return { kind: 'not-ready', reason: 'Quarantined: it was killed too often.' };
  if (plugin.state === 'off' || plugin.state === 'closed') return { kind: 'not-ready', reason: '' };
  const began = performance.now();
  try {
    await plugin.start();
    return { kind: 'ready', ms: performance.now() - began };
  } catch (thrown) {
    return { kind: 'not-ready', reason: `It does not start again: ${failureOf(thrown).message}` };
  }
}
