// H21: what a worker that was taken over may post as its own answers to host calls, and what comes of it. The worker is the test.

import { assert } from 'chai';
import type { ErrorCode } from '../../../src/errors.ts';
import { LEASED_WRITE_BYTES } from '../../../src/runtime/wire/lease.ts';
import { eventually } from '../../helpers/hosts.ts';
import { bytes, endWorkers, QUOTA, type TakenOver, takeOver } from '../taken-over-worker.ts';

afterEach(endWorkers);

describe('H21: a worker that answers host calls itself', () => {
  it('is believed within its lease: all is stored, and told of', async () => {
    const { lease, set, end, stored, told } = await takeOver();
    await lease();
    told.length = 0;
    for (const key of ['a', 'b', 'c']) set(key, 'x');
    assert.equal(await end(), 'answered');
    assert.deepEqual(await stored(), ['a', 'b', 'c']);
    assert.deepEqual(told, Array(3).fill('kv_set ok'));
  });

  it('is believed in the form of another dialect as well, to the letter', async () => {
    for (const [answer, code] of [
      ['{"status":"ok"}', 'answered'],
      ['{"status":"OK"}', 'STORAGE_FAILED'],
    ] as const) {
      const { lease, post, end, stored } = await takeOver('windshift');
      await lease(bytes('{"key":"x"}'));
      post('kv_set', [bytes('{"key":"a","value":"b"}')], bytes(answer));
      assert.equal(await end(), code);
      assert.deepEqual(await stored(), ['a']);
    }
  });

  const VIOLATIONS: [what: string, attack: (worker: TakenOver) => unknown, before?: 'without a lease'][] = [
    ['without a lease', ({ set }) => set('a', 'x'), 'without a lease'],
    ['for a function that only reads', ({ post }) => post('kv_get', [bytes('a')], null)],
    ['for a function that is never leased', ({ post }) => post('kv_update', [bytes('a'), null, bytes('x')], null)],
    ['for no function', ({ post }) => post(1_000, [], null)],
    ['for a number that is none', ({ post }) => post(-1, [], null)],
    ['with values that are none', ({ post }) => post('kv_set', [{} as never], 0n)],
    ['with an answer that is none', ({ post }) => post('kv_set', [], 'x' as never)],
    ['with a large answer', ({ post }) => post('kv_set', [], new Uint8Array(2_000))],
    ['with a port', ({ post }) => post('kv_set', [], 0n, [new MessageChannel().port1])],
    ['with more bytes than were leased', ({ post }) => post('kv_set', [null, new Uint8Array(LEASED_WRITE_BYTES + 1)])],
    [
      'with more bytes than were leased, in several',
      ({ post }) => {
        for (let i = 0; i < 3; i++) post('kv_delete', [new Uint8Array(LEASED_WRITE_BYTES / 2 - 1)], 0n);
      },
    ],
    [
      'with more bytes than were leased, behind small views of them',
      ({ post }) => {
        const size = 4_000;
        for (let i = 0; i * size <= LEASED_WRITE_BYTES; i++) {
          post('kv_delete', [new Uint8Array(new ArrayBuffer(size), 0, 1)]);
        }
      },
    ],
    [
      'after it has asked the page',
      async ({ ask, set }) => {
        await ask('kv_list', null);
        set('a', 'x');
      },
    ],
    [
      'while it waits for the page',
      ({ ask, set }) => {
        void ask('kv_update', bytes('a'), null, null);
        set('a', 'x');
      },
    ],
  ];
  for (const [what, attack, before] of VIOLATIONS) {
    it(`is ended ${what}: PROTOCOL_VIOLATION`, async () => {
      const scene = await takeOver();
      if (!before) await scene.lease();
      await attack(scene);
      assert.equal(await scene.outcome(), 'PROTOCOL_VIOLATION');
      assert.isEmpty(await scene.stored());
    });
  }

  it('is ended after the call has ended', async () => {
    const scene = await takeOver();
    await scene.lease();
    scene.set('a', 'x');
    scene.answer();
    scene.set('b', 'x');
    await scene.outcome();
    assert.deepEqual(await scene.stored(), ['a']);
  });

  const FAILURES: [what: string, code: ErrorCode, attack: (worker: TakenOver) => unknown][] = [
    ['over its quota', 'STORAGE_FAILED', ({ set }) => set('b', 'x'.repeat(QUOTA))],
    [
      'with a key that is too long',
      'STORAGE_FAILED',
      ({ post }) => post('kv_set', [new Uint8Array(1_025), bytes('x')]),
    ],
    ['with an answer of its own', 'STORAGE_FAILED', ({ post }) => post('kv_set', [bytes('b'), bytes('x')], 1n)],
    ['of what was never there', 'STORAGE_FAILED', ({ post }) => post('kv_delete', [bytes('b')], 1n)],
    ['with a number for a key', 'HOST_FUNCTION_FAILED', ({ post }) => post('kv_set', [5, bytes('x')])],
    ['without a value', 'HOST_FUNCTION_FAILED', ({ post }) => post('kv_set', [bytes('b')])],
    [
      'without a grant, which was revoked meanwhile',
      'PERMISSION_DENIED',
      ({ grants, set }) => {
        grants.delete('kv');
        set('b', 'x');
      },
    ],
  ];
  for (const [what, code, attack] of FAILURES) {
    it(`fails its call for a write ${what}: ${code}, and nothing after that is done`, async () => {
      const scene = await takeOver();
      await scene.lease();
      scene.set('a', 'x');
      await eventually(() => scene.told.at(-1) === 'kv_set ok', 'the first to be accepted');
      attack(scene);
      scene.set('c', 'x');
      assert.deepEqual(await scene.ask('kv_list', null), [], 'a host call hears of it');
      assert.equal(await scene.end(), code);
      // That it lied about its answer does not undo what was accepted.
      const lied = what === 'with an answer of its own';
      assert.deepEqual(await scene.stored(), lied ? ['a', 'b'] : ['a']);
    });
  }

  it('is leased nothing by a person who allows it to one call: the page is asked each time', async () => {
    const { grants, ask, questions } = await takeOver();
    grants.delete('kv');
    for (let i = 0; i < 10; i++) assert.lengthOf(await ask('kv_get', bytes('x')), 1);
    assert.lengthOf(questions, 1);
  });

  it('is leased nothing under a grant that has changed before the answer', async () => {
    for (const change of [
      (grants: Map<string, unknown>) => grants.delete('kv'),
      (grants: Map<string, unknown>) => grants.set('kv', { bytes: 1 }),
    ]) {
      const scene = await takeOver();
      await scene.lease();
      scene.whileAnswered = () => change(scene.grants);
      assert.lengthOf(await scene.ask('kv_get', bytes('x')), 1);
    }
  });

  it('asks nobody to allow what it has answered itself, nor lives on what was allowed to its call', async () => {
    const { grants, running, lease, set, end, stored, questions } = await takeOver();
    await lease();
    grants.delete('kv');
    running.allowedOnce.set('kv', { bytes: QUOTA });
    set('a', 'x');
    assert.equal(await end(), 'PERMISSION_DENIED');
    assert.isEmpty(await stored());
    assert.isEmpty(questions);
  });

  it('S2: is believed about room that another tab has taken, only for its call to fail', async () => {
    const scene = await takeOver();
    await scene.lease();
    assert.isTrue(await scene.there.set('there', new Uint8Array(50), QUOTA));
    scene.set('here', 'x'.repeat(50));
    assert.equal(await scene.end(), 'STORAGE_FAILED');
    assert.deepEqual(await scene.stored(), ['there']);
  });
});
