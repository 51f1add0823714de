// What an app implements, between the values that cross and those that it is handed.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HostCallContext } from '../../../../src/capabilities/host-function.ts';
import { checkedCommand } from '../../../../src/dialects/nev/app-functions.ts';
import { Exchange } from '../../../../src/dialects/nev/background/exchange.ts';
import type { ClocheError } from '../../../../src/errors.ts';

describe('`command` of `text-editor`', () => {
  const call = checkedCommand(([, name]) => ({ ok: `ran ${name}` }));
  const run = (name: string, grant?: unknown, policy?: unknown) => {
    const under = (capability: string) => {
      assert.equal(capability, 'editor-commands');
      return grant === undefined ? undefined : ({ grant, policy } as HostCallContext);
    };
    return call([1n, name, ''], { under } as HostCallContext);
  };

  it('runs what `run-command` may run, and nothing else', () => {
    const denied = { err: 'not-allowed' };
    assert.deepEqual(run('open', { allow: ['open'] }), { ok: 'ran open' });
    assert.deepEqual(run('open'), denied);
    assert.deepEqual(run('quit', { allow: ['open'] }), denied);
    assert.deepEqual(run('open', { allow: ['open'] }, { disallow: ['open'], allowAll: true }), denied);
  });

  it('X13: is not got around by a space', () => {
    for (const name of ['quit ', ' quit', 'quit\n', ''])
      assert.deepEqual(run(name, { allowAll: true, disallow: ['quit'] }), { err: 'not-allowed' });
  });
});

describe('an end of a channel that an app holds', () => {
  const opened = () => {
    const ends: (() => unknown)[] = [];
    const logs: string[] = [];
    const context = {
      plugin: { id: 'one', installation: 'one' },
      limits: { exchangeBytes: 100_000 },
      log: (_level: string, text: string) => void logs.push(text),
      instance: {
        id: 1,
        onEnd: (run: () => unknown) => void ends.push(run),
        call: async () => [],
        finish: () => undefined,
      },
    } as unknown as HostCallContext;
    const exchange = new Exchange();
    const use = (name: string, ...numbers: number[]): Uint8Array => {
      const values = Array.from({ length: 3 }, (_, i) => BigInt(numbers[i] ?? 0));
      return exchange.use(name, [...values, new Uint8Array(50_000), new Uint8Array()], context, {} as never);
    };
    const channel = (): number[] => {
      const pair = new DataView(use('new-in-memory-channel').buffer);
      return [Number(pair.getBigInt64(0, true)), Number(pair.getBigInt64(8, true))];
    };
    return { context, exchange, use, channel, logs, end: () => ends.forEach((run) => void run()) };
  };
  const soon = () => new Promise((resolve) => setTimeout(resolve));

  it('waits for a plugin that does not read, and goes on when that does', async () => {
    const { exchange, context, use, channel } = opened();
    const [reader = 0, writer = 0] = channel();
    const typing = (exchange.taken('write-channel', writer, context) as WritableStream<Uint8Array>).getWriter();
    let isWritten = false;
    const writing = typing.write(new Uint8Array(150_000)).then(() => {
      isWritten = true;
    });
    await soon();
    assert.equal(use('[method]read-channel.read-all-bytes', reader).length, 65_536);
    await soon();
    assert.equal(isWritten, false);
    use('[method]read-channel.read-all-bytes', reader);
    await writing;
    assert.equal(use('[method]read-channel.peek', reader)[0], (150_000 - 2 * 65_536) % 256);
    assert.throws(() => use('[method]write-channel.close', writer), /no write-channel of the number/);
  });

  it('waits for room where the plugin holds almost all that it may', async () => {
    const { exchange, context, use, channel } = opened();
    const [reader = 0, writer = 0] = channel();
    use('[constructor]shared-buffer', 90_000);
    const typing = (exchange.taken('write-channel', writer, context) as WritableStream<Uint8Array>).getWriter();
    const writing = typing.write(new Uint8Array(15_000));
    await soon();
    assert.equal(use('[method]read-channel.read-all-bytes', reader).length, 10_000);
    await writing;
    assert.equal(use('[method]read-channel.read-all-bytes', reader).length, 5_000);
  });

  it('ends with the plugin: what is read closes, what is written fails', async () => {
    const { exchange, context, use, channel, end } = opened();
    const [reader = 0, writer = 0] = channel();
    const [, other = 0] = channel();
    const reading = (exchange.taken('read-channel', reader, context) as ReadableStream<Uint8Array>).getReader();
    const typing = (exchange.taken('write-channel', other, context) as WritableStream<Uint8Array>).getWriter();
    const [mounted = 0, third = 0] = channel();
    const path = [new TextEncoder().encode('path'), new Uint8Array()];
    exchange.use('[static]read-channel.mount', [BigInt(mounted), 0n, 0n, ...path], context, {} as never);
    const lost = (exchange.taken('write-channel', third, context) as WritableStream<Uint8Array>).getWriter();
    use('[method]write-channel.write-bytes', writer);
    assert.equal((await reading.read()).value?.length, 50_000);
    const last = reading.read();
    const late = typing.write(new Uint8Array(80_000));
    await soon();
    end();
    assert.deepEqual(await last, { value: undefined, done: true });
    await assert.rejects(late, { code: 'CLOSED' });
    await assert.rejects(lost.write(new Uint8Array(1)), { code: 'CLOSED' });
  });

  it('fails for an app that writes what the plugin has dropped, whether it waits for room or for nothing', async () => {
    const { exchange, context, use, channel } = opened();
    const [reader = 0, writer = 0] = channel();
    const [idle = 0, other = 0] = channel();
    const typing = (exchange.taken('write-channel', writer, context) as WritableStream<Uint8Array>).getWriter();
    const silent = (exchange.taken('write-channel', other, context) as WritableStream<Uint8Array>).getWriter();
    const late = typing.write(new Uint8Array(80_000));
    await soon();
    for (const one of [reader, idle]) use('[resource-drop]read-channel', one);
    await assert.rejects(late, { code: 'CLOSED' });
    await assert.rejects(silent.closed, { code: 'CLOSED' });
    const [gone = 0, last = 0] = channel();
    use('[resource-drop]read-channel', gone);
    const never = exchange.taken('write-channel', last, context) as WritableStream<Uint8Array>;
    await assert.rejects(never.getWriter().closed, { code: 'CLOSED' });
  });

  it('lets go of the stream that it was given once the plugin has dropped it, and the log has nothing to say', async () => {
    const { exchange, context, use, logs } = opened();
    let why: unknown;
    const output = new ReadableStream<Uint8Array>({
      cancel(reason) {
        why = reason;
      },
    });
    use('[resource-drop]read-channel', exchange.given('read-channel', output, context));
    await soon();
    assert.equal((why as ClocheError).code, 'CLOSED');
    assert.deepEqual(logs, []);
  });

  it('cuts off the streams that it was given when the plugin ends, also one whose channel is mounted', async () => {
    const { exchange, context, end } = opened();
    const heard: string[] = [];
    const input = new WritableStream<Uint8Array>({
      abort: () => void heard.push('aborted'),
      close: () => void heard.push('closed'),
    });
    const output = new ReadableStream<Uint8Array>({ cancel: () => void heard.push('cancelled') });
    exchange.given('write-channel', input, context);
    const handle = exchange.given('read-channel', output, context);
    const path = [new TextEncoder().encode('path'), new Uint8Array()];
    exchange.use('[static]read-channel.mount', [BigInt(handle), 0n, 0n, ...path], context, {} as never);
    end();
    await soon();
    assert.deepEqual(heard.sort(), ['aborted', 'cancelled']);
  });

  it('S2: takes no room for what is written where nobody can read it', () => {
    const { use, channel } = opened();
    const [reader = 0, writer = 0] = channel();
    use('[method]write-channel.write-bytes', writer);
    use('[resource-drop]read-channel', reader);
    use('[constructor]shared-buffer', 90_000);
    for (let i = 0; i < 3; i++) use('[method]write-channel.write-bytes', writer);
  });

  it('copies what an app writes, and ends with anything but bytes', async () => {
    const { exchange, context, use, channel } = opened();
    const [reader = 0, writer = 0] = channel();
    const typing = (exchange.taken('write-channel', writer, context) as WritableStream<unknown>).getWriter();
    const chunk = new Uint8Array(80_000).fill(7);
    const writing = typing.write(chunk);
    await soon();
    chunk.fill(0);
    use('[method]read-channel.read-all-bytes', reader);
    await writing;
    assert.equal(use('[method]read-channel.read-all-bytes', reader).at(-1), 7);
    await assert.rejects(typing.write('text'), TypeError);
    assert.equal(use('[method]read-channel.at-end', reader)[0], 1);
  });

  it('that an app lets go of is no more than that: the plugin goes on, and nothing waits for a reader', async () => {
    const { exchange, context, use, channel } = opened();
    const [reader = 0, writer = 0] = channel();
    const shown = exchange.taken('read-channel', reader, context) as ReadableStream<Uint8Array>;
    await shown.cancel();
    for (let i = 0; i < 3; i++) use('[method]write-channel.write-bytes', writer);
    assert.equal(use('[method]write-channel.can-write', writer)[0], 1);
  });

  it('that is piped to a stream which fails is closed, and the log says so', async () => {
    const { exchange, context, use, logs } = opened();
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new Error('no such program')),
    });
    const handle = exchange.given('read-channel', broken, context);
    const taken = new ReadableStream<Uint8Array>();
    taken.getReader();
    const second = exchange.given('read-channel', taken, context);
    await soon();
    for (const one of [handle, second]) assert.equal(use('[method]read-channel.at-end', one)[0], 1);
    assert.match(logs.join(), /no such program/);
    assert.equal(logs.length, 2);
  });
});
