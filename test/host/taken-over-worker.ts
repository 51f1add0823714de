// A worker that was taken over, played by the test: it says what it likes on its port, and a real page hears it.

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
import type { HostAnswer, WireValue } from '../../src/runtime/wire/protocol.ts';
import { dispose } from '../../src/util/dispose.ts';
import { linkedDialect } from '../helpers/dialects.ts';
import { eventually, uniqueStorage } from '../helpers/hosts.ts';

/** Of what the plugin stores, in bytes. */
export const QUOTA = 100;
const USE = { memoryBytes: 0, exchangeBytes: 0, varBytes: 0 };
export const bytes = (text: string) => new TextEncoder().encode(text);

const done: (() => void)[] = [];

/** For `afterEach`. */
export function endWorkers(): void {
  for (const undo of done.splice(0)) undo();
}

export async function takeOver(dialect = 'cloche') {
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

export type TakenOver = Awaited<ReturnType<typeof takeOver>>;
