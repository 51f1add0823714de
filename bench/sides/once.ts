// Sides that are made anew for each sample, with the time of their first answer.

import { timed } from '../measure.ts';
import type { Side } from '../row.ts';

/** Whatever has been opened, and ends outside of the clock. */
export interface Opened {
  close(): unknown;
}

/** `start` opens what is measured and has its first answer. */
export function startedAnew(start: () => Promise<Opened>): Side {
  return {
    async sample() {
      let opened: Opened | undefined;
      const took = await timed(async () => {
        opened = await start();
      });
      await opened?.close();
      return took;
    },
    close: () => undefined,
  };
}
