// What an app says of a catalog: read once, and refused where it means nothing. A misspelt prefix would list all of a bucket.

import { ClocheError } from '../errors.ts';
import { checkType, givenOptions, type KeysOf, wholeNumber } from '../util/given-options.ts';

/** What several of them have in common. */
interface CommonOptions {
  readonly name?: string;
  readonly mostBytes?: number;
  readonly everyMs?: number;
}

const MOST_BYTES = 2 ** 31;
/** A timeout of more than 24 days runs at once. */
const MOST_EVERY_MS = 86_400_000;

/**
 * A copy of the options.
 * @param place the function that makes the catalog
 * @throws {ClocheError} OPTION_INVALID for an unknown one, and out of range
 */
export function givenCatalog<T extends CommonOptions>(place: string, given: unknown, keys: KeysOf<T>): Partial<T> {
  const options = givenOptions<T>(`\`${place}()\``, given, keys);
  const { name, mostBytes, everyMs } = options;
  checkType('name', name, 'string');
  if (mostBytes !== undefined) wholeNumber('mostBytes', mostBytes, 0, MOST_BYTES);
  if (everyMs !== undefined) wholeNumber('everyMs', everyMs, 1, MOST_EVERY_MS);
  return options;
}

/** @throws {ClocheError} OPTION_INVALID where it is missing, or no text */
export function requiredText(place: string, name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new ClocheError('OPTION_INVALID', `Expected \`${place}()\` to be given \`${name}\` as text`);
}
