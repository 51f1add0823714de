// Schedules: when they run, where, and that runs of one never overlap. The clock is the test's.

import { assert } from 'chai';
import { Schedules } from '../../src/extensions/schedules.ts';
import { ClocheError, type DeliveryEvent, type ScheduledRun } from '../../src/index.ts';
import { dispose } from '../../src/util/dispose.ts';
import { Clock, TICK } from '../helpers/clock.ts';
import { eventually, pause, uniqueStorage } from '../helpers/hosts.ts';
import { StandIn, sayInto } from './stand-in.ts';

const MINUTE = 60_000;

const scheduled = (everyMs = MINUTE, over: ConstructorParameters<typeof StandIn>[0] = {}): StandIn =>
  new StandIn({ schedules: [{ id: 'tidy', everyMs, handler: 'on_tidy' }], ...over });

const lockOf = (storage: string): string => `cloche:${storage}-schedules`;

describe('schedules', () => {
  let clock: Clock;
  const made: Schedules[] = [];
  const lines: string[] = [];
  const told: ScheduledRun[] = [];
  /** Storage of the newest tab. */
  let newest = '';

  beforeEach(() => {
    clock = new Clock();
    lines.length = 0;
    told.length = 0;
  });
  afterEach(() => {
    clock.stop();
    for (const schedules of made.splice(0)) schedules[dispose]();
  });

  /** As one tab has them. */
  function tab(plugins: readonly StandIn[], storage = uniqueStorage(), durable = true): Schedules {
    const dispatch = (event: Event): void => {
      told.push((event as DeliveryEvent).delivery as ScheduledRun);
    };
    const schedules = new Schedules({ storage, host: { plugins, durable }, say: sayInto(lines), dispatch });
    made.push(schedules);
    newest = storage;
    schedules.refresh();
    return schedules;
  }

  /** One of the tabs has the lock, and knows it. */
  async function settled(): Promise<void> {
    const isHeld = async (): Promise<boolean> =>
      (await navigator.locks.query()).held?.some(({ name }) => name === lockOf(newest)) ?? false;
    await eventually(isHeld, 'the lock to be held');
    await pause(20);
  }

  it('run first after one interval, then once in each, with the input of the contract', async () => {
    const plugin = scheduled();
    tab([plugin]);
    await settled();
    await clock.pass(TICK);
    assert.isEmpty(plugin.calls);
    await clock.pass(TICK);
    assert.lengthOf(plugin.calls, 1);
    assert.equal(plugin.calls[0]?.name, 'on_tidy');
    const input = JSON.parse(plugin.calls[0]?.input ?? '') as Record<string, string>;
    assert.deepEqual(Object.keys(input), ['schedule_id', 'plugin_name', 'fire_time']);
    assert.deepInclude(input, { schedule_id: 'tidy', plugin_name: 'shortcut' });
    assert.match(input.fire_time ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/);
    await clock.pass(10 * MINUTE);
    assert.lengthOf(plugin.calls, 11);
  });

  it('keep their beat when a tick comes late, and begin anew after a page was away', async () => {
    const [plugin, shorter] = [scheduled(), scheduled(1_000, { id: 'shorter' })];
    tab([plugin, shorter]);
    await settled();
    await clock.pass(TICK);
    clock.skip(20);
    await clock.pass(TICK);
    clock.skip(-20);
    await clock.pass(MINUTE);
    assert.deepEqual([plugin.calls.length, shorter.calls.length], [2, 4]);
    clock.skip(10 * MINUTE);
    const counts: number[] = [];
    for (let tick = 0; tick < 3; tick++) {
      await clock.pass(TICK);
      counts.push(plugin.calls.length);
    }
    assert.deepEqual(counts, [3, 3, 4]);
  });

  it('run at each tick where their interval is shorter', async () => {
    const plugin = scheduled(1_000);
    tab([plugin]);
    await settled();
    await clock.pass(3 * TICK);
    assert.lengthOf(plugin.calls, 3);
  });

  it('never overlap: what is due while it runs is left out', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const plugin = scheduled(MINUTE, { answer: () => promise });
    const other = scheduled(MINUTE, { id: 'other' });
    tab([plugin, other]);
    await settled();
    await clock.pass(5 * MINUTE);
    assert.lengthOf(plugin.calls, 1);
    assert.lengthOf(other.calls, 5, 'others do not wait for it');
    resolve('');
    await clock.pass(MINUTE);
    assert.lengthOf(plugin.calls, 2);
  });

  it('go on after a failure, which is logged', async () => {
    const plugin = scheduled(MINUTE, { answer: () => Promise.reject(new Error('it trapped')) });
    tab([plugin]);
    await settled();
    await clock.pass(2 * MINUTE);
    assert.lengthOf(plugin.calls, 2);
    assert.deepEqual(lines, [
      'shortcut error Schedule "tidy" failed: it trapped',
      'shortcut error Schedule "tidy" failed: it trapped',
    ]);
  });

  it('are told of after each run, by the event `delivery`, with why one failed', async () => {
    const fault = new ClocheError('TRAP', 'it trapped', { plugin: 'shortcut' });
    const answers = [(): string => '', (): never => raise(fault), (): never => raise(new Error('not of ours'))];
    tab([scheduled(MINUTE, { answer: () => answers.shift()?.() ?? '' })]);
    await settled();
    await clock.pass(3 * MINUTE);
    const run = { plugin: 'shortcut', handler: 'on_tidy', schedule: 'tidy' };
    assert.deepEqual(
      told.map(({ durationMs: _, ...delivery }) => delivery),
      [
        { ...run, ok: true },
        { ...run, ok: false, error: fault },
        { ...run, ok: false, error: told[2]?.error as ClocheError },
      ],
    );
    assert.deepInclude(told[2]?.error, { code: 'HOST_FUNCTION_FAILED', message: 'not of ours' });
    for (const delivery of told) {
      assert.isFrozen(delivery);
      assert.isAtLeast(delivery.durationMs, 0);
    }
  });

  it('leave out plugins that are off, and begin anew when they are on again', async () => {
    const plugin = scheduled();
    const schedules = tab([plugin]);
    await settled();
    await clock.pass(TICK);
    plugin.active = false;
    schedules.refresh();
    assert.equal(clock.timers, 0, 'there is nothing to keep time for');
    await clock.pass(5 * MINUTE);
    assert.isEmpty(plugin.calls);

    plugin.active = true;
    schedules.refresh();
    await settled();
    await clock.pass(TICK);
    assert.isEmpty(plugin.calls);
    await clock.pass(TICK);
    assert.lengthOf(plugin.calls, 1);
  });

  it('keep their time over changes that are not theirs, and begin anew with another interval', async () => {
    const plugin = scheduled();
    const schedules = tab([plugin]);
    await settled();
    await clock.pass(TICK);
    // As after a change in another tab: the same, read anew.
    Object.assign(plugin.manifest, { schedules: [{ id: 'tidy', everyMs: MINUTE, handler: 'on_tidy' }] });
    schedules.refresh();
    await clock.pass(TICK);
    assert.lengthOf(plugin.calls, 1);
    Object.assign(plugin.manifest, { schedules: [{ id: 'tidy', everyMs: 2 * MINUTE, handler: 'on_tidy' }] });
    schedules.refresh();
    await clock.pass(MINUTE);
    assert.lengthOf(plugin.calls, 1);
    await clock.pass(MINUTE);
    assert.lengthOf(plugin.calls, 2);
  });

  it('need neither timer nor lock where there are none', async () => {
    const storage = uniqueStorage();
    tab([new StandIn()], storage);
    await pause(50);
    assert.equal(clock.timers, 0);
    assert.isEmpty(await locksOf(storage));
  });

  it('end with their host, and leave nothing over', async () => {
    const storage = uniqueStorage();
    const plugin = scheduled();
    const schedules = tab([plugin], storage);
    await settled();
    assert.equal(clock.timers, 1);
    assert.lengthOf(await locksOf(storage), 1);
    schedules[dispose]();
    schedules.refresh();
    assert.equal(clock.timers, 0);
    await clock.pass(2 * MINUTE);
    assert.isEmpty(plugin.calls);
    await eventuallyFree(storage);
  });

  describe('in two tabs', () => {
    it('run in one of them, and in the other when that one closes', async () => {
      const storage = uniqueStorage();
      const [here, there] = [scheduled(), scheduled()];
      const first = tab([here], storage);
      await settled();
      tab([there], storage);
      await settled();
      await clock.pass(3 * MINUTE);
      assert.deepEqual([here.calls.length, there.calls.length], [3, 0]);
      first[dispose]();
      await settled();
      await clock.pass(2 * MINUTE);
      assert.deepEqual([here.calls.length, there.calls.length], [3, 2]);
    });

    it('run in each for plugins that only that one has', async () => {
      const storage = uniqueStorage();
      const [here, there] = [
        scheduled(MINUTE, { installedAt: undefined }),
        scheduled(MINUTE, { installedAt: undefined }),
      ];
      tab([here], storage);
      tab([there], storage);
      await pause(50);
      await clock.pass(MINUTE);
      assert.deepEqual([here.calls.length, there.calls.length], [1, 1]);
      assert.isEmpty(await locksOf(storage));
    });

    it('run in each where nothing outlives the page', async () => {
      const storage = uniqueStorage();
      const [here, there] = [scheduled(), scheduled()];
      tab([here], storage, false);
      tab([there], storage, false);
      await clock.pass(MINUTE);
      assert.deepEqual([here.calls.length, there.calls.length], [1, 1]);
    });
  });

  async function locksOf(storage: string): Promise<LockInfo[]> {
    const { held = [], pending = [] } = await navigator.locks.query();
    return [...held, ...pending].filter(({ name }) => name === lockOf(storage));
  }

  function eventuallyFree(storage: string): Promise<void> {
    clock.stop();
    return eventually(async () => (await locksOf(storage)).length === 0, 'the lock to be free');
  }
});

function raise(error: Error): never {
  throw error;
}
