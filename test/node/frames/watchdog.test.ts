// How patient the host is with a plugin's page. Time is moved by hand: no page of a test is busy for so long.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { Watchdog } from '../../../src/frames/watchdog.ts';
import { everythingHeard } from '../../../src/util/time/deadline.ts';

const TICK_MS = 1_000;

describe('a watchdog', () => {
  const page = { visibilityState: 'visible' };
  let now = 0;
  let tick: () => void;
  let looks: number;
  let barks: number;
  let dog: Watchdog;

  beforeEach(() => {
    now = 0;
    looks = 0;
    barks = 0;
    mock.method(performance, 'now', () => now);
    mock.method(globalThis, 'setInterval', (run: () => void, ms: number) => {
      assert.equal(ms, TICK_MS);
      tick = run;
    });
    page.visibilityState = 'visible';
    Object.assign(globalThis, { document: page });
    dog = new Watchdog(
      () => looks++,
      () => barks++,
    );
  });
  afterEach(() => {
    mock.restoreAll();
    Reflect.deleteProperty(globalThis, 'document');
  });

  /** Lets time pass until the next look. */
  const pass = async (ms = TICK_MS): Promise<void> => {
    now += ms;
    tick();
    await everythingHeard();
    await everythingHeard();
  };

  it('barks at a page that is silent for five looks, once', async () => {
    for (let i = 0; i < 5; i++) await pass();
    assert.deepEqual([looks, barks], [1, 0]);
    for (let i = 0; i < 3; i++) await pass();
    assert.equal(barks, 1);
  });

  it('C10: hears an answer that has come before it counts the silence', async () => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => dog.heard();
    for (let i = 0; i < 5; i++) await pass();
    // It is there when the last look begins, and nobody has heard it yet.
    port2.postMessage('PONG');
    await pass();
    port1.close();
    assert.equal(barks, 0);
  });

  it('C10: waits twice as long where its own looks are late, and no longer', async () => {
    for (let i = 0; i < 10; i++) await pass(1_500);
    assert.equal(barks, 0);
    await pass(1_500);
    assert.equal(barks, 1);
  });

  it('barks at nobody while the host is hidden, or a dialog is open', async () => {
    page.visibilityState = 'hidden';
    for (let i = 0; i < 9; i++) await pass();
    page.visibilityState = 'visible';
    dog.dialog(true);
    for (let i = 0; i < 9; i++) await pass();
    assert.equal(barks, 0);
  });
});
