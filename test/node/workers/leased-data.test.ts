// What a worker answers itself from leased data, and what it leaves to the page.

import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { LEASED_WRITE_BYTES, type LeaseTerms, readLease, writeLease } from '../../../src/runtime/wire/lease.ts';
import type { FunctionShape, OneWayCall, WireValue } from '../../../src/runtime/wire/protocol.ts';
import { LeasedData } from '../../../workers/host-calls/leased-data.ts';
import type { PagePort } from '../../../workers/page-port.ts';

const USES = ['get', 'set', 'delete'] as const;
const JSON_FORM = { done: '"done"', absent: '"absent"', found: ['[', ']'] } as const;
const [GET, SET, DELETE, OTHER, GET_JSON, SET_JSON, DELETE_JSON] = [0, 1, 2, 3, 4, 5, 6];
const FUNCTIONS = [
  ...USES.map((use) => ({ leased: { use } })),
  {},
  ...USES.map((use) => ({ leased: { use, json: JSON_FORM } })),
] as FunctionShape[];

const bytes = (text: string) => new TextEncoder().encode(text);

const TERMS: LeaseTerms = {
  trustMs: 60_000,
  bytes: 0,
  mostBytes: 100,
  mostKeys: 4,
  mostKeyBytes: 8,
  mostValueBytes: 20,
};

let posted: OneWayCall[];
let data: LeasedData;

beforeEach(() => {
  posted = [];
  data = new LeasedData(FUNCTIONS, { say: (message: OneWayCall) => posted.push(message) } as unknown as PagePort);
});

function lease(entries: Record<string, string>, terms: Partial<LeaseTerms> = {}, calls = 100): readonly WireValue[] {
  const values = new Map(Object.entries(entries).map(([key, value]) => [key, bytes(value)]));
  const size = Object.entries(entries).reduce((sum, entry) => sum + bytes(entry.join('')).length, 0);
  data.asks();
  return data.heard([7n, writeLease({ terms: { ...TERMS, bytes: size, ...terms }, values }), calls]);
}

/** What an answer is under a lease. */
function under<T>(entries: Record<string, string>, terms: Partial<LeaseTerms>, ask: () => T): T {
  lease(entries, terms);
  return ask();
}

const get = (key: string) => data.answer(GET, [bytes(key)]);
const set = (key: string, value: string) => data.answer(SET, [bytes(key), bytes(value)]);

describe('a lease', () => {
  it('comes out as it went in', () => {
    const values = new Map([
      ['', bytes('of no name')],
      ['\ufeffmarked', bytes('')],
      ['ключ 𝒳', bytes('значение')],
    ]);
    const terms = { ...TERMS, trustMs: 99.5, bytes: 2 ** 40 };
    const read = readLease(writeLease({ terms, values }));
    assert.deepEqual(read.terms, terms);
    assert.deepEqual(new Map([...read.values].map(([key, value]) => [key, value.slice()])), values);
  });
});

describe('leased data', () => {
  it('answers the host call that brought it with its own value alone', () => {
    assert.deepEqual(lease({}), [7n]);
  });

  it('is read without the page, and what is absent is absent', () => {
    lease({ a: 'one' });
    assert.deepEqual(get('a'), [bytes('one')]);
    assert.deepEqual(get('b'), [null]);
    assert.deepEqual(data.answer(DELETE, [bytes('b')]), [0n]);
    assert.deepEqual(posted, []);
  });

  it('is written at once, and each write is posted with the answer that the guest got', () => {
    lease({ a: 'one' });
    assert.deepEqual(set('b', 'two'), [0n]);
    assert.deepEqual(get('b'), [bytes('two')]);
    assert.deepEqual(data.answer(SET, [bytes('b'), null]), [0n]);
    assert.deepEqual(get('b'), [bytes('')]);
    assert.deepEqual(data.answer(DELETE, [bytes('a')]), [1n]);
    assert.deepEqual(get('a'), [null]);
    assert.deepEqual(posted, [
      { type: 'ONE_WAY', index: SET, args: [bytes('b'), bytes('two')], answer: 0n },
      { type: 'ONE_WAY', index: SET, args: [bytes('b'), null], answer: 0n },
      { type: 'ONE_WAY', index: DELETE, args: [bytes('a')], answer: 1n },
    ]);
  });

  it('counts what it was asked and did not post, until the end of the call', () => {
    lease({ a: 'one' });
    get('a');
    get('missing');
    set('b', 'two');
    data.answer(DELETE, [bytes('c')]);
    assert.deepEqual(data.end(), [
      { index: GET, calls: 2, requestBytes: 8, answerBytes: 3 },
      { index: DELETE, calls: 1, requestBytes: 1, answerBytes: 8 },
    ]);
    assert.deepEqual(data.end(), []);
  });

  it('reads a key as the page does', () => {
    lease({ a: 'one', '\ufeffa': 'marked', '\ufffd': 'replaced' });
    assert.deepEqual(data.answer(GET, [Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)]), [bytes('marked')]);
    assert.deepEqual(data.answer(GET, [Uint8Array.of(0xff)]), [bytes('replaced')]);
    assert.deepEqual(data.answer(GET, [null]), [null]);
  });

  for (const [what, ask] of [
    ['nothing was leased', () => get('a')],
    ['the lease has run out', () => under({ a: 'one' }, { trustMs: 0 }, () => get('a'))],
    [
      'the page was asked meanwhile',
      () =>
        under({ a: 'one' }, {}, () => {
          data.asks();
          return get('a');
        }),
    ],
    [
      'the call has ended',
      () =>
        under({ a: 'one' }, {}, () => {
          data.end();
          return get('a');
        }),
    ],
    ['its function has no such form', () => under({ a: 'one' }, {}, () => data.answer(OTHER, [bytes('a')]))],
    ['the key is no text', () => under({ a: 'one' }, {}, () => data.answer(GET, [5n]))],
    ['the value is no bytes', () => under({}, {}, () => data.answer(SET, [bytes('a'), 5n]))],
    ['there is no room', () => under({ a: 'x'.repeat(90) }, {}, () => set('b', '123456789'))],
    ['there are as many keys as may be', () => under({ a: '', b: '', c: '', d: '' }, {}, () => set('e', ''))],
    ['the key is long', () => under({}, {}, () => set('123456789', ''))],
    ['the answer is large', () => under({ a: 'x'.repeat(21) }, {}, () => get('a'))],
    [
      'as much was posted as may be',
      () => under({}, { mostBytes: 1e9 }, () => data.answer(SET, [null, new Uint8Array(LEASED_WRITE_BYTES + 1)])),
    ],
  ] as const) {
    it(`leaves it to the page where ${what}`, () => {
      assert.equal(ask(), undefined);
      assert.deepEqual(posted, []);
    });
  }

  it('leaves it to the page where as many were posted as may be', () => {
    lease({}, {}, 1);
    assert.deepEqual(set('a', '1'), [0n]);
    assert.equal(set('a', '2'), undefined);
    assert.deepEqual(get('a'), [bytes('1')]);
    assert.equal(posted.length, 1);
  });

  it('has room for what takes the place of something', () => {
    lease({ a: 'x'.repeat(90), b: '', c: '', d: '' });
    assert.deepEqual(set('a', 'y'.repeat(96)), [0n]);
    assert.equal(set('a', 'y'.repeat(97)), undefined);
  });

  it('runs out by the time at which the page was asked, however late its answer comes', (t) => {
    t.mock.timers.enable({ apis: ['Date'] });
    let now = 0;
    t.mock.method(performance, 'now', () => now);
    data.asks();
    now = 80;
    data.heard([7n, writeLease({ terms: { ...TERMS, trustMs: 100 }, values: new Map() }), 10]);
    now = 99;
    assert.deepEqual(get('a'), [null]);
    now = 100;
    assert.equal(get('a'), undefined);
  });
});

describe('leased data in JSON', () => {
  const ask = (index: number, request: string) => {
    const answer = data.answer(index, [bytes(request)]);
    return answer && new TextDecoder().decode(answer[0] as Uint8Array);
  };

  it('is read and written as the same data', () => {
    lease({ a: 'one "1"', empty: '' });
    assert.equal(ask(GET_JSON, '{"key":"a"}'), '["one \\"1\\""]');
    assert.equal(ask(GET_JSON, '{"key":"empty"}'), '"done"');
    assert.equal(ask(GET_JSON, '{"key":"b"}'), '"absent"');
    assert.equal(ask(SET_JSON, '{ "key" : "b" , "value" : "\\u0041\\n" }'), '"done"');
    assert.deepEqual(get('b'), [bytes('A\n')]);
    assert.equal(ask(DELETE_JSON, '{"key":"b"}'), '"done"');
    assert.equal(ask(DELETE_JSON, '{"key":"b"}'), '"done"');
    assert.deepEqual(
      posted.map(({ index, answer }) => [index, answer]),
      [
        [SET_JSON, bytes('"done"')],
        [DELETE_JSON, bytes('"done"')],
      ],
    );
  });

  for (const [what, request] of [
    ['nothing', ''],
    ['no JSON', '{"key":"a\n"}'],
    ['no object', '["key"]'],
    ['no key', '{}'],
    ['an empty key', '{"key":""}'],
    ['a key that is no text', '{"key":1}'],
    ['a key in another case', '{"Key":"a"}'],
    ['the same key twice', '{"key":"a","key":"b"}'],
    ['another key', '{"key":"a","other":1}'],
    ['keys in another order', '{"value":"a","key":"b"}'],
    ['half a pair', '{"key":"\\ud800"}'],
    ['a replacement', '{"key":"\ufffd"}'],
    ['a byte order mark', '\ufeff{"key":"a"}'],
    ['much', `{"key":"a","value":"${'x'.repeat(70_000)}"}`],
  ] as const) {
    it(`is left to the page where the request has ${what}`, () => {
      lease({ a: 'one' }, { mostBytes: 1e9 });
      for (const index of [GET_JSON, SET_JSON, DELETE_JSON]) assert.equal(ask(index, request), undefined);
      assert.deepEqual(posted, []);
    });
  }

  it('is left to the page where a value has what is escaped otherwise', () => {
    for (const value of ['<b>', 'a & b', '\u2028']) {
      lease({ a: value });
      assert.equal(ask(GET_JSON, '{"key":"a"}'), undefined);
    }
  });
});
