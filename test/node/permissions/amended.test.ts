// A grant that is changed keeps all else that it says.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amended } from '../../../src/permissions/amended.ts';
import type { Grant } from '../../../src/permissions/grants.ts';

const GRANTS = new Map<string, unknown>([
  ['kv', undefined],
  ['http', { allow: ['a.example'] }],
]);
const after = (grant: Grant, changes: Record<string, unknown>): unknown =>
  JSON.parse(JSON.stringify(amended(grant, changes, GRANTS)));
const HTTP_B = { '+http': { '+allow': ['b.example'] } };

describe('an amended grant', () => {
  const cases: [string, Grant, Record<string, unknown>, unknown][] = [
    ['that follows the manifest still does', 'manifest', HTTP_B, { '+': HTTP_B }],
    [
      'that has changes keeps them',
      { '+': { mail: false, '+http': { '+allow': ['a.example'], via: 'page' } } },
      HTTP_B,
      { '+': { mail: false, '+http': { '+allow': ['a.example', 'b.example'], via: 'page' } } },
    ],
    [
      'adds to what a change gives as a whole',
      { '+': { http: { allow: ['a.example'] } } },
      HTTP_B,
      { '+': { http: { allow: ['a.example', 'b.example'] } } },
    ],
    [
      'adds to what a change has taken away',
      { '+': { http: false } },
      HTTP_B,
      { '+': { http: { allow: ['b.example'] } } },
    ],
    ['takes away what was added', { '+': HTTP_B }, { http: false }, { '+': { http: false } }],
    ['of all of a capability stays all of it', { '+': { http: true } }, HTTP_B, { '+': { http: true } }],
    ['says nothing twice', { '+': HTTP_B }, HTTP_B, { '+': HTTP_B }],
    [
      'that names capabilities names them on',
      { kv: true, http: { allow: ['a.example'] } },
      HTTP_B,
      { kv: true, http: { allow: ['a.example', 'b.example'] } },
    ],
    ['of nothing gives what is added', 'none', HTTP_B, { http: { allow: ['b.example'] } }],
    [
      'of everything names what that was',
      'all',
      { ...HTTP_B, kv: false },
      { kv: false, http: { allow: ['a.example', 'b.example'] } },
    ],
  ];
  for (const [name, grant, changes, expected] of cases) {
    it(name, () => assert.deepEqual(after(grant, changes), expected));
  }

  it('changes neither of what it was given', () => {
    const grant = { '+': { '+http': { '+allow': ['a.example'] } } };
    amended(grant, HTTP_B, GRANTS);
    assert.deepEqual(grant, { '+': { '+http': { '+allow': ['a.example'] } } });
    assert.deepEqual(HTTP_B, { '+http': { '+allow': ['b.example'] } });
  });

  it('P1: has no prototype of anybody', () => {
    amended('none', JSON.parse('{"+__proto__": {"polluted": true}, "__proto__": {"polluted": true}}'), GRANTS);
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });
});
