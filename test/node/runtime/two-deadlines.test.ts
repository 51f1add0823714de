// Two deadlines of one call on a page that is busy past both: the one set for the earlier time is what counts.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import '../with-resolvers.ts';
import { callRelay } from '../../../src/relay/call-relay.ts';
import { RunningCall } from '../../../src/runtime/calls/running-call.ts';
import { asyncDispose } from '../../../src/util/dispose.ts';
import { Deadline } from '../../../src/util/time/deadline.ts';
import { Timers, turn } from '../../helpers/timers.ts';

describe('two deadlines of one call', () => {
  let time: Timers;
  beforeEach(() => {
    time = new Timers();
  });
  afterEach(() => time[asyncDispose]());

  const relay = {
    base: 'https://relay.example',
    headers: async () => new Headers(),
    fetcher: (_: unknown, init?: RequestInit) =>
      new Promise<Response>((_, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      }),
  };

  function startCall(loadMs = 0, ended: boolean[] = []): Promise<string> {
    const running = new RunningCall(
      { chain: new Set() as never, sandbox: { instance: {} as never } },
      2_500,
      (waited) => ended.push(waited),
    );
    const outcome = running.hostCall(({ signal, remainingMs }) => {
      // What the parts of a capability take to load.
      time.ms += loadMs;
      return callRelay(relay as never, {
        capability: 'mail',
        fn: 'smtp_send',
        plugin: { id: 'mallory', version: '1' },
        args: '{}',
        once: false,
        read: () => 'ok',
        signal,
        remainingMs,
      });
    });
    return Promise.resolve(outcome).catch((thrown: { code: string }) => thrown.code ?? thrown);
  }

  it('name the relay when the page was busy past both', async () => {
    const outcome = startCall();
    await turn();
    await time.jump(2_400);
    await time.pass(2_000);
    assert.equal(await outcome, 'RELAY_FAILED');
  });

  it('name the relay when the page was busy past the end of the whole call', async () => {
    const outcome = startCall();
    await turn();
    await time.jump(4_000);
    await time.pass(6_000);
    assert.equal(await outcome, 'RELAY_FAILED');
  });

  it('leave the guest its grace when the end of the call brings that of its host function', async () => {
    const ended: boolean[] = [];
    const outcome = startCall(0, ended);
    let isAnswered = false;
    outcome.finally(() => {
      isAnswered = true;
    });
    await turn();
    await time.jump(4_000);
    while (!isAnswered) await time.pass(50);
    await time.pass(300);
    assert.deepEqual(ended, []);
    await time.pass(1_000);
    assert.deepEqual(ended, [true]);
  });

  it('name the relay when its code took long to load', async () => {
    const outcome = startCall(300);
    await turn();
    await time.pass(4_000);
    assert.equal(await outcome, 'RELAY_FAILED');
  });

  it('pass the outer alone when that was set for the earlier time', async () => {
    const passed: string[] = [];
    const outer = new Deadline(100, () => passed.push('outer'));
    new Deadline(105, () => passed.push('inner'), outer);
    await time.jump(200);
    await time.pass(400);
    assert.deepEqual(passed, ['outer']);
  });
});
