// `kv_update` of Cloche's own form: changes a key only from the state that the plugin knows, in one step, so that two tabs
// cannot lose each other's writes.
//
//   kv_update(key: text, expected: bytes, value: bytes) -> bytes
//
// A state of a key is a block: no bytes (0) where the key is absent, else a byte 1 and the value, which may be empty. The
// key gets the state `value` if its state is `expected`: 0 as `expected` makes a key, 0 as `value` deletes one.
// The answer begins with a byte:
//
//   0   done
//   1   over the quota, nothing changed   and then the state that the key has
//   2   it had another state              and then that, to be `expected` the next time

import { ClocheError } from '../../errors.ts';
import type { KvUpdate } from './records.ts';

const PRESENT = 1;
const ANSWERS: Record<KvUpdate['outcome'], number> = { done: 0, over: 1, changed: 2 };

/** @throws {ClocheError} HOST_FUNCTION_FAILED for a block that is not a state */
export function readState(block: Uint8Array, what: string): Uint8Array | null {
  if (block.length === 0) return null;
  if (block[0] === PRESENT) return block.subarray(1);
  throw new ClocheError(
    'HOST_FUNCTION_FAILED',
    `Expected \`${what}\` to begin with a byte 1, or to have none at all for an absent key; got ${block[0]}`,
  );
}

export function answerOf({ outcome, current }: KvUpdate): Uint8Array {
  if (outcome === 'done' || current === null) return Uint8Array.of(ANSWERS[outcome]);
  const answer = new Uint8Array(2 + current.length);
  answer.set([ANSWERS[outcome], PRESENT]);
  answer.set(current, 2);
  return answer;
}
