// A kv capability with storage of its own, and short words for calling it.

import { kv } from '../../../src/capabilities/kv/kv.ts';
import { kvDatabaseName, openKv } from '../../../src/capabilities/kv/kv-store.ts';
import { type CallFacts, callFunction } from '../call.ts';

export const bytes = (text: string) => new TextEncoder().encode(text);
export const text = (value: unknown) => (value === null ? null : new TextDecoder().decode(value as Uint8Array));

/** Names of the databases that a test may have made; deleted after it. */
export const made = new Set<string>();

/** A storage name of its own for each test, so that none sees another's data. */
export function newStorage(): string {
  return `test-${crypto.randomUUID()}`;
}

export function newKv(storage = newStorage()) {
  const capability = kv({ storage });
  const call = (name: string, args: unknown[], facts: CallFacts = {}) => {
    made.add(kvDatabaseName(storage, facts.plugin ?? 'tester'));
    return callFunction(capability, name, args, facts);
  };
  return {
    capability,
    storage,
    get: async (key: string, facts?: CallFacts) => text(await call('kv_get', [key], facts)),
    set: (key: string, value: string | Uint8Array, facts?: CallFacts) =>
      call('kv_set', [key, typeof value === 'string' ? bytes(value) : value], facts),
    /** States as they cross: null for an absent key. @returns outcome and state, such as `[2, 'x']`; null where it is absent */
    update: async (key: string, expected: string | null, value: string | null, facts?: CallFacts) => {
      const state = (one: string | null) => (one === null ? new Uint8Array() : bytes(`\x01${one}`));
      const [outcome, ...current] = (await call(
        'kv_update',
        [key, state(expected), state(value)],
        facts,
      )) as Uint8Array;
      return [outcome, current.length > 0 ? text(Uint8Array.from(current.slice(1))) : null];
    },
    remove: (key: string, facts?: CallFacts) => call('kv_delete', [key], facts),
    list: (prefix: string, facts?: CallFacts) => call('kv_list', [prefix], facts),
    open: (plugin = 'tester', waitMs?: number) => {
      made.add(kvDatabaseName(storage, plugin));
      return openKv(plugin, { storage, ...(waitMs && { waitMs }) });
    },
  };
}
