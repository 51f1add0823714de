// Callbacks of an instance, one after the other. They wait here: at the plugin only so many calls may wait, and one that found no place
// there would never come.

import type { CallingInstance } from '../../../capabilities/host-function.ts';
import { ClocheError } from '../../../errors.ts';
import { onBehalfOf } from '../../../runtime/calls/call-chain.ts';
import type { WireValue } from '../../../runtime/wire/protocol.ts';

interface Line {
  last: Promise<unknown>;
  length: number;
}

/** Of each instance for which any waits. */
const lines = new Map<number, Line>();
/** Of one instance: each is an object of the page. */
const MOST_WAITING = 10_000;

/**
 * On behalf of nobody: after all that the plugin does now.
 * @param isAlive whether the instance is still there when its turn has come
 * @returns what it gives; nothing, where there is nobody to give it
 * @throws {ClocheError} QUOTA_EXCEEDED, and those of the call
 */
export async function callBack(
  instance: CallingInstance,
  name: string,
  args: readonly WireValue[],
  isAlive: () => boolean,
): Promise<readonly WireValue[]> {
  const line = lines.get(instance.id) ?? { last: Promise.resolve(), length: 0 };
  if (line.length >= MOST_WAITING) {
    throw new ClocheError('QUOTA_EXCEEDED', `${MOST_WAITING} callbacks of an instance wait already`);
  }
  lines.set(instance.id, line);
  line.length++;
  const called = line.last.then(() => (isAlive() ? onBehalfOf([], () => instance.call(name, args)) : []));
  // Whoever asked for it hears of what fails.
  line.last = called.then(
    () => undefined,
    () => undefined,
  );
  try {
    return await called;
  } finally {
    if (--line.length === 0) lines.delete(instance.id);
  }
}
