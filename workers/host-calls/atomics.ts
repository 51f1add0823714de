// Atomics: the worker blocks on shared memory until the page has written the answer.

import { readAnswer } from '../../src/runtime/wire/answer-codec.ts';
import type { BlockingHostCall, MoreOfAnswer } from '../../src/runtime/wire/protocol.ts';
import { takeFromShared } from '../../src/runtime/wire/shared-answer.ts';
import { valuesOf } from '../failures.ts';
import type { PagePort } from '../page-port.ts';
import type { HostCalls } from './host-calls.ts';

const MORE: MoreOfAnswer = { type: 'MORE' };

export function atomics(buffer: SharedArrayBuffer, page: PagePort): HostCalls {
  return {
    bind:
      (index, read, write) =>
      (...raw: Parameters<typeof read>[0]) => {
        const call: BlockingHostCall = { type: 'HOST_CALL', index, args: read(raw) };
        page.say(call);
        return write(valuesOf(readAnswer(takeFromShared(buffer, () => page.say(MORE)))));
      },
    enter:
      (run) =>
      (...args) =>
        run(...args),
  };
}
