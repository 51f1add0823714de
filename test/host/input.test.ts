// What of an input leaves the page, and when it is read.

import { assert } from 'chai';
import { inputBytes } from '../../src/host/input.ts';
import type { Host, Plugin } from '../../src/index.ts';
import { canary } from '../helpers/canary.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { guest } from '../helpers/guests.ts';
import { closeHosts, makeHost } from '../helpers/hosts.ts';
import { assertSameBytes, patterned } from '../helpers/large-bytes.ts';

describe('the input of a call', () => {
  it('is a copy of what a view shows, never of the buffer around it', () => {
    const whole = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const view of [whole.subarray(2, 5), new DataView(whole.buffer, 2, 3), new Uint16Array(whole.buffer, 2, 1)]) {
      const input = inputBytes(view);
      assert.deepEqual([...input], [...whole.slice(2, 2 + view.byteLength)]);
      assert.equal(input.buffer.byteLength, view.byteLength);
    }
  });

  it('does not follow what the caller writes after the call', () => {
    const given = new Uint8Array([1, 2, 3]);
    const inputs = [inputBytes(given), inputBytes(given.buffer)];
    given.fill(9);
    for (const input of inputs) assert.deepEqual([...input], [1, 2, 3]);
  });
});

describe('an input that is handed over', () => {
  let plugin: Plugin;
  before(async () => {
    const host = await makeHost();
    plugin = await host.open(await guest(), { id: 'taker', limits: { exchangeBytes: 1 << 20 } });
  });
  after(closeHosts);

  const transfer = true;

  it('arrives, and is empty for the caller at once', async () => {
    const bytes = patterned(100_000);
    const answer = plugin.call('echo', bytes, { transfer });
    assert.equal(bytes.length, 0);
    assertSameBytes((await answer).bytes(), patterned(100_000));
    assert.deepEqual([...(await plugin.call('echo', new Uint8Array([1]).buffer, { transfer })).bytes()], [1]);
  });

  it('stays with the caller when it is too large', async () => {
    const bytes = new Uint8Array((1 << 20) + 1);
    await rejectsCode('INPUT_TOO_LARGE', plugin.call('echo', bytes, { transfer }));
    assert.equal(bytes.length, (1 << 20) + 1);
  });

  it('is refused where it has no buffer of its own', async () => {
    const part = new Uint8Array(8).subarray(0, 4);
    const { buffer } = new WebAssembly.Memory({ initial: 1 });
    for (const input of ['text', undefined, { json: 1 }, new Blob(['x']), part, buffer]) {
      await rejectsCode('OPTION_INVALID', plugin.call('echo', input, { transfer }));
    }
    assert.equal(part.length, 4);
  });
});

for (const isolation of ['origin', 'process'] as const) {
  describe(`large inputs, one after the other, with isolation by ${isolation}`, () => {
    afterEach(closeHosts);

    it('arrive as they are, with nothing of the one before', async () => {
      const host = await makeHost({ isolation });
      const plugin = await host.open(await guest(), { id: 'reader' });
      for (const [i, length] of [200_000, 70_000, 199_999, 300_000, 65_535, 100_000].entries()) {
        const input = patterned(length, i);
        const { buffer } = input;
        assertSameBytes((await plugin.call('echo', i % 2 ? input : buffer)).bytes(), patterned(length, i));
        assert.equal(input.length, length, 'the caller keeps its own');
      }
    });
  });
}

describe('a file, a blob or a response as an input', () => {
  const MIB = 1 << 20;
  let plugin: Plugin;

  let host: Host;
  before(async () => {
    host = await makeHost();
  });
  beforeEach(async () => {
    plugin = await host.open(await guest(), { id: 'reader', limits: { exchangeBytes: MIB } });
  });
  afterEach(() => plugin.close());

  /** Gives one byte, and the rest never. */
  function endless(): { response: Response; cancelled: Promise<unknown> } {
    const { promise: cancelled, resolve } = Promise.withResolvers<unknown>();
    const stream = new ReadableStream({ start: (body) => body.enqueue(new Uint8Array(1)), cancel: resolve });
    return { response: new Response(stream), cancelled };
  }

  it('gives its bytes', async () => {
    const file = new File([new Uint8Array([0, 255]), 'ä'], 'a.bin');
    for (const input of [file, new Blob([file]), new Response(file)]) {
      assert.deepEqual([...(await plugin.call('echo', input)).bytes()], [0, 255, 0xc3, 0xa4]);
    }
    const fetched = await fetch(canary.url('/echo'), { method: 'POST', body: 'hi' });
    assert.match((await plugin.call('echo', fetched)).text(), /"body":"hi"/);
    assert.isEmpty((await plugin.call('echo', new Response(null, { status: 204 }))).bytes());
  });

  it('is refused when it is larger than `exchangeBytes`, and not read to its end', async () => {
    const blob = new Blob([new Uint8Array(MIB + 1)]);
    await rejectsCode('INPUT_TOO_LARGE', plugin.call('echo', blob), new RegExp(`${MIB}.*exchangeBytes`));
    const { promise: cancelled, resolve } = Promise.withResolvers<void>();
    const stream = new ReadableStream({ pull: (body) => body.enqueue(new Uint8Array(MIB)), cancel: () => resolve() });
    await rejectsCode('INPUT_TOO_LARGE', plugin.call('echo', new Response(stream)));
    await cancelled;
    assert.equal(plugin.stats.calls, 0);
  });

  it('is refused when it was read before, or has failed', async () => {
    const read = new Response('a');
    await read.text();
    const broken = new Response(new ReadableStream({ start: (body) => body.error(new Error('the line is cut')) }));
    const cases: [Response, RegExp][] = [
      [read, /read before/],
      [await fetch(canary.url('/status/404')), /404/],
      [new Response('no', { status: 500 }), /500/],
      [Response.error(), /"error"/],
      [broken, /the line is cut/],
    ];
    for (const [response, wording] of cases) {
      await rejectsCode('OPTION_INVALID', plugin.call('echo', response), wording);
    }
  });

  it('is let go when the call is aborted while it is read', async () => {
    const controller = new AbortController();
    const { response, cancelled } = endless();
    const call = plugin.call('echo', response, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await rejectsCode('ABORTED', call);
    await cancelled;
    await rejectsCode('ABORTED', plugin.call('echo', new Blob(['a']), { signal: AbortSignal.abort() }));
  });

  it('is not passed on to a plugin that was closed or switched off meanwhile', async () => {
    let end = (): void => undefined;
    const stream = new ReadableStream({
      start(body) {
        end = () => body.close();
      },
    });
    const call = plugin.call('echo', new Response(stream));
    await plugin.disable();
    end();
    await rejectsCode('DISABLED', call);
  });

  it('keeps other calls from waiting for it', async () => {
    const controller = new AbortController();
    const slow = plugin.call('echo', endless().response, { signal: controller.signal });
    assert.equal((await plugin.call('echo', 'quick')).text(), 'quick');
    controller.abort();
    await rejectsCode('ABORTED', slow);
  });
});
