// The Extism SDK as it is shipped, with its own worker.

import createPlugin, { type CallContext, type ExtismPluginOptions, type Plugin } from '@extism/extism';

type HostFunction = (context: CallContext, ...args: bigint[]) => bigint;

export type { Plugin as SdkPlugin };

export function openSdk(
  data: Uint8Array<ArrayBuffer>,
  functions: Readonly<Record<string, HostFunction>> = {},
  options: ExtismPluginOptions = {},
): Promise<Plugin> {
  const given = { 'extism:host/user': { ...functions } };
  return createPlugin({ wasm: [{ data }] }, { runInWorker: true, functions: given, ...options });
}

/** A copy of the bytes at an address. */
export function readAt(context: CallContext, at: bigint): Uint8Array {
  const found = context.read(at);
  if (!found) throw new Error(`Expected a block at ${at}`);
  return found.bytes();
}
