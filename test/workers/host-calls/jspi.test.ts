// Whether a guest is entered so that it can be suspended. What suspending does is for the contract of host calls to show.

import { assert } from 'chai';
import { jspi } from '../../../workers/host-calls/jspi.ts';
import type { LeasedData } from '../../../workers/host-calls/leased-data.ts';
import type { PagePort } from '../../../workers/page-port.ts';

/** The engine's, or none; and how many functions it was asked to make suspendable. */
let asked = 0;
const engine = WebAssembly as unknown as Record<string, unknown>;
const { promising, Suspending } = engine;

beforeEach(() => {
  asked = 0;
  engine.promising = (run: (...args: number[]) => number) => {
    asked++;
    return async (...args: number[]) => run(...args);
  };
  engine.Suspending = class {};
});
afterEach(() => {
  Object.assign(engine, { promising, Suspending });
});

const hostCalls = () => jspi({} as PagePort, {} as LeasedData);
const guest = (n: number): number => n + 1;

it('a guest that imports no host function is called as it is', async () => {
  assert.equal(await hostCalls().enter(guest)(1), 2);
  assert.equal(asked, 0);
});

it('a guest that may wait is entered suspendable, made so once', async () => {
  const calls = hostCalls();
  calls.bind(
    0,
    () => [],
    () => 0,
  );
  for (const n of [1, 2]) assert.equal(await calls.enter(guest)(n), n + 1);
  assert.equal(asked, 1);
});
