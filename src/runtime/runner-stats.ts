// What a plugin's calls came to: counted here, shown by `plugin.stats`.

import type { ClocheError, ErrorCode } from '../errors.ts';
import { bucketOf, emptyDurations } from './call-durations.ts';
import type { RunningCall } from './calls/running-call.ts';
import type { MemoryUse } from './wire/protocol.ts';

/** What the last call took that came back, with an output or an error. Durations are in ms. */
export interface CallReport {
  readonly exportName: string;
  /** Waiting for its turn and starting the plugin not counted. */
  readonly durationMs: number;
  /** How much of that went by in host functions. */
  readonly hostCallMs: number;
  readonly inputBytes: number;
  readonly outputBytes: number;
}

export interface PluginStats {
  /** Calls of exports that began, whatever became of them. */
  readonly calls: number;
  /** How many of these rejected, by a kill or otherwise. */
  readonly failures: number;
  /** How often its worker was ended for what it did, in a call or outside of one. */
  readonly kills: number;
  /** How long the last start took, from asking for a worker to ready, in ms; undefined before the first. */
  readonly startMs: number | undefined;
  /** Why the last start failed; undefined where it did not. */
  readonly startError?: ClocheError | undefined;
  readonly lastCall: CallReport | undefined;
  /** Calls that came back, counted by their length, see `call-durations.ts`. Counted on. */
  readonly durations: readonly number[];
  /** Bytes in use at the end of the last call. */
  readonly use: MemoryUse | undefined;
}

/** What ends a start, and says nothing of the plugin. */
const NO_FAILURES: ReadonlySet<ErrorCode> = new Set(['ABORTED', 'BUSY', 'CLOSED', 'DISABLED', 'REVOKED']);

export class RunnerStats implements PluginStats {
  calls = 0;
  failures = 0;
  kills = 0;
  startMs: number | undefined = undefined;
  startError: ClocheError | undefined = undefined;
  lastCall: CallReport | undefined = undefined;
  use: MemoryUse | undefined = undefined;
  readonly durations = emptyDurations();

  /** Whether its last start failed by what the plugin is. */
  get startFailed(): boolean {
    return this.startError !== undefined && !NO_FAILURES.has(this.startError.code);
  }

  began({ exportName }: RunningCall): void {
    if (exportName !== undefined) this.calls++;
  }

  /** Of a call only: whoever counts those that were answered takes the failures from the calls. */
  failed({ exportName }: RunningCall): void {
    if (exportName !== undefined) this.failures++;
  }

  /** It is as if the call had never been made. */
  forget({ exportName }: RunningCall): void {
    if (exportName !== undefined) this.calls--;
  }

  report({ exportName, elapsedMs, hostCallMs }: RunningCall, inputBytes: number, outputBytes: number): void {
    if (exportName !== undefined) {
      const bucket = bucketOf(elapsedMs);
      this.durations[bucket] = (this.durations[bucket] ?? 0) + 1;
      this.lastCall = { exportName, durationMs: elapsedMs, hostCallMs, inputBytes, outputBytes };
    }
  }
}
