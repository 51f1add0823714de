import assert from 'node:assert/strict';
import { it } from 'node:test';
import { told } from '../../../../src/util/async/told.ts';

it('reports what an app throws that is told something, and goes on', () => {
  const reported: unknown[] = [];
  Object.defineProperty(globalThis, 'reportError', { value: (thrown: unknown) => reported.push(thrown) });
  const heard: number[] = [];
  const fault = new Error('of the app');
  const tell = told((one: number) => {
    heard.push(one);
    if (one === 1) throw fault;
  });
  for (const one of [1, 2]) tell(one);
  assert.deepEqual([heard, reported], [[1, 2], [fault]]);
});
