// How guests that were built with Extism's PDKs run, and what their plugins ask for.

import type { AskedPermission, RequestRules } from '../../permissions/requests.ts';
import type { GuestContract } from '../../runtime/wire/guest-contract.ts';

/** As natively. */
const START = ['__wasm_call_ctors', '_initialize'] as const;

/** @param start @default as natively */
export function extismGuest(instance: GuestContract['instance'], start: readonly string[] = START): GuestContract {
  return { abi: 'extism', instance, afterTrap: 'discard', start, wasi: 'preview1' };
}

/**
 * A manifest can name hosts and nothing else: importing a function of any other capability is the request for it. Scopes are
 * read leniently, since natively a bad pattern only matches nothing.
 */
export const requestsByImport: RequestRules['requests'] = ({ permissions }, imported) => {
  const named = new Set(permissions.map(({ capability }) => capability));
  const implied = imported.filter(({ name, askedBy }) => askedBy !== 'manifest' && !named.has(name));
  return [...permissions.map((request) => ({ ...request, lenient: true })), ...implied.map(({ name }) => allOf(name))];
};

/** All of a capability, without a word of the plugin's. */
export function allOf(capability: string): AskedPermission {
  return { capability, scope: undefined, reason: undefined };
}
