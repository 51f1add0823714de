// `sleep-async` of `nev:plugins/core`: the guest goes on at once, and is called when the time has passed.

import type { DialectFunction } from '../../../capabilities/services.ts';
import { ClocheError, messageOf } from '../../../errors.ts';
import { callBack } from './call-back.ts';
import { EDITOR } from './names.ts';
import { does } from './typed.ts';

const MOST_TIMERS = 1_000;
/** Longer ones would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

export function taskFunctions(): DialectFunction[] {
  const timers = new Map<number, Set<ReturnType<typeof setTimeout>>>();
  return [
    {
      name: 'sleep-async',
      capability: EDITOR,
      ...does('nev:plugins/core', ['u64', 'u32'], ([task, ms], { instance, log }) => {
        const own = timers.get(instance.id) ?? new Set();
        if (!timers.has(instance.id)) {
          timers.set(instance.id, own);
          instance.onEnd(() => {
            timers.delete(instance.id);
            for (const timer of own) clearTimeout(timer);
          });
        }
        if (own.size >= MOST_TIMERS) {
          throw new ClocheError('QUOTA_EXCEEDED', `a plugin waits for at most ${MOST_TIMERS} times at once`);
        }
        const timer = setTimeout(
          () => {
            const isAlive = (): boolean => timers.get(instance.id) === own;
            // It counts until its guest has heard of it.
            callBack(instance, 'notify_task_complete', [task, 0], isAlive)
              .catch((thrown: unknown) => log('warn', `\`notify_task_complete\`: ${messageOf(thrown)}`))
              .finally(() => own.delete(timer));
          },
          Math.min(ms, LONGEST_MS),
        );
        own.add(timer);
      }),
    },
  ];
}
