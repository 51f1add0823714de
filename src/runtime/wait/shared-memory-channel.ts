// The page's side of the second way: one worker's shared memory, and what is left of an answer larger than it.

import { dispose } from '../../util/dispose.ts';
import { putIntoShared, SHARED_ANSWER_BYTES } from '../wire/shared-answer.ts';
import type { AnswerChannel } from './answer-channel.ts';

export function openSharedMemory(): AnswerChannel {
  const buffer = new SharedArrayBuffer(SHARED_ANSWER_BYTES);
  let rest: { readonly answer: Uint8Array; readonly from: number } | undefined;
  const put = (answer: Uint8Array, from: number): void => {
    const next = putIntoShared(buffer, answer, from);
    rest = next < answer.length ? { answer, from: next } : undefined;
  };
  return {
    setup: { way: 'atomics', buffer },
    answer: (bytes) => put(bytes, 0),
    more: () => rest && put(rest.answer, rest.from),
    [dispose]: () => undefined,
  };
}
