import { ClocheError } from '../errors.ts';

/** First part of the databases' names. @throws {ClocheError} OPTION_INVALID for what is not fit for one */
export function storageName(value: unknown = 'cloche'): string {
  if (typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value)) return value;
  throw new ClocheError('OPTION_INVALID', 'Expected `storage` to be 1 to 64 letters, digits, "_" or "-"');
}
