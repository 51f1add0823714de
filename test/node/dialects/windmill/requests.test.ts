// What a plugin of Windmill asks for by what it imports, and what a person gives who allows that.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { windmillCapabilities } from '../../../../src/dialects/windmill/capabilities.ts';
import { requestsWithGrants } from '../../../../src/permissions/describe-requests.ts';
import { type Grant, resolveGrants } from '../../../../src/permissions/grants.ts';
import { linkedDialect } from '../../../helpers/dialects.ts';

it('is one database where it imports functions of one, and allowing that gives no other', async () => {
  const capabilities = await windmillCapabilities();
  const dialect = await linkedDialect('windmill', capabilities);
  const [fn] = dialect.linked.filter(({ capability, name }) => capability.name === 'database' && /keycloak/.test(name));
  assert.ok(fn);
  const question = (grant: Grant) => ({
    manifest: { id: 'p', permissions: [] },
    dialect,
    importedFunctions: [{ module: fn.namespace, name: fn.name, kind: 'function' as const }],
    capabilities,
    policy: new Map(),
    grant,
  });
  const before = question('manifest');
  const request = requestsWithGrants(before, resolveGrants(before)).find(({ capability }) => capability === 'database');
  assert.deepEqual(request?.scope, { allow: ['keycloak'] });
  const after = question({ '+': { database: request?.scope } });
  const [, allowed] = [...resolveGrants(after)].find(([name]) => name === 'database') ?? [];
  assert.deepEqual(allowed, { allow: ['keycloak'] });
});
