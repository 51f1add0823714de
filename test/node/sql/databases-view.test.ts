// A look at databases, before anything is opened for it.

import '../with-resolvers.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { databasesView } from '../../../src/capabilities/databases-view.ts';
import type { LateDriver } from '../../../src/sql/databases.ts';

const OWNER = { installation: 'i', temporary: false, plugin: { id: 'p', version: '1' } };

describe('a look at a database', () => {
  it('opens none that was deleted while the program was loaded, which would make it again', async () => {
    let state = 'asleep';
    const driver = {
      list: async () => ({ databases: [{ name: 'hasura', state }] }),
      ready: async () => {
        state = 'empty';
      },
      load: () => assert.fail('it is opened'),
    } as unknown as LateDriver;
    const view = databasesView(driver, ['hasura'], () => true);
    const part = { offset: 0, signal: undefined };
    assert.deepEqual((await view.tables(OWNER, 'hasura', part)).tables, []);
    state = 'asleep';
    await assert.rejects(view.rows(OWNER, 'hasura', { schema: 'public', name: 't' }, part), { code: 'OPTION_INVALID' });
  });
});
