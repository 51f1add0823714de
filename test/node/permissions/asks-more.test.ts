// What of a new version needs somebody's yes: everything that the one before may not do.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Capability } from '../../../src/capabilities/capability.ts';
import { defineCapability } from '../../../src/capabilities/capability.ts';
import { defaultCapabilities } from '../../../src/capabilities/defaults.ts';
import { asksMore } from '../../../src/permissions/asks-more.ts';
import type { Grant } from '../../../src/permissions/grants.ts';
import { checkedPolicy } from '../../../src/permissions/grants.ts';
import { linkerOf } from '../../helpers/dialects.ts';

const linked = await linkerOf('extism', 'cloche');

const items = (scope?: Capability['scope']): Capability =>
  defineCapability({ name: 'items', functions: {}, ...(scope && { scope }) });
const parse = (value: unknown) => value;
const describeItems = () => [];

interface Version {
  readonly permissions?: Readonly<Record<string, unknown>>;
  /** Of Extism: asks by what it imports. */
  readonly imports?: readonly string[];
}

interface Case {
  readonly before: Version;
  readonly after: Version;
  readonly grant?: Grant;
  readonly policy?: Readonly<Record<string, unknown>>;
  readonly offered?: readonly Capability[];
}

async function moreIn({ before, after, grant = 'manifest', policy, offered = defaultCapabilities() }: Case) {
  const capabilities = [...offered];
  const question = ({ permissions = {}, imports }: Version) => ({
    manifest: {
      id: 'p',
      permissions: Object.entries(permissions).map(([capability, value]) => ({
        capability,
        scope: value === true ? undefined : value,
        reason: undefined,
      })),
    },
    dialect: linked(imports ? 'extism' : 'cloche', capabilities),
    importedFunctions: (imports ?? []).map((name) => ({ module: 'extism:host/user', name, kind: 'function' as const })),
    capabilities,
    policy: checkedPolicy(policy, capabilities),
  });
  return asksMore(question(after), { ...question(before), grant });
}

const asks = (permissions: Readonly<Record<string, unknown>>): Version => ({ permissions });
const http = (...allow: string[]): Version => asks({ http: { allow } });

const cases: readonly [what: string, given: Case, more: readonly string[]][] = [
  ['nothing where both ask for nothing', { before: {}, after: {} }, []],
  ['nothing where both ask for the same', { before: asks({ kv: true }), after: asks({ kv: true }) }, []],
  ['nothing where it asks for less', { before: asks({ kv: true, dialogs: true }), after: asks({ kv: true }) }, []],
  ['a capability that is new', { before: asks({ kv: true }), after: asks({ kv: true, dialogs: true }) }, ['dialogs']],
  ['nothing of log, which all have', { before: {}, after: asks({ log: true }) }, []],
  ['a host that is new', { before: http('a.example.com'), after: http('a.example.com', 'b.example.com') }, ['http']],
  ['nothing for a host within a wildcard', { before: http('*.example.com'), after: http('a.example.com') }, []],
  ['a wildcard in place of a host', { before: http('a.example.com'), after: http('*.example.com') }, ['http']],
  ['nothing for hosts in another order', { before: http('a.com', 'b.com'), after: http('b.com', 'a.com') }, []],
  [
    'a method that is new',
    {
      before: asks({ http: { allow: ['a.com'], methods: ['GET'] } }),
      after: asks({ http: { allow: ['a.com'], methods: ['GET', 'DELETE'] } }),
    },
    ['http'],
  ],
  [
    'methods that are not limited any more',
    { before: asks({ http: { allow: ['a.com'], methods: ['GET'] } }), after: http('a.com') },
    ['http'],
  ],
  [
    'nothing where methods are fewer',
    { before: http('a.com'), after: asks({ http: { allow: ['a.com'], methods: ['GET'] } }) },
    [],
  ],
  ['every host (*), though nobody gives it without a word', { before: http('a.com'), after: http('*') }, ['http']],
  ['nothing where both ask for every host', { before: http('*', 'a.com'), after: http('a.com', '*') }, []],
  ['bytes above those of before', { before: asks({ kv: { bytes: 9 } }), after: asks({ kv: { bytes: 10 } }) }, ['kv']],
  ['bytes without a limit', { before: asks({ kv: { bytes: 9 } }), after: asks({ kv: true }) }, ['kv']],
  ['nothing for fewer bytes', { before: asks({ kv: true }), after: asks({ kv: { bytes: 10 } }) }, []],
  [
    'a recipient that is new',
    { before: asks({ mail: { to: ['ann@a.com'] } }), after: asks({ mail: { to: ['bob@a.com'] } }) },
    ['mail'],
  ],
  [
    'nothing for a recipient within a wildcard',
    { before: asks({ mail: { to: ['*@a.com'] } }), after: asks({ mail: { to: ['bob@a.com'] } }) },
    [],
  ],
  [
    'a capability that a change of the grant took away',
    { before: asks({ kv: true, mail: true }), after: asks({ kv: true, mail: true }), grant: { '+': { mail: false } } },
    ['mail'],
  ],
  [
    'nothing where a change of the grant gave it already',
    { before: asks({}), after: asks({ kv: true }), grant: { '+': { kv: true } } },
    [],
  ],
  [
    'a capability beside a change of the grant',
    { before: asks({ kv: true }), after: asks({ kv: true, mail: true }), grant: { '+': { kv: { bytes: 5 } } } },
    ['kv', 'mail'],
  ],
  ['every recipient', { before: asks({ mail: { to: ['*@a.com'] } }), after: asks({ mail: true }) }, ['mail']],
  [
    'a command that is new',
    { before: asks({ commands: { allow: ['make'] } }), after: asks({ commands: { allow: ['make', 'rm'] } }) },
    ['commands'],
  ],
  ['a capability that this host does not offer', { before: {}, after: asks({ future: true }) }, ['future']],
  ['nothing where that was asked for before', { before: asks({ future: true }), after: asks({ future: true }) }, []],
  [
    'another scope of one that is not offered',
    { before: asks({ future: { a: 1 } }), after: asks({ future: { a: 2 } }) },
    ['future'],
  ],
  [
    'what a grant object has revoked',
    { before: asks({ kv: true, dialogs: true }), after: asks({ kv: true, dialogs: true }), grant: { kv: true } },
    ['dialogs'],
  ],
  [
    'a host that a grant object has left out',
    { before: http('a.com', 'b.com'), after: http('a.com', 'b.com'), grant: { http: { allow: ['a.com'] } } },
    ['http'],
  ],
  ['nothing within a grant object', { before: {}, after: http('a.com'), grant: { http: true } }, []],
  [
    "everything under the grant 'none'",
    { before: asks({ kv: true }), after: asks({ kv: true }), grant: 'none' },
    ['kv'],
  ],
  ['nothing of what all were granted', { before: {}, after: asks({ kv: true }), grant: 'all' }, []],
  [
    'what the policy forbids, and may allow tomorrow',
    { before: {}, after: asks({ kv: true }), policy: { kv: false } },
    ['kv'],
  ],
  ['an import that is new', { before: { imports: [] }, after: { imports: ['kv_get'] } }, ['kv']],
  [
    'nothing for another function of the same capability',
    { before: { imports: ['kv_get'] }, after: { imports: ['kv_set'] } },
    [],
  ],
  ['nothing where the import is not there any more', { before: { imports: ['kv_get'] }, after: { imports: [] } }, []],
  [
    'a scope whose capability cannot compare it',
    {
      before: asks({ items: { a: 1 } }),
      after: asks({ items: { a: 2 } }),
      offered: [items({ parse, describe: describeItems })],
    },
    ['items'],
  ],
  [
    'nothing where such a scope is the very same',
    {
      before: asks({ items: { a: [1, { b: 2 }] } }),
      after: asks({ items: { a: [1, { b: 2 }] } }),
      offered: [items({ parse, describe: describeItems })],
    },
    [],
  ],
  [
    'scopes that are not plain data, though they may look the same',
    {
      before: asks({ items: 'a' }),
      after: asks({ items: 'b' }),
      offered: [items({ parse: (value) => new Map([[value, 1]]), describe: describeItems })],
    },
    ['items'],
  ],
  [
    'a scope whose comparison throws',
    {
      before: asks({ items: 1 }),
      after: asks({ items: 2 }),
      offered: [
        items({
          parse,
          describe: describeItems,
          covers: () => {
            throw new Error('mine');
          },
        }),
      ],
    },
    ['items'],
  ],
  [
    'nothing where the capability’s own comparison says so',
    {
      before: asks({ items: 5 }),
      after: asks({ items: 3 }),
      offered: [
        items({ parse, describe: describeItems, covers: (granted, asked) => Number(granted) >= Number(asked) }),
      ],
    },
    [],
  ],
];

describe('X8: asksMore', () => {
  for (const [what, given, more] of cases) {
    it(`names ${what}`, async () => assert.deepEqual(await moreIn(given), more));
  }
});
