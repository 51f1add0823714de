// Which worker a component has: what was made for a start that came to nothing is left for the next start of the same bytes only.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { componentWorker } from '../../../src/runtime/component/component-worker.ts';
import type { OwnWorkerPlace } from '../../../src/runtime/start/own-worker.ts';

it('the worker of a component is made anew for other bytes', () => {
  const place = { pool: { environment: { isolation: 'cell' } } } as unknown as OwnWorkerPlace;
  const [one, two] = [[], []];
  const before = componentWorker(place, 'p', one);
  assert.equal(componentWorker(place, 'p', one), before);
  const after = componentWorker(place, 'p', two);
  assert.notEqual(after, before);
  assert.equal(componentWorker(place, 'p', two), after);
});
