// Calls a hook of the host app: an export of one name, in all plugins that have registered it.

import { ClocheError } from '../errors.ts';
import type { HandlerOutcome } from '../events.ts';
import { type CallChain, onBehalfOf } from '../runtime/calls/call-chain.ts';
import { CALL_KEYS, type CallOptions, checkedCall } from '../runtime/calls/call-options.ts';
import { givenOptions, type KeysOf } from '../util/given-options.ts';
import { asClocheError } from './call-handler.ts';
import type { ExtensionPlugin, HookForm } from './context.ts';

export interface HookCall extends CallOptions {
  readonly name: string;
  /** A plugin that fails is the outcome of all, once all have ended; so is a hook that nobody has registered. @default false */
  readonly strict?: boolean;
}

/** How one plugin took a hook. */
export interface HookOutcome extends HandlerOutcome {
  /** What it gave, by the type that its export has declared; undefined where it failed, or gives nothing. */
  readonly value: unknown;
}

const KEYS: KeysOf<HookCall> = { name: true, strict: true, ...CALL_KEYS };

/** @throws {ClocheError} see `host.hook` */
export async function callHook(
  plugins: readonly ExtensionPlugin[],
  call: string | HookCall,
  args: readonly unknown[],
  chain: CallChain,
): Promise<HookOutcome[]> {
  const given = typeof call === 'string' ? { name: call } : givenOptions<HookCall>('`hook`', call, KEYS);
  const { name, strict = false, ...options } = checkedCall(given);
  if (typeof name !== 'string' || typeof strict !== 'boolean') {
    throw new ClocheError(
      'OPTION_INVALID',
      'Expected `hook` to have a `name` that is text, and `strict` to be true or false',
    );
  }
  const calls = plugins
    .filter(({ active }) => active)
    .flatMap((plugin) =>
      plugin.contributed.handlers.filter(({ use, handler }) => use === 'hook' && handler === name).map(() => plugin),
    );
  if (strict && calls.length === 0) {
    throw new ClocheError('EXPORT_MISSING', `Hook ${name} not registered by any plugin`);
  }
  const outcomes = await Promise.all(calls.map((plugin) => outcomeOf(plugin, name, args, options, chain)));
  const failed = strict ? outcomes.find(({ ok }) => !ok) : undefined;
  if (!failed?.error) return outcomes;
  const { code, message } = failed.error;
  throw new ClocheError(code, `Failed to call hook ${name} in plugin ${failed.plugin}: ${message}`, {
    plugin: failed.plugin,
    cause: failed.error,
  });
}

async function outcomeOf(
  plugin: ExtensionPlugin,
  handler: string,
  args: readonly unknown[],
  options: CallOptions,
  chain: CallChain,
): Promise<HookOutcome> {
  const began = performance.now();
  let value: unknown;
  let error: ClocheError | undefined;
  try {
    const form = await plugin.dialect.hooks?.();
    value = await onBehalfOf(chain, () => hookValue(form, plugin, handler, { args, options }));
  } catch (thrown) {
    error = asClocheError(thrown, plugin.id);
  }
  const durationMs = performance.now() - began;
  return Object.freeze({
    plugin: plugin.id,
    handler,
    ok: error === undefined,
    ...(error && { error }),
    durationMs,
    value,
  });
}

async function hookValue(
  form: HookForm | undefined,
  plugin: ExtensionPlugin,
  handler: string,
  { args, options }: { readonly args: readonly unknown[]; readonly options: CallOptions },
): Promise<unknown> {
  if (!form) return (await plugin.call(handler, args, options)).json();
  return form.result(await plugin.callWith(handler, form.args(args), options));
}
