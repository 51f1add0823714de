// Hands an event of the host app to the plugins that subscribe to it. Comes with the first event.

import { ClocheError } from '../errors.ts';
import { type Delivery, DeliveryEvent } from '../events.ts';
import type { Subscription } from '../manifest/contributions.ts';
import { type CallChain, currentChain, onBehalfOf } from '../runtime/calls/call-chain.ts';
import { type CallOptions, givenCall } from '../runtime/calls/call-options.ts';
import { Lanes } from '../util/async/lanes.ts';
import { callHandler } from './call-handler.ts';
import type { ExtensionContext, ExtensionPlugin, HandlerInput } from './context.ts';

export type DeliveryContext = Pick<ExtensionContext, 'say' | 'dispatch'> & {
  readonly host: { readonly plugins: readonly ExtensionPlugin[] };
};

/** A start takes 20 ms; what takes as long as this is a handler that computes or waits. */
const PATIENCE_MS = 100;

/** Of the page: more workers that boot at once than there are cores only make each other late, and the page with them. */
const wakeUps = new Lanes(Math.max(2, globalThis.navigator?.hardwareConcurrency ?? 2), PATIENCE_MS);

/**
 * Plugins get it at the same time, those that sleep one after the other on each core, the handlers of one plugin one after
 * the other. A handler that fails keeps nobody else from it.
 * @param data the payload, of nobody who may change it
 * @throws {ClocheError} OPTION_INVALID for an unknown option
 */
export async function deliver(
  context: DeliveryContext,
  event: string,
  data: unknown,
  given: CallOptions | undefined,
): Promise<Delivery[]> {
  if (typeof event !== 'string')
    throw new ClocheError('OPTION_INVALID', 'Expected the name of an event to be a string');
  const options = givenCall('emit', given);
  const at = new Date().toISOString();
  // Lost with the first await: who emits this may be what a plugin waits for.
  const chain = currentChain();
  const toPlugin = async (plugin: ExtensionPlugin): Promise<Delivery[]> => {
    const made: Delivery[] = [];
    for (const subscription of plugin.contributed.subscriptions.filter((one) => hears(plugin, one, event))) {
      const to = { plugin: plugin.id, subscription, at };
      const input = plugin.dialect.handlers?.event(event, data, to) ?? { input: { event, payload: data } };
      made.push(await deliverTo(context, plugin, subscription, { event, input, options, chain }));
    }
    return made;
  };
  const plugins = context.host.plugins.filter((plugin) => {
    return plugin.active && plugin.contributed.subscriptions.some((one) => hears(plugin, one, event));
  });
  const made = plugins.map((plugin) =>
    plugin.state !== 'running' ? wakeUps.run(() => toPlugin(plugin)) : toPlugin(plugin),
  );
  return (await Promise.all(made)).flat();
}

function hears({ dialect }: ExtensionPlugin, subscription: Subscription, event: string): boolean {
  return dialect.handlers?.hears?.(subscription, event) ?? subscription.events.includes(event);
}

interface Message {
  readonly event: string;
  readonly input: HandlerInput;
  readonly options: CallOptions;
  readonly chain: CallChain;
}

async function deliverTo(
  context: DeliveryContext,
  plugin: ExtensionPlugin,
  { id, handler }: Subscription,
  { event, input, options, chain }: Message,
): Promise<Delivery> {
  const outcome = await onBehalfOf(chain, () => callHandler(plugin, handler, input, options));
  if (outcome.error) {
    const where = `Event ${JSON.stringify(event)}, subscription ${JSON.stringify(id)}`;
    context.say(plugin.id, 'error', `${where}: ${outcome.error.message}`);
  }
  const delivery: Delivery = Object.freeze({ ...outcome, subscription: id, event });
  context.dispatch(new DeliveryEvent(delivery));
  return delivery;
}
