// The options of the audit, as an app gives them. Comes with the audit.

import { ClocheError } from '../errors.ts';
import { checkType, givenOptions, type KeysOf, wholeNumber } from '../util/given-options.ts';

export interface AuditOptions {
  /** Name of the person at the page, as the audit shall have it: asked at each act. At most 200 bytes. @default nobody is named */
  who?: () => string;
  /** Entries that are kept; the oldest go first, and are counted. 100 to 1,000,000. @default 50000 */
  entries?: number;
  /** Bytes that are kept, likewise. 65,536 to 1,073,741,824. @default 10485760 */
  bytes?: number;
  /**
   * Takes out what nobody shall read: it is given each text before that is stored, and what it returns is stored. Where it throws,
   * nothing of the text is. @default texts are stored as they are
   */
  redact?: (text: string) => string;
}

export interface CheckedAudit {
  readonly who: (() => string) | undefined;
  readonly mostEntries: number;
  readonly mostBytes: number;
  readonly redact: ((text: string) => string) | undefined;
}

const KEYS: KeysOf<AuditOptions> = { who: true, entries: true, bytes: true, redact: true };

/** @throws {ClocheError} OPTION_INVALID */
export function checkedAudit(given: unknown): CheckedAudit {
  if (typeof given !== 'object' && given !== true) {
    throw new ClocheError('OPTION_INVALID', 'Expected `audit` to be true, false or an object');
  }
  const options = givenOptions<AuditOptions>('`audit`', given === true ? {} : given, KEYS);
  const { who, redact, entries = 50_000, bytes = 10 << 20 } = options;
  checkType('who', who, 'function');
  checkType('redact', redact, 'function');
  return {
    who,
    redact,
    mostEntries: wholeNumber('entries', entries, 100, 1_000_000),
    mostBytes: wholeNumber('bytes', bytes, 65_536, 1 << 30),
  };
}
