// Files that run in Node, and what becomes of one that never ends.
import assert from 'node:assert/strict';
import { it, mock } from 'node:test';
import { runInNode } from '../runner/node-tests.mjs';

const root = new URL('../..', import.meta.url).pathname;

it('a file that never ends fails by its name, and keeps no other waiting', async () => {
  const log = mock.method(console, 'log', () => undefined);
  const outcomes = await runInNode(root, ['test/fixtures/runner/never-ends.mjs'], 1_000);
  log.mock.restore();
  assert.deepEqual(
    outcomes.map(({ file, failures }) => ({ file, last: failures.at(-1) })),
    [{ file: 'test/fixtures/runner/never-ends.mjs', last: 'the file ended with SIGKILL after 1 s' }],
  );
});
