// Room in the engine itself, which may have none for one more plugin while there are places left in the pool.

import { ClocheError } from '../errors.ts';
import type { Occupant, SandboxPool } from './sandbox-pool.ts';

/** A plugin takes at most this many memories, the kernel's among them, and whoever sleeps gives back one at least. */
const MOST_SLEEPERS = 9;

/**
 * Starts an occupant. Where the engine has no room for it, the one idle longest sleeps, and it is tried again.
 * @throws {ClocheError} ENGINE_FULL when nobody is idle, or enough have slept; else what `start` throws
 */
export async function startWithRoom<T>(pool: SandboxPool, occupant: Occupant, start: () => Promise<T>): Promise<T> {
  for (let sleepers = 0; ; sleepers++) {
    try {
      return await start();
    } catch (thrown) {
      const isFull = thrown instanceof ClocheError && thrown.code === 'ENGINE_FULL';
      if (!isFull || sleepers === MOST_SLEEPERS || !(await pool.makeRoomFor(occupant))) throw thrown;
    }
  }
}
