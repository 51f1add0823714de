import { assert } from 'chai';
import { made, newKv } from '../../../capabilities/kv/kv-stage.ts';
import { askWindshift, whenFailed } from '../../../capabilities/windshift.ts';
import { linkedDialect } from '../../../helpers/dialects.ts';

/** Keeps a conversation with one store: requests in order, each with the answer to the letter. */
type Talk = readonly (readonly [name: string, request: string, answer: string | null])[];

const OK = '{"status":"ok"}';
const error = (text: string) => JSON.stringify({ status: 'error', error: text });

const TALKS: Record<string, Talk> = {
  'a value that is set, read, replaced and deleted': [
    ['kv_get', '{"key":"a"}', '{"status":"not_found"}'],
    ['kv_set', '{"key":"a","value":"one"}', OK],
    ['kv_get', '{"key":"a"}', '{"status":"ok","value":"one"}'],
    ['kv_set', '{"key":"a","value":"two"}', OK],
    ['kv_get', '{"key":"a"}', '{"status":"ok","value":"two"}'],
    ['kv_delete', '{"key":"a"}', OK],
    ['kv_get', '{"key":"a"}', '{"status":"not_found"}'],
  ],
  'an empty value, which has no `value`': [
    ['kv_set', '{"key":"a","value":""}', OK],
    ['kv_get', '{"key":"a"}', OK],
    ['kv_set', '{"key":"b"}', OK],
    ['kv_get', '{"key":"b"}', OK],
  ],
  'a key that never was, which is deleted all the same': [['kv_delete', '{"key":"a"}', OK]],
  'values with what Go escapes': [
    ['kv_set', JSON.stringify({ key: '<a>', value: '<b>&"\n\u2028é😀\ufeff' }), OK],
    ['kv_get', '{"key":"<a>"}', '{"status":"ok","value":"\\u003cb\\u003e\\u0026\\"\\n\\u2028é😀\ufeff"}'],
  ],
  'a value that begins with a byte order mark': [
    ['kv_set', '{"key":"a","value":"\ufeffx"}', OK],
    ['kv_get', '{"key":"a"}', '{"status":"ok","value":"\ufeffx"}'],
  ],
  'half a surrogate pair, which Go replaces': [
    ['kv_set', '{"key":"\\ud800","value":"\\udc00"}', OK],
    ['kv_get', '{"key":"\ufffd"}', '{"status":"ok","value":"\ufffd"}'],
  ],
  'keys in any case, unknown keys, and the later of two spellings': [
    ['kv_set', '{"KEY":"x","Key":"a","VALUE":"1","other":[{}]}', OK],
    ['kv_get', '{"key":"a"}', '{"status":"ok","value":"1"}'],
    ['kv_get', '{"key":"x"}', '{"status":"not_found"}'],
  ],
  'payloads that are not requests': [
    ['kv_get', '', error('invalid request payload')],
    ['kv_get', 'x', error('invalid request payload')],
    ['kv_get', '[]', error('invalid request payload')],
    ['kv_get', '{"key":1}', error('invalid request payload')],
    ['kv_get', '{"key":"a"', error('invalid request payload')],
    ['kv_set', '{"key":"a","value":1}', error('invalid request payload')],
    ['kv_set', '{"key":"a","value":{"b":1}}', error('invalid request payload')],
    ['kv_delete', '"a"', error('invalid request payload')],
    ['kv_get', `{"x":${'['.repeat(100_000)}`, error('invalid request payload')],
  ],
  'requests without a key': [
    ['kv_get', '{}', error('key is required')],
    ['kv_get', 'null', error('key is required')],
    ['kv_get', '{"key":null}', error('key is required')],
    ['kv_set', '{"key":"","value":"a"}', error('key is required')],
    ['kv_delete', '{"key":""}', error('key is required')],
  ],
  'keys that mean something elsewhere': [
    ['kv_get', '{"key":"__proto__"}', '{"status":"not_found"}'],
    ['kv_set', '{"key":"__proto__","value":"1"}', OK],
    ['kv_get', '{"key":"__proto__"}', '{"status":"ok","value":"1"}'],
    ['kv_get', '{"key":"constructor"}', '{"status":"not_found"}'],
  ],
};

describe('kv for Windshift', () => {
  afterEach(() => {
    for (const name of made) indexedDB.deleteDatabase(name);
    made.clear();
  });

  it('has the functions of the contract, from `extism:host/user`, with one block each way', async () => {
    const { linked } = await linkedDialect('windshift', [newKv().capability]);
    const shapes = linked.map(({ shape: { name, namespace, params, result } }) => [name, namespace, params, result]);
    assert.deepEqual(
      shapes,
      ['kv_get', 'kv_set', 'kv_delete'].map((name) => [name, 'extism:host/user', ['bytes'], 'bytes']),
    );
  });

  for (const [what, talk] of Object.entries(TALKS)) {
    it(`answers ${what}`, async () => {
      const { capability, open } = newKv();
      open();
      for (const [name, request, answer] of talk) {
        assert.equal(await askWindshift(capability, name, request), answer, `${name} ${request.slice(0, 60)}`);
      }
    });
  }

  it('checks the payload, then the key, then whether there is a call in progress', async () => {
    const { capability } = newKv();
    const facts = { describing: true };
    assert.equal(await askWindshift(capability, 'kv_get', '1', facts), error('invalid request payload'));
    assert.equal(await askWindshift(capability, 'kv_get', '{}', facts), error('key is required'));
    for (const name of ['kv_get', 'kv_set', 'kv_delete']) {
      assert.equal(await askWindshift(capability, name, '{"key":"a"}', facts), error('no plugin context'));
    }
  });

  it('keeps what plugins of other dialects see as bytes', async () => {
    const { capability, get, set } = newKv();
    await askWindshift(capability, 'kv_set', '{"key":"a","value":"ü"}');
    assert.equal(await get('a'), 'ü');
    await set('b', 'x');
    assert.equal(await askWindshift(capability, 'kv_get', '{"key":"b"}'), '{"status":"ok","value":"x"}');
  });

  it('S6: keeps the keys of one plugin from another', async () => {
    const { capability, open } = newKv();
    open('plug2');
    await askWindshift(capability, 'kv_set', '{"key":"a","value":"1"}', { plugin: 'plug' });
    const facts = { plugin: 'plug2' };
    assert.equal(await askWindshift(capability, 'kv_get', '{"key":"a"}', facts), '{"status":"not_found"}');
    open('plug');
  });

  it('S2: says so when the quota is full, keeps what was there, and tells the log', async () => {
    const { capability, open } = newKv();
    open();
    const lines: string[] = [];
    const facts = { limits: { storageBytes: 20 }, lines };
    assert.equal(await askWindshift(capability, 'kv_set', '{"key":"a","value":"1"}', facts), OK);
    const large = JSON.stringify({ key: 'a', value: 'x'.repeat(30) });
    assert.equal(await askWindshift(capability, 'kv_set', large, facts), error('database error: over the quota'));
    assert.equal(await askWindshift(capability, 'kv_get', '{"key":"a"}', facts), '{"status":"ok","value":"1"}');
    assert.match(lines.join(), /^warn: kv_set\("a"\): over the quota of 20 bytes/);
  });

  it('answers `database error` when IndexedDB fails, and not with its words', async () => {
    const { capability } = newKv();
    assert.equal(
      await whenFailed(capability, 'kv_get', 'STORAGE_FAILED', 'Database `x`: a secret'),
      error('database error'),
    );
  });

  it('says what is missing when the grant is', async () => {
    const { capability } = newKv();
    const text = '`kv_set` needs the capability `kv`, which plugin "x" was not granted';
    assert.equal(await whenFailed(capability, 'kv_set', 'PERMISSION_DENIED', text), error(text));
  });

  it('answers offset 0 to a block that cannot be read', async () => {
    const { capability } = newKv();
    assert.isNull(await whenFailed(capability, 'kv_get', 'ARGUMENT_UNREADABLE', 'there is none'));
  });

  it('S7: answers while the database is broken', async () => {
    const { capability } = newKv();
    const open = indexedDB.open;
    IDBFactory.prototype.open = () => {
      throw new DOMException('broken', 'UnknownError');
    };
    try {
      assert.equal(await askWindshift(capability, 'kv_get', '{"key":"a"}'), error('database error'));
    } finally {
      IDBFactory.prototype.open = open;
    }
  });
});
