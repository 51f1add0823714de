// What instances of one plugin share in the page: who finds what, who is called for it, and that no worker's claim leads further.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HostCallContext } from '../../../../src/capabilities/host-function.ts';
import type { LiveContributions } from '../../../../src/capabilities/services.ts';
import { Exchange } from '../../../../src/dialects/nev/background/exchange.ts';
import { HANDLERS } from '../../../../src/dialects/nev/background/handlers.ts';
import { ClocheError } from '../../../../src/errors.ts';
import type { WireValue } from '../../../../src/runtime/wire/protocol.ts';

interface Instance {
  readonly context: HostCallContext;
  readonly called: unknown[];
  end(): void;
  use(name: string, numbers?: readonly (number | bigint)[], ...bytes: readonly (string | Uint8Array)[]): Uint8Array;
}

let count = 0;

function instance(exchange: TestExchange, installation = 'one', exchangeBytes = 1_000): Instance {
  const called: unknown[] = [];
  const ends: (() => unknown)[] = [];
  const context = {
    plugin: { id: installation, installation },
    limits: { exchangeBytes },
    log: (_level: string, text: string) => called.push(text),
    instance: {
      id: ++count,
      onEnd: (run: () => unknown) => ends.push(run),
      call: async (name: string, args: readonly WireValue[]) => {
        called.push([name, ...args]);
        return [];
      },
      finish: () => called.push('finish'),
    },
  } as unknown as HostCallContext;
  return {
    context,
    called,
    end: () => ends.forEach((run) => void run()),
    use(name, numbers = [], ...bytes) {
      const values = Array.from({ length: 3 }, (_, i) => BigInt(numbers[i] ?? 0));
      const blocks = Array.from({ length: 2 }, (_, i) => bytesOf(bytes[i] ?? ''));
      return exchange.use(name, [...values, ...blocks], context, exchange.live as LiveContributions);
    },
  };
}

type TestExchange = Exchange & { readonly live: Partial<LiveContributions> };

const newExchange = (live: Partial<LiveContributions> = {}): TestExchange => Object.assign(new Exchange(), { live });
const bytesOf = (text: string | Uint8Array): Uint8Array =>
  typeof text === 'string' ? new TextEncoder().encode(text) : text;
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const numbersOf = (bytes: Uint8Array): number[] =>
  Array.from({ length: bytes.length / 8 }, (_, i) =>
    Number(new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(i * 8, true)),
  );
const opened = (bytes: Uint8Array): number | undefined =>
  bytes.length === 0 ? undefined : numbersOf(bytes.slice(1))[0];

/** Once all is done that nothing waits for. */
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

const READ = '[method]read-channel.';
const WRITE = '[method]write-channel.';

describe('what instances of one plugin share', () => {
  it('is found by its path, once, by the other one', () => {
    const exchange = newExchange();
    const [first, second] = [instance(exchange), instance(exchange)];
    const [reader = 0, writer = 0] = numbersOf(first.use('new-in-memory-channel'));
    assert.equal(textOf(first.use('[static]read-channel.mount', [reader, 0], 'path')), 'path');
    assert.throws(() => first.use(`${READ}peek`, [reader]), /no read-channel of the number/);
    const taken = opened(second.use('[static]read-channel.open', [], 'path')) ?? 0;
    assert.equal(opened(second.use('[static]read-channel.open', [], 'path')), undefined);
    first.use(`${WRITE}write-bytes`, [writer], 'hello');
    assert.equal(textOf(second.use(`${READ}read-string`, [taken, 4])), 'hell');
    assert.equal(textOf(second.use(`${READ}read-all-bytes`, [taken])), 'o');
  });

  /** The first listens at a channel of its own, whose writing end the second has. */
  const listening = () => {
    const exchange = newExchange();
    const [first, second] = [instance(exchange), instance(exchange)];
    const [reader = 0, writer = 0] = numbersOf(first.use('new-in-memory-channel'));
    first.use('[static]write-channel.mount', [writer, 0], 'path');
    const taken = opened(second.use('[static]write-channel.open', [], 'path')) ?? 0;
    first.use(`${READ}listen`, [reader, 5, 6]);
    return { first, second, reader, taken };
  };

  it('has the waiting one called, and closes with the instance that wrote', async () => {
    const { first, second, reader, taken } = listening();
    first.use(`${READ}wait-read`, [reader, 9, 2]);
    second.use(`${WRITE}write-string`, [taken], 'ab');
    second.end();
    await soon();
    assert.deepEqual(first.called, [
      ['notify_task_complete', 9n, 0],
      ['handle_channel_update', 5, 6, 0],
      ['handle_channel_update', 5, 6, 1],
    ]);
    assert.deepEqual(second.called, []);
  });

  it('has a listener that is slow called again for all that came meanwhile, and for its end', async () => {
    const { first, second, taken } = listening();
    for (let i = 0; i < 500; i++) second.use(`${WRITE}write-string`, [taken], 'x');
    second.use(`${WRITE}close`, [taken]);
    await soon();
    assert.deepEqual(first.called, [
      ['handle_channel_update', 5, 6, 0],
      ['handle_channel_update', 5, 6, 1],
    ]);
  });

  it('gives what lies in a buffer, and the text of a rope', () => {
    const exchange = newExchange();
    const [first, second] = [instance(exchange), instance(exchange)];
    const [buffer = 0] = numbersOf(first.use('[constructor]shared-buffer', [8]));
    first.use('[static]shared-buffer.mount', [buffer, 0], 'bytes');
    const taken = opened(second.use('[static]shared-buffer.open', [], 'bytes')) ?? 0;
    second.use('[method]shared-buffer.write', [taken, 2], 'abc');
    assert.equal(textOf(second.use('[method]shared-buffer.read-into', [taken, 3, 2])), 'bc');
    second.use('[method]shared-buffer.write', [taken, 7], 'ab');
    assert.match(String(second.called), /nothing was written at 7/);
    first.use('[static]rope.mount', [0], 'é', 'rope');
    assert.equal(textOf(second.use('[static]rope.open', [], 'rope').slice(1)), 'é');
    assert.equal(second.use('[static]rope.open', [], 'rope').length, 0);
  });

  it('S6: is no other plugin’s', () => {
    const exchange = newExchange();
    const [mine, other] = [instance(exchange), instance(exchange, 'other')];
    const [buffer = 0] = numbersOf(mine.use('[constructor]shared-buffer', [8]));
    mine.use('[static]shared-buffer.mount', [buffer, 0], 'bytes');
    assert.equal(opened(other.use('[static]shared-buffer.open', [], 'bytes')), undefined);
    assert.throws(() => other.use('[method]shared-buffer.len', [buffer]), ClocheError);
  });

  it('S2: holds `exchangeBytes` together, which come back with what is dropped', () => {
    const exchange = newExchange();
    const [first, second] = [instance(exchange), instance(exchange)];
    const [buffer = 0] = numbersOf(first.use('[constructor]shared-buffer', [900]));
    assert.throws(() => second.use('[static]rope.mount', [0], new Uint8Array(200), 'rope'), /too large/);
    first.use('[resource-drop]shared-buffer', [buffer]);
    second.use('[static]rope.mount', [0], new Uint8Array(200), 'rope');
    const [, writer = 0] = numbersOf(second.use('new-in-memory-channel'));
    second.use(`${WRITE}write-bytes`, [writer], new Uint8Array(800));
    assert.throws(() => second.use(`${WRITE}write-bytes`, [writer], new Uint8Array(1)), /too large/);
  });

  it('S2: is so many channels and no more, also of those that got lost on their way', () => {
    const exchange = newExchange();
    const one = instance(exchange);
    const made = (): number[] => numbersOf(one.use('new-in-memory-channel'));
    for (let i = 0; i < 1_100; i++) {
      const [reader = 0, writer = 0] = made();
      one.use('[resource-drop]write-channel', [writer]);
      const mount = () => one.use('[static]read-channel.mount', [reader, 0], 'x'.repeat(5_000));
      assert.throws(mount, /a path of more than/);
    }
    for (let i = 0; i < 1_000; i++) made();
    assert.throws(made, /1000 channels/);
  });

  it('H23: is used with any name, number and bytes, and ends in an answer or an error with a name', () => {
    let seed = 11;
    const random = (most: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return (seed >>> 8) % most;
    };
    const exchange = newExchange();
    const instances = [instance(exchange), instance(exchange)];
    const names = [...Object.keys(HANDLERS), 'toString', '__proto__', 'constructor', '', '[method]rope.text'];
    const numbers = [0, 1, 2, 3, -1, 2n ** 63n - 1n, -(2n ** 63n), 70_000, 2n ** 40n];
    const outcomes = { answers: 0, errors: 0 };
    for (let round = 0; round < 20_000; round++) {
      const given = Array.from({ length: 3 }, () => (random(2) ? random(40) : (numbers[random(numbers.length)] ?? 0)));
      try {
        const blocks = [new Uint8Array(random(50)), ['a', 'b', '\u0000', 'x'.repeat(5_000)][random(4)] ?? ''];
        const answer = instances[random(2)]?.use(names[random(names.length)] ?? '', given, ...blocks);
        assert.ok(answer instanceof Uint8Array);
        outcomes.answers++;
      } catch (thrown) {
        assert.ok(thrown instanceof ClocheError, String(thrown));
        outcomes.errors++;
      }
    }
    assert.ok(outcomes.answers > 1_000 && outcomes.errors > 1_000, JSON.stringify(outcomes));
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
  });

  it('starts an instance that ends with the one which wanted it, and says why where it cannot', async () => {
    let isEnded = false;
    const started: string[] = [];
    const plugin = {
      installation: 'one',
      async startBackground(args: string) {
        if (args === 'bad') throw new ClocheError('QUOTA_EXCEEDED', 'too many');
        started.push(args);
        return {
          started: Promise.resolve(),
          end: () => {
            isEnded = true;
          },
        };
      },
    };
    const exchange = newExchange({ host: { get: () => plugin } } as unknown as LiveContributions);
    const main = instance(exchange);
    main.use('spawn-background', [0], 'good');
    main.use('spawn-background', [0], 'bad');
    await new Promise((resolve) => setTimeout(resolve));
    assert.deepEqual(started, ['good']);
    assert.match(String(main.called), /did not start: too many/);
    main.end();
    assert.ok(isEnded);
  });

  it('X9: starts nothing under another plugin that has the id since, nor for an instance that has ended', async () => {
    const signals: AbortSignal[] = [];
    const plugin = {
      installation: 'two',
      startBackground(_args: string, signal: AbortSignal) {
        signals.push(signal);
        return new Promise(() => undefined);
      },
    };
    const exchange = newExchange({ host: { get: () => plugin } } as unknown as LiveContributions);
    instance(exchange, 'one').use('spawn-background', [0], 'of another');
    assert.equal(signals.length, 0);
    const own = instance(exchange, 'two');
    own.use('spawn-background', [0], 'own');
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [false],
    );
    own.end();
    assert.equal(signals[0]?.aborted, true);
  });
});
