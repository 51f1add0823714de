import type { ClocheError } from '../../errors.ts';

/** How it stands with the blocklist. */
export interface BlocklistState {
  /** Of the list that holds; undefined where there is none. */
  readonly sequence: number | undefined;
  /** When it was last fetched by this page and could be used, in ms since 1970. */
  readonly checkedAt: number | undefined;
  /** Why the last look at it failed. What was blocked before is blocked on. */
  readonly error: ClocheError | undefined;
}
