// Sandboxes whose workers speak the fake ABI, as the pool makes them for plugins.

import { RunningCall } from '../../../src/runtime/calls/running-call.ts';
import { chooseIsolation, type Isolation, type IsolationChoice } from '../../../src/runtime/environment.ts';
import { openCell } from '../../../src/runtime/isolation/cell/cell.ts';
import { openCompartment } from '../../../src/runtime/isolation/compartment.ts';
import { openSameOrigin } from '../../../src/runtime/isolation/same-origin.ts';
import { Runner } from '../../../src/runtime/runner.ts';
import type { RunnerContext } from '../../../src/runtime/runner-context.ts';
import type { Sandbox } from '../../../src/runtime/sandbox.ts';
import { SandboxPool } from '../../../src/runtime/sandbox-pool.ts';
import type { GuestContract } from '../../../src/runtime/wire/guest-contract.ts';
import type {
  CallAnswer,
  GuestCall,
  HostAnswer,
  StartAnswer,
  StartRequest,
  WireValue,
} from '../../../src/runtime/wire/protocol.ts';
import { asyncDispose, dispose } from '../../../src/util/dispose.ts';
import { runnerContext } from '../../helpers/runner-context.ts';
import fakeWorker from './fake.worker.ts?source';

export const CONTRACT: GuestContract = { abi: 'fake', instance: 'persistent', afterTrap: 'keep', start: [] };

const EXCHANGE_BYTES = 1 << 20;

const pools: SandboxPool[] = [];

export async function closePools(): Promise<void> {
  await Promise.all(pools.splice(0).map((pool) => pool[asyncDispose]()));
}

/** @param source what the workers run; `real` for what they run outside of tests @param live places */
export async function makePool(
  source: 'fake' | 'real' = 'fake',
  live = 4,
  isolation: IsolationChoice = 'auto',
): Promise<SandboxPool> {
  const real = await chooseIsolation({
    hostCalls: 'auto',
    serviceWorker: '/cloche-sw.js',
    isolation,
    requireOwnProcess: false,
  });
  const { usual, environment, requiresOwnProcess } = real;
  const open = { page: openSameOrigin, process: openCell, origin: openCompartment }[usual];
  const own: Isolation = {
    usual,
    environment,
    requiresOwnProcess,
    async open(kind) {
      const backend = await real.open(kind);
      if (source === 'real') return backend;
      backend.workerHost[dispose]();
      return { ...backend, workerHost: await open(fakeWorker) };
    },
    [dispose]: () => real[dispose](),
  };
  const pool = new SandboxPool(own, live, 60_000);
  pools.push(pool);
  return pool;
}

export type Start = Partial<Omit<StartRequest, 'wait' | 'guest' | 'modules'>> & {
  readonly guest?: Partial<GuestContract>;
  readonly pool?: SandboxPool;
  /** In the order of `functions`. */
  readonly answers?: readonly ((...args: WireValue[]) => WireValue | undefined)[];
  readonly lines?: string[];
};

export interface Started {
  readonly sandbox: Sandbox;
  readonly answer: StartAnswer;
}

export async function start(bytes: Uint8Array | null, options: Start = {}, key = 'main'): Promise<Started> {
  const { guest, pool = await makePool(), answers = [], lines = [], ...request } = options;
  const sandbox = await pool.acquire({ isolation: 'auto', sleep: async () => undefined }, new AbortController().signal);
  const context: Parameters<Sandbox['start']>[1] = {
    dispatch: async (_call, index, args): Promise<HostAnswer> => {
      return { ok: true, values: [answers[index]?.(...args) ?? null] };
    },
    oneWay: () => false,
    log: ({ source, text }) => lines.push(`${source}: ${text}`),
  };
  using running = runningCall(sandbox);
  const answer = await sandbox.start(
    {
      request: {
        modules: [{ name: 'main', key, bytes }],
        limits: { memoryPages: 16, growthPages: 16, tableElements: 16 },
        inspectOnly: false,
        assumed: null,
        functions: [],
        config: [],
        varBytes: 0,
        exchangeBytes: EXCHANGE_BYTES,
        logLevel: 'info',
        logLineBytes: 1_000,
        wasi: 'none',
        clock: 'real',
        ...request,
        guest: { ...CONTRACT, ...guest },
      },
      buffers: [],
    },
    context,
    running,
  );
  return { sandbox, answer };
}

/** A sandbox that has started. @throws what kept it from that */
export async function started(bytes: Uint8Array | null, options?: Start, key?: string): Promise<Sandbox> {
  const { sandbox, answer } = await start(bytes, options, key);
  if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return sandbox;
}

/** The runner of a plugin whose guest has this contract. */
export function runnerOf(
  bytes: Uint8Array,
  pool: SandboxPool,
  guest: Partial<GuestContract>,
  own: Partial<RunnerContext> = {},
): Runner {
  const context = runnerContext({
    guest: { ...CONTRACT, ...guest },
    files: async () => ({ bytes: new Map([['0', bytes]]), areOwn: false, facts: new Map() }),
    lost: ({ message }) => {
      throw new Error(message);
    },
    ...own,
  });
  return new Runner(pool, context, false);
}

/** Runs an export, as a runner does that never loses patience. */
export async function call(sandbox: Sandbox, guestCall: GuestCall): Promise<CallAnswer> {
  using running = runningCall(sandbox);
  return await sandbox.call(guestCall, running);
}

function runningCall(sandbox: Sandbox): RunningCall {
  return new RunningCall({ chain: [], sandbox }, 600_000, () => undefined);
}

/** What an export gives. @throws its error */
export async function values(sandbox: Sandbox, name: string, ...args: WireValue[]): Promise<readonly WireValue[]> {
  const answer = await call(sandbox, { export: name, args });
  if (answer.ok && 'values' in answer) return answer.values;
  throw new Error(codeOf(answer));
}

export function codeOf(answer: CallAnswer | StartAnswer): string {
  return answer.ok ? 'ok' : answer.error.code;
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(value: WireValue | undefined): string {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value);
}
