// What a row of the table is. A row a file, in rows/; how rows are run is in run.ts.

import type { Library, Setting } from './library.ts';

/** What stands beside Cloche: the SDK's worker, QuickJS in the page, and what nothing can be faster than. */
export type Beside = 'sdk' | 'quickjs' | 'floor';

/** One of those that do the job of a row, ready to do it. */
export interface Side {
  /** Does the job once, or some times, and returns what one time took, in the unit of the row. */
  sample(): Promise<number>;
  close(): unknown;
}

/** A bound of one isolation. Without `against` it is in the unit of the row. */
export interface Goal {
  readonly isolation: 'process' | 'origin';
  /** Only in this engine. @default both */
  readonly engine?: 'chromium' | 'firefox';
  /** Beside what: at least so many times as fast as the SDK or QuickJS, at most so many times the floor. */
  readonly against?: Beside;
  readonly bound: number;
}

/** What both isolations are to meet. */
export function ofBoth(goal: Omit<Goal, 'isolation'>): Goal[] {
  return (['process', 'origin'] as const).map((isolation) => ({ ...goal, isolation }));
}

export interface Rounds {
  /** Samples of each side. @default 40 */
  readonly runs?: number;
  /** Samples of each side that do not count. @default 5 */
  readonly warmUps?: number;
}

/** What only the script that opened the page can measure; see probes.ts. */
export type Probe = 'browserKiB' | 'pageHeapKiB';

export interface Row {
  readonly id: string;
  readonly name: string;
  readonly unit: 'ms' | 'KiB';
  /** What the floor does. */
  readonly floor?: string;
  /** What the bars of the plot are against. */
  readonly against?: Beside;
  readonly goals?: readonly Goal[];
  readonly rounds?: Rounds;
  /** Without it the row is left out. */
  readonly needs?: Probe;
  /** Undefined where this isolation cannot do the job. */
  cloche(setting: Setting): Promise<Side | undefined>;
  readonly beside?: Partial<Record<Beside, () => Promise<Side>>>;
}

export type { Library, Setting };
