// Frames as playgrounds and chat apps use them: without an origin, and so without storage.

import { assert } from 'chai';
import { canary } from '../helpers/canary.ts';
import { framedReport } from './framed-report.ts';

const PAGE = '/file/test/pages/stores-nothing.html';
const report = (query = '') =>
  framedReport<Record<string, unknown>>({ src: canary.url(PAGE + query) }, 'allow-scripts');

describe('a sandboxed frame without an origin', () => {
  it('has plugins and their data in memory, and says why', async () => {
    const told = await report();
    assert.deepInclude(told, { storage: 'memory', durable: false });
    assert.match(String(told.storageReason), /^Nothing .* outlives this page: its origin is opaque, as in a sandboxed/);
    if (told.hostCalls === 'none') return assert.equal(told.kept, 1);
    assert.deepInclude(told, {
      listed: [{ id: '1', text: 'Water the seedlings' }],
      posted: 201,
      found: ['notes', 'standup'],
      gone: 'notes',
      kept: 1,
    });
  });

  it('has a safe mode', async () => {
    assert.deepInclude(await report('?plugins=off'), { storage: 'memory', disabled: true });
  });
});
