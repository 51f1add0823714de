// Calls what a plugin has for an event or a schedule, in the form of its dialect.

import type { CallOptions } from '../runtime/calls/call-options.ts';
import type { ExtensionPlugin, HandlerInput } from './context.ts';

/** What it gives is nobody's business. @throws what the call throws */
export async function callHandler(
  plugin: Pick<ExtensionPlugin, 'call' | 'callWith'>,
  handler: string,
  given: HandlerInput,
  options?: CallOptions,
): Promise<void> {
  if ('args' in given) await plugin.callWith(handler, given.args, options);
  else await plugin.call(handler, given.input, options);
}
