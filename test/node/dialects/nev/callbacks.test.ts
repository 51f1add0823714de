// What an instance is called back for, by one that takes its time.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CallingInstance } from '../../../../src/capabilities/host-function.ts';
import { callBack } from '../../../../src/dialects/nev/functions/call-back.ts';
import { taskFunctions } from '../../../../src/dialects/nev/functions/tasks.ts';
import { ClocheError } from '../../../../src/errors.ts';

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
let count = 0;

/** One that takes its time, and has no place for a second call. */
function instance(): CallingInstance & { readonly called: unknown[]; end(): void } {
  const called: unknown[] = [];
  let isBusy = false;
  let end = (): unknown => undefined;
  return {
    id: ++count,
    called,
    onEnd: (run) => {
      end = run;
    },
    end: () => void end(),
    async call(name, args) {
      assert.ok(!isBusy, 'one at a time');
      isBusy = true;
      await Promise.resolve();
      isBusy = false;
      called.push([name, ...args]);
      if (args[0] === 13n) throw new ClocheError('TRAP', 'unreachable');
      return [];
    },
    finish: () => undefined,
  };
}

function sleep(functions: ReturnType<typeof taskFunctions>, context: unknown, task: bigint): void {
  const [fn] = functions;
  assert.equal(fn?.name, 'sleep-async');
  (fn.call as (args: readonly unknown[], context: unknown) => unknown)([task, 0], context);
}

describe('an instance', () => {
  it('hears of every timer, in their order, also where many end at once and one of them traps', async () => {
    const one = instance();
    const logs: string[] = [];
    const context = { instance: one, log: (_level: string, text: string) => logs.push(text) };
    const functions = taskFunctions();
    // More than may wait at once, together.
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 300; i++) sleep(functions, context, BigInt(round * 1_000 + i));
      await soon();
    }
    assert.equal(one.called.length, 1_200);
    assert.deepEqual(
      one.called.slice(-300),
      Array.from({ length: 300 }, (_, i) => ['notify_task_complete', 3_000n + BigInt(i), 0]),
    );
    assert.deepEqual(logs, ['`notify_task_complete`: unreachable']);
  });

  it('hears of none once it has ended, though they had waited', async () => {
    const one = instance();
    const functions = taskFunctions();
    for (let i = 0; i < 3; i++) sleep(functions, { instance: one, log: assert.fail }, BigInt(i));
    const { call } = one;
    one.call = async (name, args) => {
      await soon();
      one.end();
      return call(name, args);
    };
    await soon();
    await soon();
    await soon();
    assert.equal(one.called.length, 1);
  });

  it('S2: has so many callbacks waiting and no more', async () => {
    const one = instance();
    const call = () => callBack(one, 'notify_task_complete', [1n, 0], () => true);
    const all = Array.from({ length: 10_000 }, call);
    await assert.rejects(call(), /10000 callbacks of an instance wait already/);
    await Promise.all(all);
    await call();
    assert.equal(one.called.length, 10_001);
  });
});
