// Capability `kv`: bytes by key that outlive the plugin's instance and the page. Cloche's own contract; plugins of most dialects
// import it from the namespace of all functions of the host.
//
//   kv_get(key: text) -> bytes     0 when absent; an empty value reads as absent too, since 0 is both
//   kv_set(key: text, value: bytes) -> i64     0 accepted; 1 over the quota, nothing changed
//   kv_update(key: text, expected: bytes, value: bytes) -> bytes     in one step, see `update.ts`
//   kv_delete(key: text) -> i64    1 it existed; 0 it did not
//   kv_list(prefix: text) -> json  sorted array of keys, at most 10,000
//
// What was accepted is stored when the call settles, or the call fails, see `write-behind.ts`.
// A dialect may have functions of its own in place of these, over the same data.

import { storageName } from '../../database/storage-name.ts';
import { ClocheError } from '../../errors.ts';
import { givenOptions } from '../../util/given-options.ts';
import { loadChunk } from '../../util/load-chunk.ts';
import { visibleText } from '../../util/text/visible-text.ts';
import { type Capability, defineCapability, type ScopeRule } from '../capability.ts';
import type { HostCallContext } from '../host-function.ts';
import { UNLIMITED } from '../scopes/name-rules.ts';
import { sentence } from '../sentences.ts';
import type { KvOwner, KvRules, KvService } from '../services.ts';
import type { CallStore } from './call-store.ts';
import { kvDatabaseName } from './database-name.ts';
import type { KvStore } from './kv-store.ts';

export interface KvOptions {
  /** First part of the databases' names; the same as the host's. @default 'cloche' */
  storage?: string;
}

/** What can be granted of `kv`. */
export interface KvScope {
  /** Keys and values together; the lower of this and `storageBytes` counts. */
  readonly bytes?: number;
}

const STORED = 0n;
const OVER_QUOTA = 1n;

/**
 * Storage for plugins: a database for each installation, so that no key reaches another plugin's, and none the next
 * plugin of the same id. A plugin may have
 * `storageBytes` of keys and values together, 10,000 keys, and keys of 1,024 bytes; two tabs cannot pass
 * the quota together, since it is checked in the transaction that writes.
 *
 * Scope: `{ bytes?: number }`. Its functions throw STORAGE_FAILED when IndexedDB does; where the page may store
 * nothing at all, they keep things in memory, see `host.environment.storage`.
 */
export function kv(options: KvOptions = {}): Capability {
  const storage = storageName(givenOptions<KvOptions>('`kv()`', options, { storage: true }).storage);
  const stores = new Map<string, Promise<CallStore>>();
  const lockName = (installation: string): string => `cloche:${kvDatabaseName(storage, installation)}`;
  const open = async ({ installation, temporary }: KvOwner): Promise<CallStore> => {
    const { makeCallStore } = await loadChunk(() => import('./call-store.ts'));
    return makeCallStore(installation, { storage, temporary }, `${lockName(installation)}:memory`);
  };
  const storeOf = (plugin: KvOwner): Promise<CallStore> => {
    const { installation } = plugin;
    const known = stores.get(installation);
    if (known) return known;
    const store = open(plugin);
    stores.set(installation, store);
    // Whoever asked is told, and the next one tries again.
    store.catch(() => stores.delete(installation));
    return store;
  };
  const storeFor = (installation: string): Promise<CallStore> =>
    stores.get(installation) ?? open({ installation, temporary: false });
  /** For the host: a store that no call of the plugin has opened is not kept, unless what it holds is nowhere else. */
  const forHost = async <T>({ installation, temporary }: KvOwner, run: (stored: KvStore) => Promise<T>): Promise<T> => {
    const store = await (temporary ? storeOf({ installation, temporary }) : storeFor(installation));
    return store.forHost(async (stored) => {
      try {
        return await run(stored);
      } finally {
        if (!stores.has(installation)) stored.close();
      }
    });
  };
  const use: KvService['use'] = async (context, run) =>
    (await storeOf(context.plugin)).use(context.signal, run, () => ({
      mostBytes: quotaOf(context),
      mostValueBytes: context.limits.exchangeBytes,
    }));
  const set = async (key: string, value: Uint8Array, context: HostCallContext): Promise<boolean> => {
    // Now: whoever gave it may change it. And a view would be stored with its whole buffer.
    const copy = value.slice();
    const isStored = await use(context, (store) => store.set(key, copy, quotaOf(context)));
    if (!isStored) logOverQuota('kv_set', key, context);
    return isStored;
  };
  const update = async (key: string, expected: Uint8Array, value: Uint8Array, context: HostCallContext) => {
    const { readState, answerOf } = await loadChunk(() => import('./update.ts'));
    const [from, to] = [readState(expected, 'expected'), readState(value, 'value')];
    const store = await storeOf(context.plugin);
    const updated = await store.useStored(context.signal, (stored) => stored.update(key, from, to, quotaOf(context)));
    if (updated.outcome === 'over') logOverQuota('kv_update', key, context);
    return answerOf(updated);
  };
  return defineCapability({
    name: 'kv',
    risk: 'low',
    scope: kvScopeRule,
    functions: {
      kv_get: {
        params: ['text'],
        result: 'bytes',
        call: ([key], context) => use(context, (store) => store.get(key)),
        leased: { use: 'get' },
      },
      kv_set: {
        params: ['text', 'bytes'],
        result: 'i64',
        call: async ([key, value], context) => ((await set(key, value, context)) ? STORED : OVER_QUOTA),
        leased: { use: 'set' },
      },
      kv_update: {
        params: ['text', 'bytes', 'bytes'],
        result: 'bytes',
        call: ([key, expected, value], context) => update(key, expected, value, context),
      },
      kv_delete: {
        params: ['text'],
        result: 'i64',
        call: async ([key], context) => ((await use(context, (store) => store.delete(key))) ? 1n : 0n),
        leased: { use: 'delete' },
      },
      kv_list: {
        params: ['text'],
        result: 'json',
        call: ([prefix], context) => use(context, (store) => store.keys(prefix)),
      },
    },
    services: {
      kv: { use, set },
      kvData: {
        quota: quotaOf,
        read: (owner) => forHost(owner, (stored) => stored.values()),
        // In the store of its calls, so that those wait for their turn.
        replace: async (owner, values, rules, replaced) =>
          (await storeOf(owner)).forHost(async (stored) => {
            const before = await stored.values();
            await stored.replace(values, quotaOf(rules));
            replaced();
            return before;
          }),
      },
    },
    lock: ({ installation, temporary }) => (temporary ? undefined : lockName(installation)),
    async wipe(installation) {
      const store = await storeFor(installation);
      stores.delete(installation);
      await store.forHost((stored) => stored.wipe());
    },
    usage: (installation) =>
      forHost({ installation, temporary: false }, async (stored) => (await stored.usage()).bytes),
  });
}

const kvScopeRule: ScopeRule = {
  parse(value, path): KvScope {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw invalid(path, 'to be an object such as { bytes: 1048576 }');
    }
    const { bytes, ...others } = value as Record<string, unknown>;
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) throw invalid(path, `to hold bytes, not "${visibleText(unknown, 60)}"`);
    if (bytes === undefined) return {};
    if (typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes >= 0) return { bytes };
    throw invalid(`${path}.bytes`, 'to be a whole number of bytes, 0 or above');
  },
  covers: (granted, asked) => (bytesOf(granted) ?? Infinity) >= (bytesOf(asked) ?? Infinity),
  decide(scope, request) {
    const most = bytesOf(scope);
    if (most === undefined) return UNLIMITED;
    return { allowed: (bytesOf(request) ?? 0) <= most, rule: 'bytes', entry: undefined };
  },
  narrowest: ({ bytes }) => (bytes === undefined ? {} : { bytes }),
  describe(scope) {
    const bytes = bytesOf(scope);
    return [
      bytes === undefined
        ? sentence('kv', 'Keep data of its own on this device.')
        : sentence('kvUpTo', 'Keep data of its own on this device, at most {bytes}.', { bytes }),
    ];
  },
};

function logOverQuota(fn: string, key: string, context: HostCallContext): void {
  const limits = `${quotaOf(context)} bytes, 10,000 keys, 1,024 bytes a key`;
  context.log('warn', `${fn}("${visibleText(key, 100)}"): over the quota of ${limits}`);
}

/** The lowest of what is granted, what the policy allows, and the plugin's `storageBytes`. */
function quotaOf({ grant, policy, limits }: KvRules): number {
  return Math.min(limits.storageBytes, bytesOf(grant) ?? Infinity, bytesOf(policy) ?? Infinity);
}

function bytesOf(scope: unknown): number | undefined {
  if (typeof scope !== 'object' || scope === null || !('bytes' in scope)) return undefined;
  return typeof scope.bytes === 'number' ? scope.bytes : undefined;
}

function invalid(path: string, expected: string): ClocheError {
  return new ClocheError('OPTION_INVALID', `Expected \`${path}\` ${expected}`);
}
