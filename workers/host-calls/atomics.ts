// Atomics: the worker blocks on shared memory until the page has written the answer.

import { readAnswer } from '../../src/runtime/wire/answer-codec.ts';
import type { BlockingHostCall, MoreOfAnswer } from '../../src/runtime/wire/protocol.ts';
import { takeFromShared } from '../../src/runtime/wire/shared-answer.ts';
import { valuesOf } from '../failures.ts';
import type { PagePort } from '../page-port.ts';
import { blocking } from './blocking.ts';
import type { HostCalls } from './host-calls.ts';
import type { LeasedData } from './leased-data.ts';

const MORE: MoreOfAnswer = { type: 'MORE' };

export function atomics(buffer: SharedArrayBuffer, page: PagePort, leased: LeasedData): HostCalls {
  return blocking((index, args) => {
    const call: BlockingHostCall = { type: 'HOST_CALL', index, args: [...args] };
    leased.asks();
    page.say(call);
    return leased.heard(valuesOf(readAnswer(takeFromShared(buffer, () => page.say(MORE)))));
  }, leased);
}
