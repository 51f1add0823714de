// The runner's states: what each event makes of each of them.

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { ClocheError, type ErrorCode } from '../../../src/errors.ts';
import { ASLEEP, NEXT, QUARANTINED, type StateName, step } from '../../../src/runtime/runner-state.ts';
import { dispose } from '../../../src/util/dispose.ts';
import { codeOf, RunnerRig, settled } from './runner-rig.ts';

const STOPPED = new ClocheError('ABORTED', 'stopped', { plugin: 'p' });

/** Brings a runner into a state. */
const enter: Record<StateName, (rig: RunnerRig) => unknown> = {
  asleep: () => undefined,
  acquiring(rig) {
    rig.fill();
    return rig.begin();
  },
  starting(rig) {
    rig.hold();
    return rig.begin();
  },
  ready: (rig) => rig.runner.start(),
  async calling(rig) {
    await rig.runner.start();
    rig.hold();
    await rig.begin();
  },
  quarantined: (rig) => rig.runner.quarantine(STOPPED),
  closed: (rig) => rig.runner[dispose](),
};

const events = {
  call: (rig: RunnerRig) => void rig.call(),
  stop: (rig: RunnerRig) => rig.runner.stop(STOPPED),
  quarantine: (rig: RunnerRig) => rig.runner.quarantine(STOPPED),
  forgive: (rig: RunnerRig) => rig.runner.forgive(),
  close: (rig: RunnerRig) => rig.runner[dispose](),
  abort: (rig: RunnerRig) => rig.abort(),
  violation: (rig: RunnerRig) => rig.sandbox?.die('PROTOCOL_VIOLATION'),
  removal: (rig: RunnerRig) => rig.sandbox?.die('FRAME_REMOVED'),
};

/** What becomes of the call under way, where there is one. */
type Row = [from: StateName, event: keyof typeof events, to: StateName, call?: ErrorCode];

const table: Row[] = [
  ['asleep', 'call', 'ready'],
  ['asleep', 'stop', 'asleep'],
  ['asleep', 'quarantine', 'quarantined'],
  ['asleep', 'forgive', 'asleep'],
  ['asleep', 'close', 'closed'],
  ['acquiring', 'call', 'acquiring'],
  ['acquiring', 'stop', 'asleep', 'ABORTED'],
  ['acquiring', 'quarantine', 'quarantined', 'ABORTED'],
  ['acquiring', 'forgive', 'acquiring'],
  ['acquiring', 'close', 'closed', 'CLOSED'],
  ['acquiring', 'abort', 'asleep', 'ABORTED'],
  ['starting', 'call', 'starting'],
  ['starting', 'stop', 'asleep', 'ABORTED'],
  ['starting', 'quarantine', 'quarantined', 'ABORTED'],
  ['starting', 'forgive', 'starting'],
  ['starting', 'close', 'closed', 'CLOSED'],
  ['starting', 'abort', 'asleep', 'ABORTED'],
  ['starting', 'violation', 'asleep', 'PROTOCOL_VIOLATION'],
  ['starting', 'removal', 'asleep', 'FRAME_REMOVED'],
  ['ready', 'call', 'ready'],
  ['ready', 'stop', 'asleep'],
  ['ready', 'quarantine', 'quarantined'],
  ['ready', 'forgive', 'ready'],
  ['ready', 'close', 'closed'],
  ['ready', 'violation', 'asleep'],
  ['ready', 'removal', 'asleep'],
  ['calling', 'call', 'calling'],
  ['calling', 'stop', 'asleep', 'ABORTED'],
  ['calling', 'quarantine', 'quarantined', 'ABORTED'],
  ['calling', 'forgive', 'calling'],
  ['calling', 'close', 'closed', 'CLOSED'],
  ['calling', 'abort', 'asleep', 'ABORTED'],
  ['calling', 'violation', 'asleep', 'PROTOCOL_VIOLATION'],
  ['calling', 'removal', 'asleep', 'FRAME_REMOVED'],
  ['quarantined', 'call', 'quarantined'],
  ['quarantined', 'stop', 'quarantined'],
  ['quarantined', 'quarantine', 'quarantined'],
  ['quarantined', 'forgive', 'asleep'],
  ['quarantined', 'close', 'closed'],
  ['closed', 'call', 'closed'],
  ['closed', 'stop', 'closed'],
  ['closed', 'quarantine', 'closed'],
  ['closed', 'forgive', 'closed'],
  ['closed', 'close', 'closed'],
];

/** States in which it has a place in the pool, and a worker there. */
const HOLDING: ReadonlySet<StateName> = new Set(['starting', 'ready', 'calling']);

describe('a runner', () => {
  const rigs: RunnerRig[] = [];
  const newRig = (): RunnerRig => {
    const rig = new RunnerRig();
    rigs.push(rig);
    return rig;
  };

  // The deadline of a call that is still under way would keep the process waiting.
  afterEach(() => {
    for (const { runner } of rigs.splice(0)) runner[dispose]();
  });

  for (const [from, event, to, code] of table) {
    it(`${from}, ${event}: ${to}${code ? `, and its call rejects with ${code}` : ''}`, async () => {
      const rig = newRig();
      await enter[from](rig);
      assert.equal(rig.runner.state, from);
      events[event](rig);
      await settled();
      assert.equal(rig.runner.state, to);
      if (code) assert.equal(await rig.begun, code);
      assert.equal(rig.places, HOLDING.has(to) ? 1 : 0, 'places in the pool');
      assert.equal(rig.sandboxes.filter(({ alive }) => alive).length, rig.places, 'live workers');
      assert.equal(rig.runner.live, rig.places === 1);
      assert.equal(rig.runner.quarantined, to === 'quarantined');
    });
  }

  it('is quarantined by its third kill, and says so once', async () => {
    const rig = newRig();
    for (const left of [2, 1, 0]) {
      await rig.runner.start();
      rig.sandbox?.die('PROTOCOL_VIOLATION');
      assert.equal(rig.runner.state, left > 0 ? 'asleep' : 'quarantined');
    }
    assert.deepEqual(rig.told, [...Array(3).fill('killed PROTOCOL_VIOLATION'), 'quarantined']);
    assert.equal(await rig.call(), 'QUARANTINED');
    rig.runner.forgive();
    assert.equal(await rig.call(), 'answered');
  });

  it('is blamed for no frame that the page has removed, however often', async () => {
    const rig = newRig();
    for (let i = 0; i < 4; i++) {
      await rig.runner.start();
      rig.sandbox?.die('FRAME_REMOVED');
    }
    assert.equal(rig.runner.state, 'asleep');
    assert.deepEqual(rig.told, Array(4).fill('lost'));
    assert.equal(rig.runner.stats.kills, 0);
  });

  it('stays quarantined, and keeps no worker, when its modules are looked at', async () => {
    const rig = newRig();
    rig.runner.quarantine(STOPPED);
    rig.fill();
    const looking = codeOf(rig.runner.inspect());
    await settled();
    assert.equal(rig.runner.state, 'acquiring');
    assert.equal(rig.runner.quarantined, true);
    rig.runner.stop(STOPPED);
    assert.equal(await looking, 'ABORTED');
    assert.equal(rig.runner.state, 'quarantined');

    const other = newRig();
    other.runner.quarantine(STOPPED);
    assert.equal((await other.runner.inspect()).length, 1);
    assert.equal(other.runner.state, 'quarantined');
    assert.equal(other.places, 0);
  });

  it('runs nothing when it is stopped in the moment in which its place is found', async () => {
    const rig = newRig();
    const call = rig.call();
    rig.runner.stop(STOPPED);
    assert.equal(await call, 'ABORTED');
    assert.equal(rig.runner.state, 'asleep');
    assert.equal(rig.places, 0);
  });
});

describe('a step between two states', () => {
  it('is refused where the table has none', () => {
    const states: StateName[] = Object.keys(NEXT) as StateName[];
    for (const to of states) assert.equal(NEXT.closed.includes(to), false, `closed to ${to}`);
    assert.throws(() => step(ASLEEP, { name: 'ready', sandbox: {} as never, started: true }), /asleep cannot be ready/);
    assert.throws(() => step({ name: 'closed' }, ASLEEP), /closed cannot be asleep/);
    assert.equal(step(ASLEEP, QUARANTINED), QUARANTINED);
  });
});
