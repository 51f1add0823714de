// Host functions that wait for what is loaded once for all plugins, during which the deadline of a call stands still.

import '../with-resolvers.ts';
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { CallingPlugin } from '../../../src/host/host-calls/dispatched-call.ts';
import { HostCallDispatcher } from '../../../src/host/host-calls/host-call-dispatcher.ts';
import type { SharedContext } from '../../../src/host/shared-context.ts';
import { DEFAULT_LIMITS } from '../../../src/limits.ts';
import { RunningCall } from '../../../src/runtime/calls/running-call.ts';
import { dispose } from '../../../src/util/dispose.ts';

const calls: RunningCall[] = [];
const newCall = (): RunningCall => {
  const sandbox = { instance: { id: 1, onEnd: () => undefined } as never };
  const call = new RunningCall({ exportName: 'run', chain: [{}], sandbox }, 60_000, () => undefined);
  calls.push(call);
  return call;
};

/** @param ready of the one function that it is granted */
function dispatcher(ready: () => Promise<void> | undefined) {
  const done: string[] = [];
  const fn = {
    capability: { name: 'database' },
    name: 'begin',
    shape: { namespace: 'test', name: 'begin', params: [], result: null },
    ready,
    call: () => void done.push('called'),
  };
  const plugin = {
    id: 'p',
    installation: 'p~1',
    manifest: { id: 'p', name: 'p', version: '1' },
    settings: { temporary: false },
    effective: { functions: [fn], limits: DEFAULT_LIMITS, grants: new Map([['database', undefined]]) },
    used: new Set(),
  } as unknown as CallingPlugin;
  const host = {
    policy: new Map(),
    logLevel: 'off',
    trust: {},
    log: { write: () => undefined },
    configs: { loaded: undefined, redact: (_: string, value: unknown) => value },
    hears: () => false,
  } as unknown as SharedContext;
  const { dispatch } = new HostCallDispatcher(host, plugin);
  return { done, ask: (call: RunningCall) => dispatch(call, 0, []) };
}

describe('a host function that waits for what is loaded', () => {
  afterEach(() => {
    for (const call of calls.splice(0)) call[dispose]();
  });

  it('C6: waits once a call, so that a guest which tries again while loading fails does not live for ever', async () => {
    let loads = 0;
    const { done, ask } = dispatcher(() => {
      loads++;
      return Promise.reject(new Error('nothing is loaded'));
    });
    const call = newCall();
    await ask(call);
    await ask(call);
    assert.equal(loads, 1);
    await ask(newCall());
    assert.equal(loads, 2);
    // Each time what is missing is for the function to say, as its contract has it.
    assert.deepEqual(done, ['called', 'called', 'called']);
  });

  it('is not called for a call that has ended meanwhile', async () => {
    const { done, ask } = dispatcher(() => new Promise(() => undefined));
    const call = newCall();
    const answer = ask(call);
    call[dispose]();
    assert.equal((await answer).ok, false);
    assert.deepEqual(done, []);
  });
});
