// A host function of a contract that Go structs define: one block of JSON in, one block of JSON out (WS18).

import type { HostCallContext, HostFunction } from '../../../capabilities/host-function.ts';
import type { ClocheError } from '../../../errors.ts';
import { USER_NAMESPACE } from '../../../runtime/wire/host-namespace.ts';
import { type GoType, JsonError, readGoJson, writeGoJson } from './json.ts';

/** What is written as JSON; `null` is not a block at all, offset 0. */
type GoAnswer = object | null;

export interface GoFunction<T> {
  readonly request: GoType<T>;
  call(request: T, context: HostCallContext): GoAnswer | Promise<GoAnswer>;
  /** What a payload is told that is not such a request; `cause` in Go's words. */
  malformed(cause: string): GoAnswer;
  /** What a call is told that is denied, late, or fails. */
  failed(error: ClocheError): GoAnswer;
  /** What a payload is told that lies in no block. @default offset 0 */
  readonly unreadable?: GoAnswer;
}

export function goFunction<T>({ request, call, malformed, failed, unreadable = null }: GoFunction<T>): HostFunction {
  const fn: HostFunction<['bytes'], 'bytes'> = {
    namespace: USER_NAMESPACE,
    params: ['bytes'],
    result: 'bytes',
    async call([payload], context) {
      let read: T;
      try {
        read = await readGoJson(request, payload);
      } catch (thrown) {
        if (thrown instanceof JsonError) return written(malformed(thrown.message));
        throw thrown;
      }
      return written(await call(read, context));
    },
    failed: (error) => written(error.code === 'ARGUMENT_UNREADABLE' ? unreadable : failed(error)),
  };
  return fn;
}

export async function written(answer: GoAnswer): Promise<Uint8Array | null> {
  return answer && new TextEncoder().encode(await writeGoJson(answer));
}
