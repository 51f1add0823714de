// The right to compute: so many at a time, and nobody who waits keeps others waiting.

import '../with-resolvers.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Turns } from '../../../src/sql/turns.ts';
import { dispose } from '../../../src/util/dispose.ts';

const { signal } = new AbortController();
const settled = () => new Promise((wake) => setImmediate(wake));

describe('turns', () => {
  it('are so many at a time, in the order in which they were asked for', async () => {
    const turns = new Turns(2);
    const order: string[] = [];
    const first = await turns.take(1, signal);
    const both = turns.take(5, signal).then((turn) => {
      order.push('both');
      return turn;
    });
    // It would fit, and would starve who came before.
    const late = turns.take(1, signal).then((turn) => {
      order.push('late');
      return turn;
    });
    await settled();
    assert.deepEqual(order, []);
    first[dispose]();
    first[dispose]();
    const held = await both;
    await settled();
    assert.deepEqual(order, ['both']);
    held[dispose]();
    (await late)[dispose]();
    assert.deepEqual(order, ['both', 'late']);
  });

  it('go to the next where somebody gives up, and to none who has', async () => {
    const turns = new Turns(2);
    const first = await turns.take(1, signal);
    const patience = new AbortController();
    const given = assert.rejects(turns.take(2, patience.signal), { message: 'enough' });
    const next = turns.take(1, signal);
    patience.abort(new Error('enough'));
    await given;
    (await next)[dispose]();
    first[dispose]();
    const all = await turns.take(2, signal);
    all[dispose]();
    await assert.rejects(turns.take(1, patience.signal), { message: 'enough' });
  });
});
