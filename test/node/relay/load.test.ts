import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runLoad } from '../../../demo/relay/load-test/load.ts';

describe('the relay under load', () => {
  it('loses and doubles no mail, comment or request when it is restarted, and leaves nobody without an answer', async () => {
    const figures = await runLoad({ concurrency: 50, seconds: 3, signal: 'SIGTERM' });
    assert.equal(figures.exitCode, 0);
    for (const { told, arrived, lost, doubled, untold } of [figures.mails, figures.comments, figures.requests]) {
      assert.ok(arrived > 10, JSON.stringify(figures));
      assert.deepEqual(told, { ok: arrived });
      assert.deepEqual([lost, doubled, untold], [0, 0, 0]);
    }
    assert.equal(figures.requests.foreign, 0);
    assert.ok(figures.repeated > 0, 'nobody noticed the restart');
  });

  it('tells each of 200 clients what the upstream server answered to it, once, when it is restarted', async () => {
    const figures = await runLoad({ concurrency: 200, seconds: 4, signal: 'SIGTERM', kinds: ['requests'] });
    const { told, arrived, lost, doubled, untold, foreign } = figures.requests;
    assert.equal(figures.exitCode, 0);
    assert.ok(arrived > 200, JSON.stringify(figures));
    assert.deepEqual(told, { ok: arrived });
    assert.deepEqual([lost, doubled, untold, foreign], [0, 0, 0, 0]);
    assert.ok(figures.repeated > 0, 'nobody noticed the restart');
  });

  it('loses and doubles no mail or comment when it crashes, and says of the mails under way that it does not know', async () => {
    const figures = await runLoad({ concurrency: 50, seconds: 3, signal: 'SIGKILL', kinds: ['mails', 'comments'] });
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
