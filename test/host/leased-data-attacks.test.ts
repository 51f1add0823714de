// H21: what a worker that was taken over may post as its own answers to host calls, and what comes of it. The worker is the test.

import { assert } from 'chai';
import { kv } from '../../src/capabilities/kv/kv.ts';
import { kvDatabaseName, openKv } from '../../src/capabilities/kv/kv-store.ts';
import type { ClocheError, ErrorCode } from '../../src/errors.ts';
import { LateConfigs } from '../../src/host/config/late-configs.ts';
import type { CallingPlugin } from '../../src/host/host-calls/dispatched-call.ts';
import { HostCallDispatcher } from '../../src/host/host-calls/host-call-dispatcher.ts';
import type { SharedContext } from '../../src/host/shared-context.ts';
import { DEFAULT_LIMITS } from '../../src/limits.ts';
import { RunningCall } from '../../src/runtime/calls/running-call.ts';
import type { WorkerHost } from '../../src/runtime/isolation/worker-host.ts';
import { Sandbox } from '../../src/runtime/sandbox.ts';
import { LEASED_WRITE_BYTES } from '../../src/runtime/wire/lease.ts';
import type { HostAnswer, WireValue } from '../../src/runtime/wire/protocol.ts';
import { dispose } from '../../src/util/dispose.ts';
import { linkedDialect } from '../helpers/dialects.ts';
import { eventually, uniqueStorage } from '../helpers/hosts.ts';

const QUOTA = 100;
const USE = { memoryBytes: 0, exchangeBytes: 0, varBytes: 0 };
const bytes = (text: string) => new TextEncoder().encode(text);

const done: (() => void)[] = [];
afterEach(() => {
  for (const undo of done.splice(0)) undo();
});

async function stage(dialect = 'cloche') {
  const storage = uniqueStorage();
  done.push(() => indexedDB.deleteDatabase(kvDatabaseName(storage, 'tester')));
  const linked = await linkedDialect(dialect, [kv({ storage })]);
  const grants = new Map<string, unknown>([['kv', { bytes: QUOTA }]]);
  const told: string[] = [];
  const scene = { whileAnswered: (): unknown => undefined };
  /** Who was asked to allow what. */
  const questions: unknown[] = [];
  const plugin = {
    id: 'tester',
    installation: 'tester',
    manifest: { id: 'tester', name: 'tester', version: '1', permissions: [] },
    settings: { temporary: false },
    effective: {
      functions: linked.linked,
      limits: DEFAULT_LIMITS,
      grants,
      asked: () => undefined,
      optional: (capability: string) => ({
        accepted: { capability, scope: { bytes: QUOTA } },
        scope: { bytes: QUOTA },
      }),
    },
    used: new Set(),
  } as unknown as CallingPlugin;
  const host = {
    // Looked at for each host call, once its grant was.
    policy: { get: () => scene.whileAnswered() },
    logLevel: 'off',
    trust: {},
    log: { write: () => undefined },
    configs: new LateConfigs(storage, () => undefined),
    questions: {
      ask: async (...question: unknown[]) => {
        questions.push(question);
        return 'once';
      },
    },
    hears: () => true,
    dispatch: ({ record }: { record: { name: string; outcome: string } }) =>
      told.push(`${record.name} ${record.outcome}`),
  } as unknown as SharedContext;
  const { dispatch, oneWay } = new HostCallDispatcher(host, plugin);

  const { port1, port2: worker } = new MessageChannel();
  done.push(() => worker.close());
  const workerHost = {
    alive: true,
    spawn: () => ({
      port: port1,
      sharesProcess: false,
      died: new Promise(() => undefined),
      loadModules: () => undefined,
      [dispose]: () => undefined,
    }),
  } as unknown as WorkerHost;
  const sandbox = new Sandbox(workerHost, {
    setup: { way: 'jspi' },
    answer: () => undefined,
    more: () => undefined,
    [dispose]: () => undefined,
  });
  done.push(() => sandbox[dispose]());

  /** What the page has sent last, by its type. */
  let asked: { id: string } | undefined;
  let answered: HostAnswer | undefined;
  worker.onmessage = ({ data }) => {
    if (data.type === 'APPLY') asked = data;
    else answered = data.value;
  };
  const heard = async (): Promise<{ id: string }> => {
    await eventually(() => asked !== undefined, 'the page to call');
    const call = asked as { id: string };
    asked = undefined;
    return call;
  };

  const running = new RunningCall({ exportName: 'run', chain: [], sandbox }, 20_000, () => undefined);
  done.push(() => running[dispose]());
  const request = { modules: [], exchangeBytes: 4 << 20, logLineBytes: 100 };
  const message = { request, buffers: [] } as unknown as Parameters<Sandbox['start']>[0];
  const started = sandbox.start(message, { dispatch, oneWay, log: () => undefined }, running);
  worker.postMessage({ id: (await heard()).id, type: 'RAW', value: { ok: true, modules: [], use: USE } });
  await started;
  const call = sandbox.call({ export: 'run', input: new Uint8Array() }, running);
  call.catch(() => undefined);
  const { id } = await heard();

  const indexOf = (name: string) => linked.linked.findIndex((fn) => fn.name === name);
  const post = (name: string | number, args: WireValue[], answer: WireValue = 0n, transfer: Transferable[] = []) =>
    worker.postMessage(
      { type: 'ONE_WAY', index: typeof name === 'number' ? name : indexOf(name), args, answer },
      transfer,
    );
  const ask = async (name: string, ...args: WireValue[]): Promise<readonly WireValue[]> => {
    answered = undefined;
    const argumentList = [indexOf(name), args].map((value) => ({ type: 'RAW', value }));
    worker.postMessage({ id: 'a', type: 'APPLY', path: ['hostCall'], argumentList });
    await eventually(() => answered !== undefined, 'an answer');
    const answer = answered as HostAnswer | undefined;
    return answer?.ok ? answer.values : [];
  };
  /** Asks until there is a lease. @returns how many calls it allows */
  const lease = async (request = bytes('x')): Promise<number> => {
    for (let i = 0; i < 10; i++) {
      const [, , calls] = await ask('kv_get', request);
      if (typeof calls === 'number') return calls;
    }
    throw new Error('Expected a lease within ten host calls');
  };
  const set = (key: string, value: string) => post('kv_set', [bytes(key), bytes(value)]);
  const answer = () =>
    worker.postMessage({
      id,
      type: 'RAW',
      value: { ok: true, output: new Uint8Array(), use: USE, instanceEnded: false },
    });
  /** How the call ends, once it has answered. */
  const end = async (): Promise<ErrorCode | 'answered'> => {
    answer();
    return outcome();
  };
  /** As its runner does. */
  const finish = async (): Promise<void> => {
    await running.oneWay.close();
    await running.end.run();
  };
  const outcome = async (): Promise<ErrorCode | 'answered'> => {
    const codes: (ErrorCode | 'answered')[] = [];
    for (const step of [call, call.catch(() => undefined).then(finish)]) {
      codes.push(await step.then(() => 'answered' as const).catch((thrown: ClocheError) => thrown.code));
    }
    return codes.find((code) => code !== 'answered') ?? 'answered';
  };
  const there = openKv('tester', { storage });
  done.push(() => there.close());
  const stored = async (): Promise<string[]> => {
    const entries = await there.entries();
    const total = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    assert.isAtMost(total, QUOTA);
    return entries.map(({ key }) => key);
  };
  return Object.assign(scene, {
    worker,
    running,
    grants,
    told,
    questions,
    post,
    set,
    ask,
    lease,
    answer,
    end,
    outcome,
    stored,
    there,
  });
}

type Stage = Awaited<ReturnType<typeof stage>>;

describe('H21: a worker that answers host calls itself', () => {
  it('is believed within its lease: all is stored, and told of', async () => {
    const { lease, set, end, stored, told } = await stage();
    await lease();
    told.length = 0;
    for (const key of ['a', 'b', 'c']) set(key, 'x');
    assert.equal(await end(), 'answered');
    assert.deepEqual(await stored(), ['a', 'b', 'c']);
    assert.deepEqual(told, Array(3).fill('kv_set ok'));
  });

  it('is believed in the form of another dialect as well, to the letter', async () => {
    for (const [answer, code] of [
      ['{"status":"ok"}', 'answered'],
      ['{"status":"OK"}', 'STORAGE_FAILED'],
    ] as const) {
      const { lease, post, end, stored } = await stage('windshift');
      await lease(bytes('{"key":"x"}'));
      post('kv_set', [bytes('{"key":"a","value":"b"}')], bytes(answer));
      assert.equal(await end(), code);
      assert.deepEqual(await stored(), ['a']);
    }
  });

  const VIOLATIONS: [what: string, attack: (stage: Stage) => unknown, before?: 'without a lease'][] = [
    ['without a lease', ({ set }) => set('a', 'x'), 'without a lease'],
    ['for a function that only reads', ({ post }) => post('kv_get', [bytes('a')], null)],
    ['for a function that is never leased', ({ post }) => post('kv_update', [bytes('a'), null, bytes('x')], null)],
    ['for no function', ({ post }) => post(1_000, [], null)],
    ['for a number that is none', ({ post }) => post(-1, [], null)],
    ['with values that are none', ({ post }) => post('kv_set', [{} as never], 0n)],
    ['with an answer that is none', ({ post }) => post('kv_set', [], 'x' as never)],
    ['with a large answer', ({ post }) => post('kv_set', [], new Uint8Array(2_000))],
    ['with a port', ({ post }) => post('kv_set', [], 0n, [new MessageChannel().port1])],
    ['with more bytes than were leased', ({ post }) => post('kv_set', [null, new Uint8Array(LEASED_WRITE_BYTES + 1)])],
    [
      'with more bytes than were leased, in several',
      ({ post }) => {
        for (let i = 0; i < 3; i++) post('kv_delete', [new Uint8Array(LEASED_WRITE_BYTES / 2 - 1)], 0n);
      },
    ],
    [
      'with more bytes than were leased, behind small views of them',
      ({ post }) => {
        const size = 4_000;
        for (let i = 0; i * size <= LEASED_WRITE_BYTES; i++) {
          post('kv_delete', [new Uint8Array(new ArrayBuffer(size), 0, 1)]);
        }
      },
    ],
    [
      'after it has asked the page',
      async ({ ask, set }) => {
        await ask('kv_list', null);
        set('a', 'x');
      },
    ],
    [
      'while it waits for the page',
      ({ ask, set }) => {
        void ask('kv_update', bytes('a'), null, null);
        set('a', 'x');
      },
    ],
  ];
  for (const [what, attack, before] of VIOLATIONS) {
    it(`is ended ${what}: PROTOCOL_VIOLATION`, async () => {
      const scene = await stage();
      if (!before) await scene.lease();
      await attack(scene);
      assert.equal(await scene.outcome(), 'PROTOCOL_VIOLATION');
      assert.isEmpty(await scene.stored());
    });
  }

  it('is ended after the call has ended', async () => {
    const scene = await stage();
    await scene.lease();
    scene.set('a', 'x');
    scene.answer();
    scene.set('b', 'x');
    await scene.outcome();
    assert.deepEqual(await scene.stored(), ['a']);
  });

  it('H11: is ended at the first of a million that its lease does not allow', async () => {
    const { lease, worker, outcome, told } = await stage();
    const calls = await lease();
    told.length = 0;
    const source = `onmessage = ({ ports: [port], data }) => {
      for (let i = 0; i < 1_000_000; i++) port.postMessage(data);
    }`;
    const url = URL.createObjectURL(new Blob([source]));
    const flooder = new Worker(url);
    flooder.postMessage({ type: 'ONE_WAY', index: 1, args: [bytes('a'), bytes('x')], answer: 0n }, [worker]);
    assert.equal(await outcome(), 'PROTOCOL_VIOLATION');
    flooder.terminate();
    URL.revokeObjectURL(url);
    assert.lengthOf(told, calls);
  });

  const FAILURES: [what: string, code: ErrorCode, attack: (stage: Stage) => unknown][] = [
    ['over its quota', 'STORAGE_FAILED', ({ set }) => set('b', 'x'.repeat(QUOTA))],
    [
      'with a key that is too long',
      'STORAGE_FAILED',
      ({ post }) => post('kv_set', [new Uint8Array(1_025), bytes('x')]),
    ],
    ['with an answer of its own', 'STORAGE_FAILED', ({ post }) => post('kv_set', [bytes('b'), bytes('x')], 1n)],
    ['of what was never there', 'STORAGE_FAILED', ({ post }) => post('kv_delete', [bytes('b')], 1n)],
    ['with a number for a key', 'HOST_FUNCTION_FAILED', ({ post }) => post('kv_set', [5, bytes('x')])],
    ['without a value', 'HOST_FUNCTION_FAILED', ({ post }) => post('kv_set', [bytes('b')])],
    [
      'without a grant, which was revoked meanwhile',
      'PERMISSION_DENIED',
      ({ grants, set }) => {
        grants.delete('kv');
        set('b', 'x');
      },
    ],
  ];
  for (const [what, code, attack] of FAILURES) {
    it(`fails its call for a write ${what}: ${code}, and nothing after that is done`, async () => {
      const scene = await stage();
      await scene.lease();
      scene.set('a', 'x');
      await eventually(() => scene.told.at(-1) === 'kv_set ok', 'the first to be accepted');
      attack(scene);
      scene.set('c', 'x');
      assert.deepEqual(await scene.ask('kv_list', null), [], 'a host call hears of it');
      assert.equal(await scene.end(), code);
      // That it lied about its answer does not undo what was accepted.
      const lied = what === 'with an answer of its own';
      assert.deepEqual(await scene.stored(), lied ? ['a', 'b'] : ['a']);
    });
  }

  it('is leased nothing by a person who allows it to one call: the page is asked each time', async () => {
    const { grants, ask, questions } = await stage();
    grants.delete('kv');
    for (let i = 0; i < 10; i++) assert.lengthOf(await ask('kv_get', bytes('x')), 1);
    assert.lengthOf(questions, 1);
  });

  it('is leased nothing under a grant that has changed before the answer', async () => {
    for (const change of [
      (grants: Map<string, unknown>) => grants.delete('kv'),
      (grants: Map<string, unknown>) => grants.set('kv', { bytes: 1 }),
    ]) {
      const scene = await stage();
      await scene.lease();
      scene.whileAnswered = () => change(scene.grants);
      assert.lengthOf(await scene.ask('kv_get', bytes('x')), 1);
    }
  });

  it('asks nobody to allow what it has answered itself, nor lives on what was allowed to its call', async () => {
    const { grants, running, lease, set, end, stored, questions } = await stage();
    await lease();
    grants.delete('kv');
    running.allowedOnce.set('kv', { bytes: QUOTA });
    set('a', 'x');
    assert.equal(await end(), 'PERMISSION_DENIED');
    assert.isEmpty(await stored());
    assert.isEmpty(questions);
  });

  it('S2: is believed about room that another tab has taken, only for its call to fail', async () => {
    const scene = await stage();
    await scene.lease();
    assert.isTrue(await scene.there.set('there', new Uint8Array(50), QUOTA));
    scene.set('here', 'x'.repeat(50));
    assert.equal(await scene.end(), 'STORAGE_FAILED');
    assert.deepEqual(await scene.stored(), ['there']);
  });
});
