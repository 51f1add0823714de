// The contract of everything that holds workers: a cell, a compartment, the page.

import { assert } from 'chai';
import { openCell } from '../../../src/runtime/isolation/cell/cell.ts';
import { openCompartment } from '../../../src/runtime/isolation/compartment.ts';
import { openSameOrigin } from '../../../src/runtime/isolation/same-origin.ts';
import type { WorkerHost, WorkerPort } from '../../../src/runtime/isolation/worker-host.ts';
import { dispose } from '../../../src/util/dispose.ts';
import { throwsCode } from '../../helpers/expect-code.ts';
import { eventually } from '../../helpers/hosts.ts';
import holderWorker from './contract.worker.ts?source';

const FRAMES = 'iframe[title="Cloche"]';

/** An empty module. */
const WASM = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);

const hosts: WorkerHost[] = [];

afterEach(() => {
  for (const host of hosts.splice(0)) host[dispose]();
});

function answerOf<T>(port: WorkerPort): Promise<T> {
  return new Promise((resolve) => {
    port.onmessage = ({ data }) => resolve(data as T);
  });
}

function ask<T>(port: WorkerPort, question: unknown): Promise<T> {
  const answer = answerOf<T>(port);
  port.postMessage(question);
  return answer;
}

const ways = [
  { what: 'a cell', open: openCell, hasFrame: true },
  { what: 'a compartment', open: openCompartment, hasFrame: true },
  { what: 'the page', open: openSameOrigin, hasFrame: false },
];

for (const { what, open, hasFrame } of ways) {
  describe(`${what} that holds workers`, () => {
    async function opened(source: string = holderWorker): Promise<WorkerHost> {
      const host = await open(source);
      hosts.push(host);
      return host;
    }

    it('gives each a channel of its own', async () => {
      const host = await opened();
      const [first, second] = [host.spawn(), host.spawn()];
      const answers = [ask(first.port, { echo: 'first' }), ask(second.port, { echo: 'second' })];
      assert.deepEqual(await Promise.all(answers), ['first', 'second']);
      assert.equal(host.workerCount, 2);
    });

    it('hands bytes over in both directions', async () => {
      const { port } = (await opened()).spawn();
      // The first and others may go different ways.
      for (const _ of ['first', 'other']) {
        const bytes = new Uint8Array(1 << 20).fill(7);
        const answer = answerOf<Uint8Array>(port);
        port.postMessage({ echo: bytes }, [bytes.buffer]);
        assert.lengthOf(bytes, 0);
        assert.deepEqual(await answer, new Uint8Array(1 << 20).fill(7));
      }
    });

    it('ends a worker that computes, and only that', async () => {
      const host = await opened();
      const [spinning, other] = [host.spawn(), host.spawn()];
      await ask(spinning.port, { echo: 1 });
      spinning.port.postMessage({ spin: 2_000 });
      spinning[dispose]();
      spinning[dispose]();
      assert.equal(host.workerCount, 1);
      assert.equal(await ask(other.port, { echo: 'on' }), 'on');
    });

    it('hears nothing of a worker whose port was closed', async () => {
      const { port } = (await opened()).spawn();
      await ask(port, { echo: 1 });
      port.onmessage = () => assert.fail('heard it');
      port.close();
      port.postMessage({ echo: 2 });
      assert.equal(await ask((await opened()).spawn().port, { echo: 3 }), 3);
    });

    it('keeps what a worker has compiled, and lends it to the next one', async () => {
      const host = await opened();
      assert.isFalse(host.has('a'));
      const first = host.spawn();
      first.loadModules(['a', 'b']);
      assert.deepEqual(await ask(first.port, { compile: WASM, as: ['a', 'b', 'nobody asked for it'] }), []);
      await eventually(() => host.has('a'), 'it to be kept');
      assert.deepEqual([host.has('b'), host.has('nobody asked for it')], [true, false]);
      const second = host.spawn();
      second.loadModules(['a', 'c']);
      assert.deepEqual(await ask(second.port, { lent: true }), ['a']);
    });

    it('keeps no more than 128 modules, those that were asked for last', async () => {
      const host = await opened();
      const keys = Array.from({ length: 130 }, (_, at) => `key ${at}`);
      const worker = host.spawn();
      worker.loadModules(keys);
      await ask(worker.port, { compile: WASM, as: keys.slice(0, 130) });
      await eventually(() => host.has('key 129'), 'them to be kept');
      assert.deepEqual(
        ['key 0', 'key 1', 'key 2'].map((key) => host.has(key)),
        [false, false, true],
      );
      const next = host.spawn();
      next.loadModules(['key 1', 'key 2']);
      assert.deepEqual(await ask(next.port, { lent: true }), ['key 2']);
    });

    it('keeps nothing that is not a module', async () => {
      const host = await opened();
      const worker = host.spawn();
      worker.loadModules(['a']);
      await ask(worker.port, { deliver: ['a', { exports: {} }] });
      assert.equal(await ask(worker.port, { echo: 1 }), 1);
      assert.isFalse(host.has('a'));
    });

    it('says why a worker died whose script throws (H14)', async () => {
      const host = await opened('throw new Error("broken from the start")');
      const death = await host.spawn().died;
      assert.equal(death.why, 'error');
      assert.match(death.message, /broken from the start/);
      await eventually(() => host.workerCount === 0, 'it to be gone');
    });

    it('gives out no worker once it is closed, and none of before is left', async () => {
      const host = await opened();
      host.spawn();
      host[dispose]();
      assert.isFalse(host.alive);
      assert.equal(host.workerCount, 0);
      throwsCode('CLOSED', () => host.spawn());
      assert.lengthOf(document.querySelectorAll(FRAMES), 0);
    });

    if (!hasFrame) return;

    it('says that each worker is gone when the page takes its frame away', async () => {
      const host = await opened();
      const workers = [host.spawn(), host.spawn()];
      await ask(workers[0]?.port as WorkerPort, { echo: 1 });
      document.querySelector(FRAMES)?.remove();
      assert.isFalse(host.alive);
      const deaths = await Promise.all(workers.map(({ died }) => died));
      assert.deepEqual(
        deaths.map(({ why }) => why),
        ['removed', 'removed'],
      );
      assert.equal(host.workerCount, 0);
    });
  });
}
