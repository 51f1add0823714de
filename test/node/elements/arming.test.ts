// When a dialog that decides something takes an answer (U7).

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { ReactiveControllerHost } from 'lit';
import { Arming, dialogClosed } from '../../../src/elements/arming.ts';
import { asyncDispose } from '../../../src/util/dispose.ts';
import { Timers } from '../../helpers/timers.ts';

/** As much of the page as it needs: the window and the document tell of somebody who comes back. */
const page = new EventTarget();
Object.assign(globalThis, {
  addEventListener: page.addEventListener.bind(page),
  removeEventListener: page.removeEventListener.bind(page),
});

function asking(isAsked = () => true): Arming {
  const element = { addController: () => undefined, requestUpdate: () => undefined, ownerDocument: page };
  const arming = new Arming(element as unknown as ReactiveControllerHost & HTMLElement, isAsked);
  arming.hostConnected();
  return arming;
}

describe('a dialog that decides something', () => {
  let time: Timers;
  beforeEach(() => {
    time = new Timers();
  });
  afterEach(() => time[asyncDispose]());

  it('takes nothing but a no for half a second each time that it becomes the top one', async () => {
    const arming = asking();
    for (const becomesTop of [arming.disarm, dialogClosed, () => page.dispatchEvent(new Event('focus'))]) {
      becomesTop();
      await time.pass(499);
      assert.ok(arming.isInert);
      await time.pass(1);
      assert.ok(!arming.isInert);
    }
    arming.hostDisconnected();
  });

  it('waits anew where another closes within that', async () => {
    const arming = asking();
    arming.disarm();
    await time.pass(400);
    dialogClosed();
    await time.pass(400);
    assert.ok(arming.isInert);
    arming.hostDisconnected();
  });

  it('is told of one that is taken out of the page with its question, and of no other', () => {
    const arming = asking();
    const idle = asking(() => false);
    idle.hostDisconnected();
    assert.ok(!arming.isInert);
    asking().hostDisconnected();
    assert.ok(arming.isInert);
    arming.hostDisconnected();
  });

  it('is left alone while it asks nothing', () => {
    const arming = asking(() => false);
    dialogClosed();
    assert.ok(!arming.isInert);
    arming.hostDisconnected();
  });
});
