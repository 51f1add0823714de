// Calls with no, one and 1,000 host functions, against the same messages with a bare worker.

import data from '../guests/host-calls.wat';
import { openHost, type Setting } from '../library.ts';
import { expectEqual, timed } from '../measure.ts';
import type { Goal, Row, Side } from '../row.ts';
import { type BareWorker, openBareWorker, openFramedWorker } from '../sides/bare-worker.ts';
import { asNumber, openGuest, quickJS } from '../sides/quickjs.ts';
import { openSdk } from '../sides/sdk.ts';

type Export = 'none' | 'once' | 'thousand';

/** In one sample: a call of under a millisecond is near the clock's resolution. */
const CALLS = { none: 20, once: 20, thousand: 1 };
const ASKS = { none: 0, once: 1, thousand: 1_000 };

const add = (a: bigint, b: bigint): bigint => a + b;

const GUEST = `
function none() { return 0; }
function once() { return Number(bench_add(40n, 2n)) - 42; }
function thousand() {
  let wrong = 0;
  for (let i = 0; i < 1000; i++) wrong |= once();
  return wrong;
}`;

const BARE = `function* (asks) {
  let wrong = 0;
  for (let i = 0; i < asks; i++) wrong |= Number(yield [40n, 2n]) - 42;
  return wrong;
}`;

const answer = (values: unknown): bigint => {
  const [a, b] = values as [bigint, bigint];
  return add(a, b);
};

const bare = async (): Promise<BareWorker> => openBareWorker(BARE, answer);
const framed = (): Promise<BareWorker> => openFramedWorker(BARE, answer);

export const emptyCall: Row = {
  ...beside('none'),
  id: 'empty-call',
  name: 'empty call',
  floor: 'one bare round trip',
};

export const hostCall: Row = {
  ...beside('once', [
    { isolation: 'origin', against: 'floor', engine: 'chromium', bound: 2 },
    { isolation: 'origin', against: 'floor', engine: 'firefox', bound: 2.5 },
  ]),
  id: 'host-call',
  name: 'call with a host call',
  floor: 'two bare round trips',
};

export const hostCallFramed: Row = {
  id: 'host-call-framed',
  name: 'the same, beside a framed worker',
  unit: 'ms',
  floor: 'two round trips from an opaque frame, over a port',
  against: 'floor',
  goals: [{ isolation: 'process', against: 'floor', bound: 1.45 }],
  cloche: (setting) => cloche(setting, 'once'),
  beside: { floor: () => floor(framed, 'once') },
};

export const hostCallShared: Row = {
  ...shared('once'),
  id: 'host-call-shared',
  floor: 'two bare round trips',
  goals: [{ isolation: 'origin', against: 'floor', bound: 0.5 }],
};

export const thousandHostCalls: Row = {
  ...beside('thousand'),
  id: 'thousand-host-calls',
  name: '1,000 host calls in one call',
  floor: '1,001 bare round trips',
  rounds: { runs: 20, warmUps: 3 },
};

export const thousandShared: Row = {
  ...shared('thousand'),
  id: 'thousand-host-calls-shared',
  floor: '1,001 bare round trips',
  rounds: { runs: 20, warmUps: 3 },
};

/** With all that can do the job beside it. */
function beside(name: Export, goals: Goal[] = []): Pick<Row, 'unit' | 'against' | 'goals' | 'cloche' | 'beside'> {
  return {
    unit: 'ms',
    against: 'floor',
    goals,
    cloche: (setting) => cloche(setting, name),
    beside: {
      async sdk() {
        const plugin = await openSdk(data, { bench_add: (_, a = 0n, b = 0n) => add(a, b) });
        return side(
          () => plugin.call(name),
          name,
          () => plugin.close(),
        );
      },
      async quickjs() {
        const { call, close } = openGuest(await quickJS(), GUEST, {
          bench_add: (vm, a, b) => vm.newBigInt(add(vm.getBigInt(a ?? vm.undefined), vm.getBigInt(b ?? vm.undefined))),
        });
        return side(async () => expectEqual(call(name, asNumber), 0, 'what the guest answers'), name, close);
      },
      floor: () => floor(bare, name),
    },
  };
}

/** Of the row before it, on shared memory. */
function shared(name: Export): Pick<Row, 'name' | 'unit' | 'against' | 'cloche' | 'beside'> {
  return {
    name: 'the same, by shared memory',
    unit: 'ms',
    against: 'floor',
    cloche: (setting) => clocheShared(setting, name),
    beside: { floor: () => floor(bare, name) },
  };
}

async function cloche(
  setting: Setting,
  name: Export,
  hostCalls: 'auto' | 'atomics' = 'auto',
): Promise<Side | undefined> {
  const { library } = setting;
  const capability = library.defineCapability({
    name: 'bench',
    functions: { bench_add: { params: ['i64', 'i64'], result: 'i64', call: ([a, b]) => add(a, b) } },
  });
  const host = await openHost(setting, { capabilities: [capability], hostCalls });
  if (hostCalls !== 'auto' && host.environment.hostCalls !== hostCalls) {
    await host.close();
    return undefined;
  }
  const plugin = await host.open(data);
  return side(
    () => plugin.call(name),
    name,
    () => host.close(),
  );
}

/** A cell has no memory to share. */
async function clocheShared(setting: Setting, name: Export): Promise<Side | undefined> {
  return setting.isolation === 'process' ? undefined : cloche(setting, name, 'atomics');
}

async function floor(open: () => Promise<BareWorker>, name: Export): Promise<Side> {
  const worker = await open();
  return side(async () => expectEqual(await worker.call(ASKS[name]), 0, 'what the worker answers'), name, worker.close);
}

function side(call: () => Promise<unknown>, name: Export, close: Side['close']): Side {
  return { sample: () => timed(call, CALLS[name]), close };
}
