// Starts the workers of databases, all in one frame: it comes with the first, and goes with the last.

import { ClocheError } from '../../errors.ts';
import { openCell } from '../../runtime/isolation/cell/cell.ts';
import type { WorkerHost } from '../../runtime/isolation/worker-host.ts';
import { dispose } from '../../util/dispose.ts';
import { Instance } from './instance.ts';
import { type Progress, program } from './program.ts';

/** Of all files of one, in bytes: they lie in memory. */
const MOST_DATA_BYTES = 256 << 20;

export class Instances {
  readonly #progress: Progress;
  /** Whether any is open, or about to be. */
  readonly #isUsed: () => boolean;
  #cell: Promise<WorkerHost> | undefined;

  constructor(progress: Progress, isUsed: () => boolean) {
    this.#progress = progress;
    this.#isUsed = isUsed;
  }

  /** What a database that was never written to starts from. @throws {ClocheError} FETCH_FAILED */
  async snapshot(): Promise<Uint8Array> {
    return (await program(this.#progress)).snapshot;
  }

  /** @param changes as they are stored, or the snapshot @throws as `Instance.open`, FETCH_FAILED, FRAME_REMOVED */
  async start(name: string, changes: readonly Uint8Array[], signal: AbortSignal): Promise<Instance> {
    this.#cell ??= openCell();
    // Whoever comes next tries again.
    this.#cell.catch(() => {
      this.#cell = undefined;
    });
    const [cell, { wasm, files }] = await Promise.all([this.#cell, program(this.#progress)]);
    if (!cell.alive) {
      this.#cell = undefined;
      throw new ClocheError('FRAME_REMOVED', 'The page has removed the frame of its SQL databases');
    }
    return Instance.open(cell, name, { wasm, files, changes, mostDataBytes: MOST_DATA_BYTES }, signal);
  }

  /** Gives the frame up where nothing is open. */
  letGo(): void {
    if (this.#isUsed()) return;
    void this.#cell?.then(
      (cell) => {
        if (this.#isUsed() || cell.workerCount > 0) return;
        this.#cell = undefined;
        cell[dispose]();
      },
      () => undefined,
    );
  }
}
