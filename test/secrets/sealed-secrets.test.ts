// Where the engine stores no keys, or the page has no WebCrypto: secrets are in memory, and the record says no more than that.

import { assert } from 'chai';
import { isInMemory, seal, unseal } from '../../src/secrets/sealed-secrets.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { freshStorage, requested } from '../registry/records.ts';

const OWNER = { plugin: 'p', installation: '@a', name: 'token' };
const SECRET = { value: 'sk-0123456789', hosts: ['https://api.example.com'] };

/** As in WebKit builds without a master key. */
async function withoutKeys<T>(run: () => Promise<T>): Promise<T> {
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (value: unknown, key?: IDBValidKey) {
    if (value instanceof CryptoKey) throw new DOMException('a key cannot be stored', 'DataCloneError');
    return put.call(this, value, key);
  };
  try {
    return await run();
  } finally {
    IDBObjectStore.prototype.put = put;
  }
}

/** As in a page that is not served securely. */
async function withoutWebCrypto<T>(run: () => Promise<T>): Promise<T> {
  Object.defineProperty(crypto, 'subtle', { value: undefined, configurable: true });
  try {
    return await run();
  } finally {
    Reflect.deleteProperty(crypto, 'subtle');
  }
}

describe('a sealed secret', () => {
  it('is opened by its owner, as it was', async () => {
    const storage = freshStorage();
    const sealed = await seal(storage, OWNER, SECRET);
    assert.isFalse(isInMemory(sealed));
    assert.deepEqual(await unseal(storage, OWNER, sealed), SECRET);
    assert.notEqual(await seal(storage, OWNER, SECRET), sealed, 'twice the same is not seen to be');
  });

  it('X2: is opened by nobody else, nor where a bit of it was changed', async () => {
    const storage = freshStorage();
    const sealed = await seal(storage, OWNER, SECRET);
    for (const other of [{ installation: '@b' }, { name: 'other' }, { installation: '@a","token', name: '' }]) {
      await rejectsCode('SECRET_UNAVAILABLE', () => unseal(storage, { ...OWNER, ...other }, sealed));
    }
    const changed = `${sealed.slice(0, -2)}${sealed.at(-2) === 'A' ? 'B' : 'A'}${sealed.at(-1)}`;
    for (const text of [changed, '', '1.', 'memory.0', 'x'.repeat(40_000)]) {
      await rejectsCode('SECRET_UNAVAILABLE', () => unseal(storage, OWNER, text));
    }
    await rejectsCode('SECRET_UNAVAILABLE', () => unseal(freshStorage(), OWNER, sealed));
  });

  it('X2: is sealed with no key that could be read', async () => {
    const storage = freshStorage();
    const readable = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt']);
    await seal(storage, OWNER, SECRET);
    const db = await requested(() => indexedDB.open(`${storage}-secrets`));
    await requested(() => db.transaction('keys', 'readwrite').objectStore('keys').put(readable, 'aes-gcm'));
    await rejectsCode('SECRET_UNAVAILABLE', async () =>
      unseal(storage, OWNER, await seal(freshStorage(), OWNER, SECRET)),
    );
    const sealed = await seal(storage, OWNER, SECRET);
    const kept = await requested<CryptoKey>(() => db.transaction('keys').objectStore('keys').get('aes-gcm'));
    db.close();
    assert.isFalse(kept.extractable);
    assert.deepEqual(await unseal(storage, OWNER, sealed), SECRET);
  });

  it('is the same for all tabs that make its key at the same time', async () => {
    const storage = freshStorage();
    const all = await Promise.all(Array.from({ length: 8 }, () => seal(storage, OWNER, SECRET)));
    for (const sealed of all) assert.deepEqual(await unseal(storage, OWNER, sealed), SECRET);
  });

  for (const [what, without] of [
    ['the engine stores no keys', withoutKeys],
    ['the page has no WebCrypto', withoutWebCrypto],
  ] as const) {
    it(`is kept in memory where ${what}, for its owner alone`, async () => {
      const storage = freshStorage();
      const sealed = await without(() => seal(storage, OWNER, SECRET));
      assert.isTrue(isInMemory(sealed));
      assert.notInclude(sealed, SECRET.value);
      assert.deepEqual(await unseal(storage, OWNER, sealed), SECRET);
      await rejectsCode('SECRET_UNAVAILABLE', () => unseal(storage, { ...OWNER, name: 'other' }, sealed));
      const elsewhere = `memory.${'0'.repeat(32)}`;
      await rejectsCode('SECRET_UNAVAILABLE', () => unseal(storage, OWNER, elsewhere));
    });
  }
});
