// The key of a storage's secrets: made with the first of them, kept in a database of its own, and never seen by anybody. Whoever
// reads the disk has it; a script that reads the databases has only its handle.

import type { Database } from '../database/indexed-db.ts';
import { openDatabase } from '../database/open-database.ts';
import { ClocheError } from '../errors.ts';

const NAME = 'aes-gcm';
const ALGORITHM = { name: 'AES-GCM', length: 256 };

/** Undefined where there is none (any more). @throws {ClocheError} STORAGE_FAILED */
export async function storedKey(storage: string): Promise<CryptoKey | undefined> {
  const found = await keysOf(storage).transact('readonly', (objects) => objects.get(NAME));
  return isOurs(found) ? found : undefined;
}

/**
 * The stored key, or a new one, which is stored. Of two tabs that make one at the same time both get the same.
 * @returns undefined where the engine cannot store keys, or has no WebCrypto for this page
 * @throws {ClocheError} STORAGE_FAILED
 */
export async function keyToSealWith(storage: string): Promise<CryptoKey | undefined> {
  const known = await storedKey(storage);
  if (known || !globalThis.crypto?.subtle) return known;
  const fresh = await crypto.subtle.generateKey(ALGORITHM, false, ['encrypt', 'decrypt']);
  try {
    return await keysOf(storage).transact('readwrite', async (objects) => {
      const first = await objects.get(NAME);
      if (isOurs(first)) return first;
      objects.put(fresh, NAME);
      return fresh;
    });
  } catch (thrown) {
    if (isUncloneable(thrown)) return undefined;
    throw thrown;
  }
}

function keysOf(storage: string): Database {
  return openDatabase(storage, `${storage}-secrets`, 'keys');
}

/** Whatever a script has put in its place could be exported. */
function isOurs(value: unknown): value is CryptoKey {
  return value instanceof CryptoKey && !value.extractable && value.algorithm.name === ALGORITHM.name;
}

function isUncloneable(thrown: unknown): boolean {
  const cause = thrown instanceof ClocheError ? thrown.cause : thrown;
  return cause instanceof DOMException && cause.name === 'DataCloneError';
}
