// Both ends of the wire write Comlink's protocol themselves: each works with Comlink itself at the other end.

import { assert } from 'chai';
import { expose, wrap } from 'comlink';
import { type FilterListeners, filterPort } from '../../../src/runtime/wire/message-filter.ts';
import type { CallAnswer, PageApi, SentCall, StartAnswer, WorkerApi } from '../../../src/runtime/wire/protocol.ts';
import { PagePort } from '../../../workers/page-port.ts';

const USE = { memoryBytes: 0, exchangeBytes: 0, varBytes: 0 };
const STARTED: StartAnswer = { ok: true, modules: [], use: USE };
const LARGE = 100_000;
const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(7);

/** A worker whose export gives back its input, after a host call with it. */
function echo(hostCall: PageApi['hostCall']): WorkerApi {
  return {
    start: async () => STARTED,
    async call(call: SentCall): Promise<CallAnswer> {
      const answer = await hostCall(3, 'input' in call ? [call.input, 5n, null] : []);
      const [output] = answer.ok ? answer.values : [];
      return { ok: true, output: output as Uint8Array, use: USE, instanceEnded: false };
    },
  };
}

let ports: MessagePort[] = [];

function channel(): MessageChannel {
  const made = new MessageChannel();
  ports = [made.port1, made.port2];
  return made;
}

afterEach(() => {
  for (const port of ports) port.close();
});

/** The page's end, as a sandbox has it: a host function that gives back its first argument. */
function pageEnd(port: MessagePort, heard: unknown[] = []) {
  const listeners: FilterListeners = {
    log: () => undefined,
    hostCall(index, args) {
      heard.push(index, ...args.slice(1));
      page.answer({ ok: true, values: args.slice(0, 1) });
    },
    blockingHostCall: () => undefined,
    oneWayCall: () => undefined,
    moreOfAnswer: () => undefined,
    violation: (what) => page.close(new Error(what)),
  };
  const page = filterPort(port, { bytes: () => 1 << 20, logLength: () => 100 }, listeners);
  return page;
}

for (const length of [1, LARGE]) {
  describe(`a call with ${length} bytes, and a host call in it`, () => {
    it("reaches Comlink's `expose` from the page's end, which is reached from `wrap`", async () => {
      const { port1, port2 } = channel();
      const heard: unknown[] = [];
      const page = pageEnd(port1, heard);
      const { hostCall } = wrap<PageApi>(port2);
      expose(
        echo((index, args) => hostCall(index, args) as ReturnType<PageApi['hostCall']>),
        port2,
      );
      assert.deepEqual(await page.call('start', {}), STARTED);
      const answer = (await page.call('call', { export: 'run', input: bytes(length) })) as { output: Uint8Array };
      assert.deepEqual(answer.output, bytes(length));
      assert.deepEqual(heard, [3, 5n, null]);
    });

    it("reaches the worker's end from Comlink's `wrap`, and its host call Comlink's `expose`", async () => {
      const { port1, port2 } = channel();
      const worker = new PagePort(port2);
      worker.serve(echo((index, args) => worker.hostCall(index, args)));
      const api: PageApi = { hostCall: async (_index, [first]) => ({ ok: true, values: [first ?? null] }) };
      expose(api, port1);
      const remote = wrap<WorkerApi>(port1);
      const answer = await remote.call({ export: 'run', input: bytes(length) });
      assert.deepEqual((answer as { output: Uint8Array }).output, bytes(length));
    });

    it('passes between the two ends', async () => {
      const { port1, port2 } = channel();
      const page = pageEnd(port1);
      const worker = new PagePort(port2);
      worker.serve(echo((index, args) => worker.hostCall(index, args)));
      const answer = (await page.call('call', { export: 'run', input: bytes(length) })) as { output: Uint8Array };
      assert.deepEqual(answer.output, bytes(length));
    });
  });
}

describe('a buffer that crosses', () => {
  it('is handed over where it is large, and cloned where it is small', async () => {
    const { port1, port2 } = channel();
    const page = pageEnd(port1);
    const worker = new PagePort(port2);
    worker.serve(echo((index, args) => worker.hostCall(index, args)));
    await page.call('start', {});
    const sent = [bytes(1), bytes(LARGE)];
    for (const value of sent) void worker.hostCall(0, [value]);
    assert.deepEqual(
      sent.map(({ length }) => length),
      [1, 0],
    );
  });
});

describe("the page's end", () => {
  it('rejects the call under way with what it is closed with', async () => {
    const { port1 } = channel();
    const page = pageEnd(port1);
    const answer = page.call('call', {}).catch((thrown: unknown) => thrown);
    const reason = new Error('over');
    page.close(reason);
    assert.equal(await answer, reason);
  });

  it('makes one call at a time', () => {
    const { port1 } = channel();
    const page = pageEnd(port1);
    void page.call('call', {}).catch(() => undefined);
    assert.throws(() => page.call('call', {}), /another call/);
    page.close(undefined);
  });
});
