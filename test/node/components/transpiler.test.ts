// The worker that makes a component ready was given a hostile component: whatever it answers, the page takes one whole answer of the
// form that it expects, or says what came instead, and ends it.

import '../with-resolvers.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClocheError, type ErrorCode } from '../../../src/errors.ts';
import { readTranspiled } from '../../../src/runtime/component/read-transpiled.ts';
import type { Death, PluginWorker, WorkerHost } from '../../../src/runtime/isolation/worker-host.ts';
import { askOnce } from '../../../src/runtime/start/ask-once.ts';
import { packParts, type Transpiled, unpackParts } from '../../../src/runtime/wire/component/transpile.ts';
import { dispose } from '../../../src/util/dispose.ts';

/** Longer than any of them needs to answer. */
const MOST_MS = 200;
const PARTS = packParts([['world', new Uint8Array([123, 125])]]);
const GOOD = { type: 'TRANSPILED', ok: true, glue: 'clocheGlue(() => 0)', parts: PARTS };

interface Poisoned {
  readonly port: PluginWorker['port'];
  die(death: Death): void;
}

/** Asks a worker that does what it is told, and looks that it has ended afterwards, whatever it did. */
async function asked(act: (worker: Poisoned) => void): Promise<Transpiled> {
  const { promise: died, resolve: die } = Promise.withResolvers<Death>();
  let ended = 0;
  let closed = 0;
  const port: PluginWorker['port'] = {
    onmessage: null,
    onmessageerror: null,
    postMessage: () => act({ port, die }),
    close: () => void closed++,
  };
  const worker: PluginWorker = {
    port,
    sharesProcess: true,
    died,
    loadModules: () => undefined,
    [dispose]: () => void ended++,
  };
  const host = { spawn: () => worker } as unknown as WorkerHost;
  try {
    return await askOnce(host, {
      source: '',
      request: { type: 'TRANSPILE' },
      read: readTranspiled,
      mostMs: MOST_MS,
      what: 'making it ready',
    });
  } finally {
    assert.deepEqual([ended, closed], [1, 1]);
  }
}

const send = ({ port }: Poisoned, data: unknown): void => port.onmessage?.({ data } as MessageEvent<unknown>);

async function fails(code: ErrorCode, act: (worker: Poisoned) => void): Promise<ClocheError> {
  const thrown: unknown = await asked(act).then(
    () => assert.fail(`expected ${code}`),
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof ClocheError, String(thrown));
  assert.equal(thrown.code, code);
  return thrown;
}

describe('a poisoned transpiler', () => {
  it('M18: that answers twice, or without end, is heard once', async () => {
    const { glue, parts } = await asked((worker) => {
      send(worker, GOOD);
      for (let i = 0; i < 1_000; i++) send(worker, { ...GOOD, glue: `evil${i}` });
    });
    assert.equal(glue, GOOD.glue);
    assert.deepEqual([...unpackParts(parts).keys()], ['world']);
  });

  it('M18: that floods with anything else is ended at the first', async () => {
    await fails('PROTOCOL_VIOLATION', (worker) => {
      for (let i = 0; i < 1_000; i++) send(worker, { type: 'LOG', text: 'x' });
    });
  });

  it('M18: that hangs is ended at the deadline', async () => {
    // What measures deadlines keeps no process alive.
    const alive = setTimeout(() => undefined, 20_000);
    const { message } = await fails('START_TIMEOUT', () => undefined);
    clearTimeout(alive);
    assert.match(message, new RegExp(`${MOST_MS} ms`));
  });

  it('M18: that dies says how', async () => {
    const { message } = await fails('START_FAILED', ({ die }) =>
      die({ message: 'panicked', why: 'crashed' } as unknown as Death),
    );
    assert.match(message, /panicked/);
  });

  it('M18: that answers in any other form is a violation', async () => {
    const forms: unknown[] = [
      ...[undefined, null, 5, 'TRANSPILED', [], {}, { ...GOOD, type: 'OTHER' }],
      ...[
        { ...GOOD, glue: 5 },
        { ...GOOD, glue: 'x'.repeat((16 << 20) + 1) },
      ],
      ...[
        { ...GOOD, parts: 'bytes' },
        { ...GOOD, parts: { length: 4 } },
        { ...GOOD, parts: new Uint8Array((64 << 20) + 1) },
      ],
      ...[
        { ...GOOD, ok: false },
        { ...GOOD, ok: false, error: { code: 'NOT_ONE', message: 'x' } },
      ],
      { ...GOOD, ok: false, error: { code: 'TRAP', message: {} } },
    ];
    for (const form of forms) await fails('PROTOCOL_VIOLATION', (worker) => send(worker, form));
  });

  it('M18: hands over a copy of its bytes, which it cannot change afterwards, and an error no longer than anybody reads', async () => {
    const bytes = PARTS.slice();
    const { parts } = await asked((worker) => send(worker, { ...GOOD, parts: bytes }));
    bytes.fill(0);
    assert.deepEqual(parts, PARTS);
    const error = { code: 'MODULE_REJECTED', message: 'x'.repeat(1_000_000) };
    const { message } = await fails('MODULE_REJECTED', (worker) =>
      send(worker, { type: 'TRANSPILED', ok: false, error }),
    );
    assert.ok(message.length <= 4_000);
  });

  it('M18: that lies about its files is told by their list', () => {
    const listed = (list: unknown, bytes = 0): Uint8Array<ArrayBuffer> => {
      const text = new TextEncoder().encode(JSON.stringify(list));
      const packed = new Uint8Array(4 + text.length + bytes);
      new DataView(packed.buffer).setUint32(0, text.length);
      packed.set(text, 4);
      return packed;
    };
    const lies = [
      ...[{}, [['a']], [[5, 1]], [['a', 10]], [['a', 1.5]], [['a', -1]], [['a', null]]],
      Array.from({ length: 201 }, (_, i) => [`${i}`, 0]),
    ];
    for (const list of lies)
      assert.throws(() => unpackParts(listed(list, 4)), RangeError, JSON.stringify(list).slice(0, 40));
    assert.throws(() => unpackParts(new Uint8Array(3)), RangeError);
    assert.throws(() => unpackParts(new Uint8Array([255, 255, 255, 255])), Error);
  });
});
