// How guests that were built with Extism's PDKs run, what their plugins ask for, and their functions besides those that
// capabilities have themselves. One file, as all of it is in every page and the chunks of other dialects share it.

import type { HostFunction } from '../../capabilities/host-function.ts';
import type { DialectFunction, HttpService, Services } from '../../capabilities/services.ts';
import type { PluginManifest } from '../../manifest/plugin-manifest.ts';
import type { AskedPermission, RequestRules } from '../../permissions/requests.ts';
import type { GuestContract } from '../../runtime/wire/guest-contract.ts';
import { relayedFunctions } from '../windshift/relayed.ts';

export function extismFunctions(services: Services): DialectFunction[] {
  return [...services].flatMap(([capability, { http, relay }]) => [
    ...(http ? [{ ...httpRequest(http), name: 'http_request', capability }] : []),
    ...(relay ? relayedFunctions(capability, relay) : []),
  ]);
}

/** `http_request` of the PDKs. The worker keeps status and headers for `http_status_code` and `http_headers`. */
function httpRequest({ send, responseHeaders }: HttpService): HostFunction {
  const fn: HostFunction<['json', 'bytes'], 'bytes'> = {
    namespace: 'extism:host/env',
    params: ['json', 'bytes'],
    result: 'bytes',
    call: async ([json, body], context) =>
      send(json, body, context, {
        withHeaders: responseHeaders,
        timeoutMs: context.limits.httpTimeoutMs,
      }),
  };
  return fn as HostFunction;
}

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
