// Buffers, channels and ropes that the instances of one plugin share: by handles of each instance, and by paths of the plugin. No
// plugin finds another's.

import type { HostCallContext } from '../../../capabilities/host-function.ts';
import type { LiveContributions } from '../../../capabilities/services.ts';
import { messageOf } from '../../../errors.ts';
import { onBehalfOf } from '../../../runtime/calls/call-chain.ts';
import type { Channel, Due } from '../../../runtime/wire/abi/channel.ts';
import { EXCHANGED_NUMBERS } from '../../../runtime/wire/abi/exchanged.ts';
import type { WireValue } from '../../../runtime/wire/protocol.ts';
import { fromUtf8 } from '../../../util/text/utf8.ts';
import { HANDLERS } from './handlers.ts';
import { InstanceExchange, PluginExchange, wrong } from './shared.ts';

export class Exchange {
  readonly #plugins = new Map<string, PluginExchange>();
  readonly #live: LiveContributions;

  constructor(live: LiveContributions) {
    this.#live = live;
  }

  /** One use by a worker, whose values are of any kind. @returns as `workers/nev/exchange.ts` reads it */
  use(name: string, values: readonly (bigint | Uint8Array)[], context: HostCallContext): Uint8Array {
    const own = this.#instanceOf(context);
    const numbers = values.slice(0, EXCHANGED_NUMBERS) as bigint[];
    const bytes = values.slice(EXCHANGED_NUMBERS) as Uint8Array[];
    if (name === 'spawn-background') {
      this.#spawn(own, bytes[0] ? fromUtf8(bytes[0]) : '', context);
      return new Uint8Array();
    }
    if (name === 'finish-background') {
      context.instance.finish();
      return new Uint8Array();
    }
    const handler = Object.hasOwn(HANDLERS, name) ? HANDLERS[name] : undefined;
    if (!handler) throw wrong(`uses ${JSON.stringify(name)}, which is not shared`);
    try {
      return handler(own, numbers, bytes);
    } catch (thrown) {
      // What a guest does wrong it is told by name.
      throw thrown instanceof WebAssembly.RuntimeError ? wrong(thrown.message) : thrown;
    } finally {
      this.#callDue(own.plugin);
    }
  }

  #instanceOf(context: HostCallContext): InstanceExchange {
    const { plugin, instance, limits } = context;
    const shared = this.#plugins.get(plugin.installation) ?? new PluginExchange(limits.exchangeBytes);
    this.#plugins.set(plugin.installation, shared);
    const known = shared.instances.get(instance.id);
    if (known) return known;
    const own = new InstanceExchange(shared, context);
    shared.instances.set(instance.id, own);
    instance.onEnd(() => {
      own.end();
      shared.instances.delete(instance.id);
      if (shared.instances.size === 0) this.#plugins.delete(plugin.installation);
      else this.#callDue(shared);
    });
    return own;
  }

  #spawn({ caller }: InstanceExchange, args: string, { plugin, log }: HostCallContext): void {
    const main = this.#live.host.get(plugin.id);
    // What this came with may have been loaded while another plugin took the id, or the instance was replaced.
    if (main?.installation !== plugin.installation) return;
    const ended = new AbortController();
    caller.onEnd(() => ended.abort());
    // The guest goes on at once; a place in the pool may take a while.
    void onBehalfOf([], async () => {
      try {
        const instance = await main.startBackground(args, ended.signal);
        caller.onEnd(instance.end);
        await instance.started;
      } catch (thrown) {
        if (!ended.signal.aborted) log('error', `an instance in the background did not start: ${messageOf(thrown)}`);
      }
    });
  }

  /** Whoever waited for what has come is called, once it has nothing else to do. */
  #callDue({ channels, instances }: PluginExchange): void {
    for (const channel of channels) {
      for (const due of channel.due()) {
        const own = instances.get(due.owner);
        if (own) void this.#callBack(own, channel, due);
      }
    }
  }

  async #callBack({ caller, log }: InstanceExchange, channel: Channel<number>, due: Due<number>): Promise<void> {
    const isTask = 'task' in due;
    const name = isTask ? 'notify_task_complete' : 'handle_channel_update';
    const args: WireValue[] = isTask ? [due.task, due.canceled ? 1 : 0] : [due.fun, due.data, due.closed ? 1 : 0];
    try {
      const [answer] = await onBehalfOf([], () => caller.call(name, args));
      if (!isTask && answer === STOP) channel.unlisten();
    } catch (thrown) {
      log('error', `\`${name}\` failed: ${messageOf(thrown)}`);
    }
  }
}

/** Of `channel-listen-response`. */
const STOP = 1;
