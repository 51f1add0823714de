// Calls what a plugin has for an event or a schedule, in the form of its dialect.

import { ClocheError, messageOf } from '../errors.ts';
import type { HandlerOutcome } from '../events.ts';
import type { CallOptions } from '../runtime/calls/call-options.ts';
import type { ExtensionPlugin, HandlerInput } from './context.ts';

/** What it gives is nobody's business; that it failed is part of the outcome, and nothing is thrown. */
export async function callHandler(
  plugin: Pick<ExtensionPlugin, 'id' | 'call' | 'callWith'>,
  handler: string,
  given: HandlerInput,
  options?: CallOptions,
): Promise<HandlerOutcome> {
  const began = performance.now();
  let error: ClocheError | undefined;
  try {
    if ('args' in given) await plugin.callWith(handler, given.args, options);
    else await plugin.call(handler, given.input, options);
  } catch (thrown) {
    error = asClocheError(thrown, plugin.id);
  }
  const durationMs = performance.now() - began;
  return { plugin: plugin.id, handler, ok: error === undefined, ...(error && { error }), durationMs };
}

/** Whatever a plugin's call failed with. */
export function asClocheError(thrown: unknown, plugin: string): ClocheError {
  if (thrown instanceof ClocheError) return thrown;
  return new ClocheError('HOST_FUNCTION_FAILED', messageOf(thrown), { plugin, cause: thrown });
}
