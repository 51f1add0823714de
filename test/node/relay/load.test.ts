import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runLoad } from '../../../demo/relay/load-test/load.ts';

describe('the relay under load', () => {
  it('loses and doubles no mail or comment when it is restarted, and leaves nobody without an answer', async () => {
    const figures = await runLoad({ concurrency: 50, seconds: 3, signal: 'SIGTERM' });
    assert.equal(figures.exitCode, 0);
    for (const { told, arrived, lost, doubled, untold } of [figures.mails, figures.comments]) {
      assert.ok(arrived > 10, JSON.stringify(figures));
      assert.deepEqual(told, { ok: arrived });
      assert.deepEqual([lost, doubled, untold], [0, 0, 0]);
    }
    assert.ok(figures.repeated > 0, 'nobody noticed the restart');
  });

  it('loses and doubles no mail or comment when it crashes, and says of the mails under way that it does not know', async () => {
    const figures = await runLoad({ concurrency: 50, seconds: 3, signal: 'SIGKILL' });
    const { mails, comments } = figures;
    for (const { arrived, lost, doubled } of [mails, comments]) {
      assert.ok(arrived > 10, JSON.stringify(figures));
      assert.deepEqual([lost, doubled], [0, 0]);
    }
    // A comment and its record are one transaction, so there is always an answer.
    assert.deepEqual(comments.told, { ok: comments.arrived });
    const { ok = 0, outcome_unknown: unknown = 0, ...other } = mails.told;
    assert.deepEqual(other, {});
    assert.ok(mails.untold <= unknown);
    assert.equal(mails.arrived, ok + mails.untold);
  });
});
