import '../with-resolvers.ts';
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { CallEnd } from '../../../src/runtime/calls/call-end.ts';
import type { HostWait } from '../../../src/runtime/calls/host-wait.ts';
import { RunningCall } from '../../../src/runtime/calls/running-call.ts';
import { dispose } from '../../../src/util/dispose.ts';
import { Deadline } from '../../../src/util/time/deadline.ts';

const calls: RunningCall[] = [];

function running(timeoutMs = 60_000): RunningCall {
  const call = new RunningCall({ chain: [], sandbox: { instance: {} as never } }, timeoutMs, () => undefined);
  calls.push(call);
  return call;
}

describe('a host function that a call waits for', () => {
  afterEach(() => {
    for (const call of calls.splice(0)) call[dispose]();
  });

  it('is answered for in the same task where it promises nothing', () => {
    const call = running();
    assert.equal(
      call.hostCall(() => 42),
      42,
    );
    assert.equal(call.waiting, false);
    assert.throws(() => call.hostCall(() => assert.fail('thrown')), /thrown/);
    assert.equal(call.waiting, false);
  });

  it('is waited for where it promises something', async () => {
    const call = running();
    const outcome = call.hostCall(async () => 42);
    assert.equal(call.waiting, true);
    assert.equal(await outcome, 42);
    assert.equal(call.waiting, false);
  });

  it('finds the deadline and the end of its call by its signal, whenever it reads that', () => {
    const call = running();
    call.hostCall(({ signal }) => {
      assert.equal(CallEnd.of(signal), call.end);
      assert.ok(Deadline.of(signal));
      assert.equal(signal.aborted, false);
    });
  });

  it('gets a signal that is aborted where it reads that only after its answer', () => {
    let kept: HostWait | undefined;
    running().hostCall((wait) => {
      kept = wait;
    });
    assert.equal(kept?.signal.aborted, true);
    assert.equal(kept?.signal.reason.code, 'ABORTED');
  });

  it('has no answer where it ends its own call', () => {
    const call = running();
    assert.throws(() => call.hostCall(() => call[dispose]()), { code: 'ABORTED' });
  });

  it('is given up with its call, and told so', async () => {
    const call = running();
    let signal: AbortSignal | undefined;
    const outcome = call.hostCall((wait) => {
      signal = wait.signal;
      return new Promise<never>(() => undefined);
    });
    call[dispose]();
    await assert.rejects(Promise.resolve(outcome), { code: 'ABORTED' });
    assert.equal(signal?.aborted, true);
  });

  it('does not run for a call that has ended', () => {
    const call = running();
    call[dispose]();
    let runs = 0;
    assert.throws(() => call.hostCall(() => ++runs), { code: 'ABORTED' });
    assert.equal(runs, 0);
  });

  it('does not run where its call has ended while it waited for what was written one-way', async () => {
    const call = running();
    const { promise: written, resolve } = Promise.withResolvers<void>();
    call.oneWay.add(() => written);
    let runs = 0;
    const outcome = call.hostCall(() => ++runs);
    call[dispose]();
    resolve();
    await assert.rejects(Promise.resolve(outcome), { code: 'ABORTED' });
    await new Promise((done) => setTimeout(done));
    assert.equal(runs, 0);
  });
});
