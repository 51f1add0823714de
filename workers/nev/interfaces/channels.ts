// `nev:plugins/channel`, for one plugin with itself. Terminals are the app's to show: nothing here makes any.

import type { Budget } from '../../../src/runtime/wire/abi/budget.ts';
import { Channel } from '../../../src/runtime/wire/abi/channel.ts';
import type { Mounts } from '../../../src/runtime/wire/abi/mounts.ts';
import { type ChannelEnd, does, gives, type LocalFunction } from './local-function.ts';

const READ = { borrow: 'read-channel' } as const;
const OWN_READ = { own: 'read-channel' } as const;
const WRITE = { borrow: 'write-channel' } as const;
const OWN_WRITE = { own: 'write-channel' } as const;

export interface ChannelDeps {
  readonly budget: Budget;
  readonly readers: Mounts<ChannelEnd>;
  readonly writers: Mounts<ChannelEnd>;
  /** Something is waited for there. */
  watch(channel: Channel): void;
}

export function localChannels({ budget, readers, writers, watch }: ChannelDeps): Record<string, LocalFunction> {
  return {
    '[method]read-channel.can-read': gives([READ], 'bool', ({ channel }) => !channel.isClosed || channel.waiting > 0),
    '[method]read-channel.at-end': gives([READ], 'bool', ({ channel }) => channel.isClosed && channel.waiting === 0),
    '[method]read-channel.peek': gives([READ], 's32', ({ channel }) => channel.waiting),
    '[method]read-channel.flush-read': gives([READ], 's32', ({ channel }) => channel.waiting),
    '[method]read-channel.read-string': gives([READ, 's32'], 'bytes', ({ channel }, most) => channel.read(most)),
    '[method]read-channel.read-bytes': gives([READ, 's32'], 'bytes', ({ channel }, most) => channel.read(most)),
    '[method]read-channel.read-all-string': gives([READ], 'bytes', ({ channel }) => channel.read()),
    '[method]read-channel.read-all-bytes': gives([READ], 'bytes', ({ channel }) => channel.read()),
    '[method]read-channel.listen': does([READ, 'u32', 'u32'], ({ channel }, fun, data) => {
      channel.listen({ fun, data, owner: undefined });
      watch(channel);
    }),
    '[method]read-channel.wait-read': gives([READ, 'u64', 's32'], 'bool', ({ channel }, task, count) => {
      watch(channel);
      return channel.wait(task, count, undefined);
    }),
    '[static]read-channel.open': gives(['string'], { option: OWN_READ }, (path) => readers.open(path)),
    '[static]read-channel.mount': gives([OWN_READ, 'string', 'bool'], 'string', (end, path, unique) =>
      readers.mount(end, path, unique),
    ),
    '[method]write-channel.close': does([WRITE], ({ channel }) => channel.close()),
    '[method]write-channel.can-write': gives([WRITE], 'bool', ({ channel }) => !channel.isClosed),
    '[method]write-channel.write-string': does([WRITE, 'bytes'], ({ channel }, bytes) => channel.write(bytes)),
    '[method]write-channel.write-bytes': does([WRITE, 'bytes'], ({ channel }, bytes) => channel.write(bytes)),
    '[static]write-channel.open': gives(['string'], { option: OWN_WRITE }, (path) => writers.open(path)),
    '[static]write-channel.mount': gives([OWN_WRITE, 'string', 'bool'], 'string', (end, path, unique) =>
      writers.mount(end, path, unique),
    ),
    'new-in-memory-channel': gives([], { tuple: [OWN_READ, OWN_WRITE] }, () => {
      const channel = new Channel(budget);
      // There is one end of each kind: without it nothing more can come, or be read.
      return [
        { channel, release: () => channel.abandon() },
        { channel, release: () => channel.close() },
      ] as const;
    }),
  };
}
