// The key-value store of Windshift plugins: text by key, and a status where Cloche's own form has a number (WS21).

import type { HostFunction } from '../../../capabilities/host-function.ts';
import type { KvService } from '../../../capabilities/services.ts';
import type { Leasing } from '../../../runtime/wire/protocol.ts';
import { type GoFunction, goFunction } from '../go/host-function.ts';
import { goString, goStruct } from '../go/json.ts';

const KeyRequest = goStruct('plugins.KVRequest', { key: goString });
const SetRequest = goStruct('plugins.KVSetRequest', { key: goString, value: goString });
const OK = { status: 'ok' };
/** As the worker may write the answers: each of these as `writeGoJson` does. */
const leased = (use: Leasing['use']): Leasing => ({
  use,
  json: {
    done: '{"status":"ok"}',
    absent: '{"status":"not_found"}',
    found: ['{"status":"ok","value":', '}'],
  },
});

/** The same data and quota as the other forms; values are kept as UTF-8. */
export function windshiftKv({ use, set }: KvService): ReadonlyMap<string, HostFunction> {
  return new Map([
    [
      'kv_get',
      kvFunction('get', KeyRequest, async ({ key }, context) => {
        const value = await use(context, (store) => store.get(key));
        if (!value) return { status: 'not_found' };
        return { ...OK, value: new TextDecoder('utf-8', { ignoreBOM: true }).decode(value) || undefined };
      }),
    ],
    [
      'kv_set',
      kvFunction('set', SetRequest, async ({ key, value }, context) =>
        // Windshift has no quota, so no words for it either: these begin as its own for whatever fails there.
        (await set(key, new TextEncoder().encode(value), context)) ? OK : failure('database error: over the quota'),
      ),
    ],
    [
      'kv_delete',
      kvFunction('delete', KeyRequest, async ({ key }, context) => {
        await use(context, (store) => store.delete(key));
        return OK;
      }),
    ],
  ]);
}

/** With the checks that come before each of them, in their order. */
function kvFunction<T extends { key: string }>(
  use: Leasing['use'],
  request: GoFunction<T>['request'],
  call: GoFunction<T>['call'],
): HostFunction {
  const fn = goFunction({
    request,
    malformed: () => failure('invalid request payload'),
    call(read, context) {
      if (read.key === '') return failure('key is required');
      if (context.describing) return failure('no plugin context');
      return call(read, context);
    },
    failed: (error) => failure(error.code === 'STORAGE_FAILED' ? 'database error' : error.message),
  });
  return { ...fn, leased: leased(use) };
}

function failure(error: string): object {
  return { status: 'error', error };
}
