// A plugin whose worker runs another text than those of others, wherever workers live.

import { assert } from 'chai';
import { ClocheError } from '../../src/errors.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { wat } from '../helpers/wat.ts';
import fakeWorker from './fake-abi/fake.worker.ts?source';
import { closePools, makePool, runnerOf } from './fake-abi/stage.ts';

afterEach(closePools);

const GUEST = `(module (memory (export "memory") 1) (func (export "seven") (result i32) (i32.const 7)))`;
const SEVEN = { export: 'seven', args: [] } as const;
/** What a worker that does not speak the guest's ABI says. */
const UNKNOWN = /no ABI is named `fake`/;

describe('a worker of its own text', () => {
  for (const isolation of ['origin', 'process', 'auto'] as const) {
    it(`serves the plugin that asks for it and no other, with isolation ${isolation}`, async () => {
      const pool = await makePool('real', 4, isolation);
      const bytes = await wat(GUEST);
      const late = runnerOf(bytes, pool, {}, { workerSource: async () => fakeWorker });
      assert.deepEqual((await late.call(SEVEN, {})).values, [7]);
      await late.sleep();
      assert.deepEqual((await late.call(SEVEN, {})).values, [7]);
      await rejectsCode('START_FAILED', runnerOf(bytes, pool, {}).call(SEVEN, {}), UNKNOWN);
      const another = runnerOf(bytes, pool, {}, { workerSource: async () => fakeWorker });
      assert.deepEqual((await another.call(SEVEN, {})).values, [7]);
    });
  }

  it('that cannot be fetched says so, and takes no place', async () => {
    const pool = await makePool('real', 1);
    const bytes = await wat(GUEST);
    const missing = new ClocheError('FETCH_FAILED', 'no such file');
    await rejectsCode(
      'FETCH_FAILED',
      runnerOf(bytes, pool, {}, { workerSource: () => Promise.reject(missing) }).call(SEVEN, {}),
      /no such file/,
    );
    const late = runnerOf(bytes, pool, {}, { workerSource: async () => fakeWorker });
    assert.deepEqual((await late.call(SEVEN, {})).values, [7]);
  });
});
