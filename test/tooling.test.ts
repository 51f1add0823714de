import { assert } from 'chai';
import pluginWorker from '../workers/plugin.worker.ts?source';
import bytes from './fixtures/tooling/answer.wat';
import source from './fixtures/tooling/greeter.worker.ts?source';
import { canary } from './helpers/canary.ts';
import { wat } from './helpers/wat.ts';

describe('tooling', () => {
  it('imports a .wat file as compiled bytes', async () => {
    const { instance } = await WebAssembly.instantiate(bytes);
    assert.equal((instance.exports.answer as () => number)(), 42);
  });

  it('compiles WAT text in the page, also what engines refuse', async () => {
    const module = await wat('(module (memory i64 1) (memory 2) (func $f return_call $f))');
    assert.deepEqual([...module.subarray(0, 4)], [0, 0x61, 0x73, 0x6d]);
  });

  it('runs a ?source import as a classic worker from a blob', async () => {
    const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    const worker = new Worker(url);
    try {
      const answer = await new Promise((done, failed) => {
        worker.onmessage = (event) => done(event.data);
        worker.onerror = (event) => failed(new Error(event.message));
      });
      assert.equal(answer, 42);
    } finally {
      worker.terminate();
      URL.revokeObjectURL(url);
    }
  });

  it('bundles the plugin worker into one classic script', () => {
    // The constructor only parses: module syntax would be a SyntaxError.
    assert.doesNotThrow(() => new Function(pluginWorker));
  });

  it('counts a request that reaches the canary', async () => {
    const id = crypto.randomUUID();
    assert.equal(await canary.count(id), 0);
    await fetch(canary.url(`/hit/${id}`));
    assert.equal(await canary.count(id), 1);
  });

  it('is not cross-origin isolated unless the file name asks for it', () => {
    assert.isFalse(globalThis.crossOriginIsolated ?? false);
  });
});
