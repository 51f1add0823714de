import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Turns } from '../../../demo/relay/turns.ts';

describe('turns', () => {
  const never = new AbortController().signal;

  it('lets so many in, and the others in the order in which they came', async () => {
    const turns = new Turns(2);
    const order: string[] = [];
    const [a, b] = [await turns.take(never), await turns.take(never)];
    const c = turns.take(never).then((giveBack) => {
      order.push('c');
      return giveBack;
    });
    const d = turns.take(never).then((giveBack) => {
      order.push('d');
      return giveBack;
    });
    b();
    (await c)();
    await d;
    a();
    assert.deepEqual(order, ['c', 'd']);
  });

  it('forgets who stopped waiting, and loses no turn by it', async () => {
    const turns = new Turns(1);
    const leaving = new AbortController();
    const giveBack = await turns.take(never);
    const waiting = turns.take(leaving.signal);
    leaving.abort();
    await assert.rejects(waiting, { code: 'deadline' });
    giveBack();
    (await turns.take(never))();
    (await turns.take(never))();
  });

  it('lets nobody in whose time is over', async () => {
    const turns = new Turns(1);
    await assert.rejects(turns.take(AbortSignal.abort()), { code: 'deadline' });
    (await turns.take(never))();
  });
});
