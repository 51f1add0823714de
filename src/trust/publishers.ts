// The publishers that an app trusts, as it gives them. Comes late: most apps name none.

import { ClocheError } from '../errors.ts';
import { givenOptions, type KeysOf } from '../util/given-options.ts';
import { shown } from '../util/text/shown.ts';
import { visibleText } from '../util/text/visible-text.ts';
import { isPublicKey, type PublicKey } from './public-key.ts';
import type { Publishers } from './trust.ts';

/** Somebody whose plugins the app knows by their signature. */
export interface Publisher {
  /** As users shall read it; no two have the same. At most 100 characters. */
  name: string;
  /**
   * Public keys, as `npx cloche keygen` prints them. What is signed by any of them is of this publisher: add a new one before
   * the first plugin that is signed with it, and take an old one out when nobody should believe it any more.
   */
  keys: readonly string[];
}

const PUBLISHER: KeysOf<Publisher> = { name: true, keys: true };

/**
 * Names of publishers by their keys.
 * @throws {ClocheError} OPTION_INVALID for what is unknown, no key, or a name or key that is there twice
 */
export function publishersByKey(publishers: unknown): Publishers {
  const byKey = new Map<PublicKey, string>();
  const names = new Set<string>();
  if (publishers === undefined) return byKey;
  for (const publisher of listOf('`trust.publishers`', publishers)) {
    const { name, keys } = givenOptions<Publisher>('a publisher', publisher, PUBLISHER);
    if (typeof name !== 'string' || name === '' || name !== visibleText(name, 100)) {
      throw invalid(`Expected the \`name\` of a publisher to be a text of at most 100 characters, got ${shown(name)}`);
    }
    if (names.size === names.add(name).size) throw invalid(`Two publishers have the name ${shown(name)}`);
    for (const key of listOf(`the \`keys\` of publisher ${shown(name)}`, keys)) {
      if (!isPublicKey(key)) {
        throw invalid(`Expected a key of publisher ${shown(name)} to be \`ed25519:\` and 43 digits, got ${shown(key)}`);
      }
      if (byKey.has(key)) throw invalid(`Key ${key} is there twice`);
      byKey.set(key, name);
    }
  }
  return byKey;
}

function listOf(what: string, given: unknown): readonly unknown[] {
  if (Array.isArray(given) && given.length > 0) return given;
  throw invalid(`Expected ${what} to be an array with something in it, got ${shown(given)}`);
}

function invalid(message: string): ClocheError {
  return new ClocheError('OPTION_INVALID', message);
}
