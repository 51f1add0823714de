// Hands an event of the host app to the plugins that subscribe to it.

import { ClocheError, messageOf } from '../errors.ts';
import { type Delivery, DeliveryEvent } from '../events.ts';
import type { Subscription } from '../manifest/contributions.ts';
import { type CallOptions, givenCall } from '../runtime/calls/call-options.ts';
import { jsonOf } from '../util/json/plain-json.ts';
import { callHandler } from './call-handler.ts';
import type { ExtensionContext, ExtensionPlugin, HandlerInput } from './context.ts';

export type DeliveryContext = Pick<ExtensionContext, 'say' | 'dispatch'> & {
  readonly host: { readonly plugins: readonly ExtensionPlugin[] };
};

/**
 * Plugins get it at the same time, the handlers of one plugin one after the other. A handler that fails keeps nobody
 * else from it.
 * @throws {ClocheError} OPTION_INVALID for an unknown option, and for a payload that cannot be written as JSON
 */
export async function deliver(
  context: DeliveryContext,
  event: string,
  payload: unknown,
  given: CallOptions | undefined,
): Promise<Delivery[]> {
  if (typeof event !== 'string')
    throw new ClocheError('OPTION_INVALID', 'Expected the name of an event to be a string');
  const options = givenCall('emit', given);
  // Written now: the caller may change it while handlers wait for their turn.
  const data = plainCopy(payload);
  const at = new Date().toISOString();
  const toPlugin = async (plugin: ExtensionPlugin): Promise<Delivery[]> => {
    const made: Delivery[] = [];
    for (const subscription of plugin.contributed.subscriptions.filter(({ events }) => events.includes(event))) {
      const to = { plugin: plugin.id, subscription, at };
      const input = plugin.dialect.handlers?.event(event, data, to) ?? { input: { event, payload: data } };
      made.push(await deliverTo(context, plugin, subscription, event, input, options));
    }
    return made;
  };
  const plugins = context.host.plugins.filter(({ active }) => active);
  return (await Promise.all(plugins.map(toPlugin))).flat();
}

async function deliverTo(
  context: DeliveryContext,
  plugin: ExtensionPlugin,
  { id, handler }: Subscription,
  event: string,
  input: HandlerInput,
  options: CallOptions,
): Promise<Delivery> {
  const began = performance.now();
  let error: ClocheError | undefined;
  try {
    await callHandler(plugin, handler, input, options);
  } catch (thrown) {
    error = asClocheError(thrown, plugin.id);
    const where = `Event ${JSON.stringify(event)}, subscription ${JSON.stringify(id)}`;
    context.say(plugin.id, 'error', `${where}: ${error.message}`);
  }
  const durationMs = performance.now() - began;
  const delivery: Delivery = Object.freeze({
    plugin: plugin.id,
    subscription: id,
    event,
    handler,
    ok: error === undefined,
    ...(error && { error }),
    durationMs,
  });
  context.dispatch(new DeliveryEvent(delivery));
  return delivery;
}

function plainCopy(payload: unknown): unknown {
  if (payload === undefined) return undefined;
  try {
    return JSON.parse(jsonOf(payload));
  } catch (cause) {
    throw new ClocheError('OPTION_INVALID', `The payload cannot be written: ${messageOf(cause)}`, { cause });
  }
}

function asClocheError(thrown: unknown, plugin: string): ClocheError {
  if (thrown instanceof ClocheError) return thrown;
  return new ClocheError('HOST_FUNCTION_FAILED', messageOf(thrown), { plugin, cause: thrown });
}
