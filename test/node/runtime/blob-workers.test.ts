// What a cell learns of blob workers. The engine that says nothing is played by a worker that says nothing.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { loadsBlobs } from '../../../src/runtime/isolation/cell/blob-workers.ts';

/** One that was asked for. Nothing happens to it but what a test does. */
class PlayedWorker {
  static last: PlayedWorker | undefined;
  onmessage: (() => void) | undefined;
  onerror: (() => void) | undefined;
  isEnded = false;

  constructor() {
    PlayedWorker.last = this;
  }

  terminate(): void {
    this.isEnded = true;
  }
}

describe('whether workers load from blobs', () => {
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] });
    Object.assign(globalThis, { Worker: PlayedWorker });
  });
  afterEach(() => {
    mock.timers.reset();
    Reflect.deleteProperty(globalThis, 'Worker');
  });

  it('is true when one answers', async () => {
    const asked = loadsBlobs();
    PlayedWorker.last?.onmessage?.();
    assert.equal(await asked, true);
  });

  it('is false when one fails', async () => {
    const asked = loadsBlobs();
    PlayedWorker.last?.onerror?.();
    assert.equal(await asked, false);
  });

  it('is false when none can be made', async () => {
    Object.assign(globalThis, { Worker: undefined });
    assert.equal(await loadsBlobs(), false);
  });

  it('is false when one says nothing for 3 s, and it is ended', { timeout: 5_000 }, async () => {
    const asked = loadsBlobs();
    mock.timers.tick(3_000);
    assert.equal(await asked, false);
    assert.equal(PlayedWorker.last?.isEnded, true);
  });
});
