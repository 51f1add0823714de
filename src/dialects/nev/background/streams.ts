// Ends of channels that an app holds, as streams: what a terminal shows, what a process writes. Whoever is slow is waited for.

import { ClocheError } from '../../../errors.ts';
import type { PageChannel } from './page-channel.ts';
import type { PluginExchange, Shared } from './shared.ts';

/** So much of an app's may wait in a channel for the plugin to read it. */
const MOST_WAITING = 65_536;
/** At once. */
const MOST_READ = 65_536;

/** What the plugin writes. Ends when it closes the channel, and when the plugin ends. */
export function readableOf(plugin: PluginExchange, end: Shared): ReadableStream<Uint8Array> {
  const channel = end.value as PageChannel;
  let isOver = false;
  const release = (): void => {
    if (!isOver) end.release();
    isOver = true;
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        while (!isOver && channel.waiting === 0 && !channel.isClosed && !plugin.isOver) await plugin.changed();
        if (isOver) return;
        if (channel.waiting > 0) {
          controller.enqueue(channel.read(MOST_READ));
          plugin.tell();
          return;
        }
        release();
        controller.close();
      },
      cancel() {
        release();
        plugin.tell();
      },
    },
    { highWaterMark: 0 },
  );
}

/** What the plugin reads. A chunk is done when it is in the channel. Fails once the plugin has dropped its end, or has ended. */
export function writableOf(plugin: PluginExchange, end: Shared): WritableStream<Uint8Array> {
  const channel = end.value as PageChannel;
  const release = (): void => {
    end.release();
    plugin.tell();
  };
  return new WritableStream<Uint8Array>({
    start(controller) {
      const fail = (): void => {
        controller.error(unread());
        end.release();
      };
      // Also while nothing is written: whoever pipes into it lets go of its source then.
      if (channel.isAbandoned) fail();
      else channel.onAbandoned = fail;
    },
    async write(chunk) {
      if (!(chunk instanceof Uint8Array)) {
        release();
        throw new TypeError('Expected a Uint8Array for a channel of a plugin');
      }
      let rest: Uint8Array = chunk.slice();
      while (rest.length > 0) {
        if (channel.isAbandoned || plugin.isOver) throw unread();
        const room = Math.min(plugin.budget.room, MOST_WAITING - channel.waiting, rest.length);
        if (room <= 0) await plugin.changed();
        else {
          channel.write(rest.slice(0, room));
          rest = rest.subarray(room);
          plugin.tell();
        }
      }
    },
    close: release,
    abort: release,
  });
}

function unread(): ClocheError {
  return new ClocheError('CLOSED', 'The plugin that would read this has dropped its end, or has ended');
}
