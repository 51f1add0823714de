// What an app implements, between the values that cross and those that it is handed.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HostCallContext } from '../../../../src/capabilities/host-function.ts';
import { checkedCommand } from '../../../../src/dialects/nev/app-functions.ts';
import { Exchange } from '../../../../src/dialects/nev/background/exchange.ts';

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

  it('ends with the plugin: what is read closes, what is written fails', async () => {
    const { exchange, context, use, channel, end } = opened();
    const [reader = 0, writer = 0] = channel();
    const [, other = 0] = channel();
    const reading = (exchange.taken('read-channel', reader, context) as ReadableStream<Uint8Array>).getReader();
    const typing = (exchange.taken('write-channel', other, context) as WritableStream<Uint8Array>).getWriter();
    use('[method]write-channel.write-bytes', writer);
    assert.equal((await reading.read()).value?.length, 50_000);
    const last = reading.read();
    const late = typing.write(new Uint8Array(80_000));
    await soon();
    end();
    assert.deepEqual(await last, { value: undefined, done: true });
    await assert.rejects(late, { code: 'CLOSED' });
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
