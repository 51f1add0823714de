// What each function does whose resources instances share, by its name. Numbers and bytes are those of its parameters, in order.

import { SharedBuffer } from '../../../runtime/wire/abi/shared-buffer.ts';
import { trap } from '../../../runtime/wire/abi/trap.ts';
import { fromUtf8 } from '../../../util/text/utf8.ts';
import { PageChannel } from './page-channel.ts';
import type { InstanceExchange, PluginExchange, Shared } from './shared.ts';

type Handler = (own: InstanceExchange, numbers: readonly bigint[], bytes: readonly Uint8Array[]) => Uint8Array;

const NOTHING = new Uint8Array();
/** Of one plugin: all of them are looked at when something comes. */
const MOST_CHANNELS = 1_000;

function number(...values: (number | bigint | boolean)[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) view.setBigInt64(i * 8, BigInt(value), true);
  return bytes;
}

function some(bytes: Uint8Array): Uint8Array {
  const answer = new Uint8Array(bytes.length + 1);
  answer[0] = 1;
  answer.set(bytes, 1);
  return answer;
}

function text(bytes: Uint8Array | undefined): string {
  return bytes ? fromUtf8(bytes) : '';
}

const channelOf = (own: InstanceExchange, handle: bigint | undefined, kind: 'read-channel' | 'write-channel') =>
  own.get(handle ?? 0n, kind).value as PageChannel;

const reading =
  (run: (channel: PageChannel, own: InstanceExchange, numbers: readonly bigint[]) => Uint8Array): Handler =>
  (own, numbers) =>
    run(channelOf(own, numbers[0], 'read-channel'), own, numbers);

const writing =
  (run: (channel: PageChannel, bytes: Uint8Array) => Uint8Array | undefined): Handler =>
  (own, [handle], [bytes = NOTHING]) =>
    run(channelOf(own, handle, 'write-channel'), bytes) ?? NOTHING;

const withBuffer =
  (
    run: (buffer: SharedBuffer, numbers: readonly bigint[], bytes: Uint8Array, own: InstanceExchange) => Uint8Array,
  ): Handler =>
  (own, numbers, [bytes = NOTHING]) =>
    run(own.get(numbers[0] ?? 0n, 'shared-buffer').value as SharedBuffer, numbers, bytes, own);

const mounting =
  (kind: Shared['kind']): Handler =>
  (own, [handle = 0n, unique], [path]) =>
    new TextEncoder().encode(own.plugin.mountsOf(kind).mount(own.take(handle, kind), text(path), unique !== 0n));

const opening =
  (kind: Shared['kind']): Handler =>
  (own, _numbers, [path]) => {
    const shared = own.plugin.mountsOf(kind).open(text(path));
    return shared ? some(number(own.add(shared))) : NOTHING;
  };

const dropping =
  (kind: Shared['kind']): Handler =>
  (own, [handle = 0n]) => {
    own.take(handle, kind).release();
    return NOTHING;
  };

const written: Handler = withBuffer((buffer, [, index = 0n], bytes, own) => {
  if (!buffer.write(Number(index), bytes)) {
    own.log('warn', `shared-buffer: nothing was written at ${index}, since not all of it fits`);
  }
  return NOTHING;
});

const read: Handler = withBuffer(
  (buffer, [, index, length]) => buffer.read(Number(index), Number(length))?.slice() ?? NOTHING,
);

function bufferShared(buffer: SharedBuffer): Shared {
  return { kind: 'shared-buffer', value: buffer, release: () => buffer.release() };
}

/** Both ends. @throws {WebAssembly.RuntimeError} where there are too many */
export function newChannel({ budget, channels }: PluginExchange): readonly [reader: Shared, writer: Shared] {
  if (channels.size >= MOST_CHANNELS) throw trap(`there are ${MOST_CHANNELS} channels already`);
  const channel = new PageChannel(budget);
  channels.add(channel);
  const ends = new Set(['read-channel', 'write-channel']);
  const endOf = (kind: 'read-channel' | 'write-channel'): Shared => ({
    kind,
    value: channel,
    release() {
      if (!ends.delete(kind)) return;
      if (kind === 'write-channel') channel.close();
      else channel.abandon();
      if (ends.size === 0) channels.delete(channel);
    },
  });
  return [endOf('read-channel'), endOf('write-channel')];
}

export const HANDLERS: Readonly<Record<string, Handler>> = {
  'new-in-memory-channel'(own) {
    const [reader, writer] = newChannel(own.plugin);
    return number(own.add(reader), own.add(writer));
  },
  '[method]read-channel.can-read': reading((channel) => number(!channel.isClosed || channel.waiting > 0)),
  '[method]read-channel.at-end': reading((channel) => number(channel.isClosed && channel.waiting === 0)),
  '[method]read-channel.peek': reading((channel) => number(channel.waiting)),
  '[method]read-channel.flush-read': reading((channel) => number(channel.waiting)),
  '[method]read-channel.read-string': reading((channel, _own, [, most]) => channel.read(Number(most))),
  '[method]read-channel.read-bytes': reading((channel, _own, [, most]) => channel.read(Number(most))),
  '[method]read-channel.read-all-string': reading((channel) => channel.read()),
  '[method]read-channel.read-all-bytes': reading((channel) => channel.read()),
  '[method]read-channel.listen': reading((channel, own, [, fun, data]) => {
    channel.listen({ fun: Number(fun), data: Number(data), owner: own.caller.id });
    return NOTHING;
  }),
  '[method]read-channel.wait-read': reading((channel, own, [, task = 0n, count]) =>
    number(channel.wait(task, Number(count), own.caller.id)),
  ),
  '[static]read-channel.open': opening('read-channel'),
  '[static]read-channel.mount': mounting('read-channel'),
  '[resource-drop]read-channel': dropping('read-channel'),

  '[method]write-channel.close': writing((channel) => {
    channel.close();
    return undefined;
  }),
  '[method]write-channel.can-write': writing((channel) => number(!channel.isClosed)),
  '[method]write-channel.write-string': writing((channel, bytes) => {
    channel.write(bytes);
    return undefined;
  }),
  '[method]write-channel.write-bytes': writing((channel, bytes) => {
    channel.write(bytes);
    return undefined;
  }),
  '[static]write-channel.open': opening('write-channel'),
  '[static]write-channel.mount': mounting('write-channel'),
  '[resource-drop]write-channel': dropping('write-channel'),

  '[constructor]shared-buffer'(own, [size = 0n]) {
    if (size < 0n) throw trap(`a shared buffer cannot have ${size} bytes`);
    return number(own.add(bufferShared(new SharedBuffer(Number(size), own.plugin.budget))));
  },
  '[method]shared-buffer.clone-ref': withBuffer((buffer, _numbers, _bytes, own) =>
    number(own.add(bufferShared(buffer.retain()))),
  ),
  '[method]shared-buffer.len': withBuffer((buffer) => number(buffer.length)),
  '[method]shared-buffer.write-string': written,
  '[method]shared-buffer.write': written,
  '[method]shared-buffer.read-into': read,
  '[method]shared-buffer.read': read,
  '[static]shared-buffer.open': opening('shared-buffer'),
  '[static]shared-buffer.mount': mounting('shared-buffer'),
  '[resource-drop]shared-buffer': dropping('shared-buffer'),

  '[static]rope.open'(own, _numbers, [path]) {
    const shared = own.plugin.mountsOf('rope').open(text(path));
    shared?.release();
    return shared ? some(shared.value as Uint8Array) : NOTHING;
  },
  '[static]rope.mount'(own, [unique], [content = NOTHING, path]) {
    const { budget } = own.plugin;
    budget.take(content.length, 'a rope');
    const value = content.slice();
    const shared: Shared = { kind: 'rope', value, release: () => budget.give(value.length) };
    return new TextEncoder().encode(own.plugin.mountsOf('rope').mount(shared, text(path), unique !== 0n));
  },
};
