// Whose question is shown: one at a time, also while something is installed.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import '../../with-resolvers.ts';
import { Turns } from '../../../../src/elements/admin/consent/turns.ts';

const never = new AbortController().signal;
const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the turns of questions', () => {
  it('U7: lets no other dialog come while a question is open that was asked during an installation', async () => {
    const turns = new Turns();
    const { promise: answered, resolve: answer } = Promise.withResolvers<string>();
    const shown: string[] = [];
    const installing = turns.take(undefined, () =>
      turns.carryOut(async () => {
        // By another plugin, which nobody here waits for.
        void turns.takeQuestion(never, () => {
          shown.push('question');
          return answered;
        });
        await soon();
        return 'installed';
      }),
    );
    const next = turns.take(undefined, async () => shown.push('next'));
    await soon();
    await soon();
    assert.deepEqual(shown, ['question']);
    answer('no');
    assert.equal(await installing, 'installed');
    await next;
    assert.deepEqual(shown, ['question', 'next']);
  });

  it('carries out what fails, and tells of that', async () => {
    const turns = new Turns();
    await assert.rejects(
      turns.carryOut(() => Promise.reject(new Error('no room'))),
      /no room/,
    );
    assert.equal(await turns.take(undefined, async () => 'next'), 'next');
  });
});
