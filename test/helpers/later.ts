import { dispose } from '../../src/util/dispose.ts';

/** It is so many ms later, for what looks at the clock of the page; timers go as before. Until it is disposed of. */
export function later(ms: number): Disposable {
  const { now } = performance;
  performance.now = () => now.call(performance) + ms;
  return {
    [dispose]() {
      Reflect.deleteProperty(performance, 'now');
    },
  };
}
