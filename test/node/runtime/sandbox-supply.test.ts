// How many workers are kept warm, and when they are made.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { ClocheError } from '../../../src/errors.ts';
import type { SandboxBackend } from '../../../src/runtime/isolation/backend.ts';
import type { PluginWorker, WorkerHost } from '../../../src/runtime/isolation/worker-host.ts';
import { SandboxSupply } from '../../../src/runtime/sandbox-supply.ts';
import { asyncDispose, dispose } from '../../../src/util/dispose.ts';

const GONE = new ClocheError('ABORTED', 'gone');

/** A host of workers that only counts them. */
class CountedWorkers implements WorkerHost {
  alive = true;
  workerCount = 0;
  readonly workerDirective = '';

  spawn(): PluginWorker {
    this.workerCount++;
    return {
      port: { onmessage: null, onmessageerror: null, postMessage: () => undefined, close: () => undefined },
      sharesProcess: true,
      died: new Promise(() => undefined),
      loadModules: () => undefined,
      [dispose]: () => void this.workerCount--,
    };
  }

  has(): boolean {
    return false;
  }

  [dispose](): void {
    this.alive = false;
  }
}

describe('a supply of sandboxes', () => {
  let workers: CountedWorkers;
  let supply: SandboxSupply;
  let backend: SandboxBackend;

  beforeEach(async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    workers = new CountedWorkers();
    const openAnswerChannel: SandboxBackend['openAnswerChannel'] = () => ({
      setup: { way: 'none' },
      answer: () => undefined,
      more: () => undefined,
      [dispose]: () => undefined,
    });
    supply = new SandboxSupply(async () => ({ workerHost: workers, openAnswerChannel, process: async () => 'shared' }));
    backend = await supply.backend();
  });
  afterEach(async () => {
    await supply[asyncDispose]();
    mock.timers.reset();
  });

  it('has one spare before the first plugin, and two after it, one after the other', async () => {
    await supply.warm();
    assert.deepEqual(await supply.population(), { plugins: 0, spares: 1 });
    supply.take(backend);
    assert.deepEqual(await supply.population(), { plugins: 1, spares: 0 });
    mock.timers.tick(1_000);
    assert.deepEqual(await supply.population(), { plugins: 1, spares: 1 });
    mock.timers.tick(1_000);
    assert.deepEqual(await supply.population(), { plugins: 1, spares: 2 });
    mock.timers.tick(10_000);
    assert.deepEqual(await supply.population(), { plugins: 1, spares: 2 });
  });

  it('has a spare for the second kill in a row', async () => {
    const first = supply.take(backend);
    for (let i = 0; i < 2; i++) mock.timers.tick(1_000);
    first.end(GONE);
    const made = workers.workerCount;
    supply.take(backend).end(GONE);
    supply.take(backend).end(GONE);
    assert.deepEqual([made, workers.workerCount], [2, 0]);
  });

  it('makes no more once what holds them is gone, or it was closed', async () => {
    supply.take(backend);
    workers.alive = false;
    mock.timers.tick(1_000);
    assert.equal(workers.workerCount, 1);
    workers.alive = true;
    supply.take(backend);
    await supply[asyncDispose]();
    mock.timers.tick(1_000);
    assert.equal(workers.workerCount, 2);
  });
});
