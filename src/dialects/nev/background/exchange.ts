// Buffers, channels and ropes that the instances of one plugin share: by handles of each instance, and by paths of the plugin. No
// plugin finds another's.

import type { HostCallContext } from '../../../capabilities/host-function.ts';
import type { LiveContributions } from '../../../capabilities/services.ts';
import { messageOf } from '../../../errors.ts';
import { onBehalfOf } from '../../../runtime/calls/call-chain.ts';
import type { Channel, Due } from '../../../runtime/wire/abi/channel.ts';
import { EXCHANGED_NUMBERS } from '../../../runtime/wire/abi/exchanged.ts';
import type { SharedBuffer } from '../../../runtime/wire/abi/shared-buffer.ts';
import type { WireValue } from '../../../runtime/wire/protocol.ts';
import { fromUtf8 } from '../../../util/text/utf8.ts';
import { callBack } from '../functions/call-back.ts';
import { HANDLERS, newChannel } from './handlers.ts';
import type { PageChannel } from './page-channel.ts';
import { InstanceExchange, PluginExchange, type Shared, wrong } from './shared.ts';
import { readableOf, writableOf } from './streams.ts';

type ChannelKind = 'read-channel' | 'write-channel';

export class Exchange {
  readonly #plugins = new Map<string, PluginExchange>();

  /** One use by a worker, whose values are of any kind. @returns as `workers/nev/exchange.ts` reads it */
  use(
    name: string,
    values: readonly (bigint | Uint8Array)[],
    context: HostCallContext,
    live: LiveContributions,
  ): Uint8Array {
    const own = this.#instanceOf(context);
    const numbers = values.slice(0, EXCHANGED_NUMBERS) as bigint[];
    const bytes = values.slice(EXCHANGED_NUMBERS) as Uint8Array[];
    if (name === 'spawn-background') {
      spawn(own, bytes[0] ? fromUtf8(bytes[0]) : '', context, live);
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
      own.plugin.tell();
    }
  }

  /** Takes an end of a channel from a guest, for an app. */
  taken(kind: ChannelKind, handle: number, context: HostCallContext): ReadableStream | WritableStream {
    const own = this.#instanceOf(context);
    const end = own.take(BigInt(handle), kind);
    return kind === 'read-channel' ? readableOf(own.plugin, end) : writableOf(own.plugin, end);
  }

  /** Gives a guest a channel that reads or writes a stream of an app's, as long as the instance lives. @returns its handle */
  given(kind: ChannelKind, stream: unknown, context: HostCallContext): number {
    const own = this.#instanceOf(context);
    const [reader, writer] = newChannel(own.plugin);
    const [given, kept] = kind === 'read-channel' ? [reader, writer] : [writer, reader];
    const handle = addOrRelease(own, given, kept);
    const piped =
      kind === 'read-channel'
        ? (stream as ReadableStream<Uint8Array>).pipeTo(writableOf(own.plugin, kept), { signal: own.ended })
        : readableOf(own.plugin, kept).pipeTo(stream as WritableStream<Uint8Array>, { signal: own.ended });
    piped.catch((thrown: unknown) => {
      const isDropped = kind === 'read-channel' && (kept.value as PageChannel).isAbandoned;
      // One that somebody else reads, or writes, is never begun.
      kept.release();
      own.plugin.tell();
      if (!own.ended.aborted && !isDropped) own.log('warn', `a stream of the app has failed: ${messageOf(thrown)}`);
    });
    return handle;
  }

  /** A copy of bytes in a buffer; undefined where they are not all there. */
  bytesOf(handle: number, from: number, length: number, context: HostCallContext): Uint8Array | undefined {
    const buffer = this.#instanceOf(context).get(BigInt(handle), 'shared-buffer').value as SharedBuffer;
    return buffer.read(from, length)?.slice();
  }

  #instanceOf(context: HostCallContext): InstanceExchange {
    const { plugin, instance, limits } = context;
    const known = this.#plugins.get(plugin.installation);
    const shared = known ?? new PluginExchange(limits.exchangeBytes, (one) => this.#callDue(one));
    this.#plugins.set(plugin.installation, shared);
    const instanceKnown = shared.instances.get(instance.id);
    if (instanceKnown) return instanceKnown;
    const own = new InstanceExchange(shared, context);
    shared.instances.set(instance.id, own);
    instance.onEnd(() => {
      own.end();
      shared.instances.delete(instance.id);
      shared.isOver = shared.instances.size === 0;
      if (shared.isOver) this.#plugins.delete(plugin.installation);
      shared.tell();
    });
    return own;
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

  async #callBack(own: InstanceExchange, channel: Channel<number>, due: Due<number>): Promise<void> {
    const { caller, log, plugin, ended } = own;
    const isTask = 'task' in due;
    const name = isTask ? 'notify_task_complete' : 'handle_channel_update';
    const args: WireValue[] = isTask ? [due.task, due.canceled ? 1 : 0] : [due.fun, due.data, due.closed ? 1 : 0];
    channel.isTelling ||= !isTask;
    try {
      const [answer] = await callBack(caller, name, args, () => !ended.aborted);
      if (!isTask && answer === STOP) channel.unlisten();
    } catch (thrown) {
      log('error', `\`${name}\` failed: ${messageOf(thrown)}`);
    }
    if (isTask) return;
    channel.isTelling = false;
    plugin.tell();
  }
}

/** The other end is let go of with one that there is no room for. */
function addOrRelease(own: InstanceExchange, given: Shared, kept: Shared): number {
  try {
    return own.add(given);
  } catch (thrown) {
    kept.release();
    throw thrown;
  }
}

function spawn(
  { caller, ended }: InstanceExchange,
  args: string,
  { plugin, log }: HostCallContext,
  live: LiveContributions,
): void {
  const main = live.host.get(plugin.id);
  // What this came with may have been loaded while another plugin took the id, or the instance was replaced.
  if (main?.installation !== plugin.installation) return;
  // The guest goes on at once; a place in the pool may take a while.
  void onBehalfOf([], async () => {
    try {
      const instance = await main.startBackground(args, ended);
      caller.onEnd(instance.end);
      await instance.started;
    } catch (thrown) {
      if (!ended.aborted) log('error', `an instance in the background did not start: ${messageOf(thrown)}`);
    }
  });
}

/** Of `channel-listen-response`. */
const STOP = 1;
