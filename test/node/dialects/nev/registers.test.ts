// Texts and commands that are kept under names of registers.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HostCallContext } from '../../../../src/capabilities/host-function.ts';
import type { DialectFunction, LiveContributions } from '../../../../src/capabilities/services.ts';
import { Recorder } from '../../../../src/dialects/nev/functions/recorder.ts';
import { registerFunctions } from '../../../../src/dialects/nev/functions/registers.ts';
import { ClocheError } from '../../../../src/errors.ts';

function named(functions: readonly DialectFunction[], name: string): (...args: readonly unknown[]) => unknown {
  const fn = functions.find((one) => one.name === name);
  assert.ok(fn, name);
  return (...args) => (fn.call as (args: readonly unknown[], context: unknown) => unknown)(args.slice(1), args[0]);
}

describe('commands that were recorded', () => {
  const context = (logs: string[] = []) =>
    ({
      signal: new AbortController().signal,
      log: (_level: string, text: string) => logs.push(text),
    }) as unknown as HostCallContext;

  it('run on behind one that fails, which the log names', async () => {
    const ran: string[] = [];
    const logs: string[] = [];
    const recorder = new Recorder();
    const host = {
      run: async (name: string, args: string) => {
        if (name === 'gone') throw new ClocheError('COMMAND_MISSING', 'There is no command "gone"');
        ran.push(`${name} ${args}`);
      },
    };
    const functions = registerFunctions({ host } as unknown as LiveContributions, recorder);
    recorder.start('q');
    for (const name of ['one', 'gone', 'two']) recorder.ran({ name, args: '1' });
    recorder.stop('q');
    await named(functions, 'replay-commands')(context(logs), 'q');
    assert.deepEqual(ran, ['one 1', 'two 1']);
    assert.deepEqual(logs, ['`replay-commands`: There is no command "gone"']);
  });

  it('S2: are kept of so many registers and texts, and no more', async () => {
    const functions = registerFunctions({} as LiveContributions, new Recorder());
    const start = (register: string) => named(functions, 'start-recording-commands')(context(), register);
    for (let i = 0; i < 256; i++) start(String(i));
    assert.throws(() => start('one more'), /256 registers/);
    start('0');

    const recorder = new Recorder();
    recorder.start('q');
    for (let i = 0; i < 3; i++) recorder.ran({ name: 'long', args: `${i}`.repeat(6 << 20) });
    recorder.stop('q');
    const kept: string[] = [];
    await recorder.replay('q', async ({ args }) => void kept.push(args.slice(0, 1)));
    assert.deepEqual(kept, ['0', '1']);
    assert.throws(() => recorder.start('x'.repeat(5 << 20)), /16777216 characters/);
  });

  it('S2: texts of registers count with their names', () => {
    const set = named(registerFunctions({} as LiveContributions, new Recorder()), 'set-register-text');
    const long = 'x'.repeat(10 << 20);
    set(context(), long, 'a');
    set(context(), long, 'a');
    assert.throws(() => set(context(), '', long), /256 texts/);
    set(context(), '', 'x'.repeat(5 << 20));
  });
});
