// What a plugin's calls came to: counted here, shown by `plugin.stats`.

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

export class RunnerStats {
  calls = 0;
  failures = 0;
  kills = 0;
  /** How long the last start took, from asking for a worker to ready, in ms. */
  startMs: number | undefined = undefined;
  lastCall: CallReport | undefined = undefined;
  use: MemoryUse | undefined = undefined;

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
      this.lastCall = { exportName, durationMs: elapsedMs, hostCallMs, inputBytes, outputBytes };
    }
  }
}
