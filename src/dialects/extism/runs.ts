// How guests that were built with Extism's PDKs run, and what their plugins ask for. All of it is in every page, and the chunks of
// other dialects share it.

import type { PluginManifest } from '../../manifest/plugin-manifest.ts';
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
  const implied = imported.filter(({ askedBy }) => askedBy !== 'manifest');
  return [...permissions.map((request) => ({ ...request, lenient: true })), ...askedFor(implied, permissions)];
};

/** All of each capability that the manifest does not name itself, without a word of the plugin's. */
export function askedFor(
  implied: Parameters<RequestRules['requests']>[1],
  permissions: PluginManifest['permissions'],
): AskedPermission[] {
  const named = new Set(permissions.map(({ capability }) => capability));
  return implied
    .filter(({ name }) => !named.has(name))
    .map(({ name }) => ({ capability: name, scope: undefined, reason: undefined }));
}
