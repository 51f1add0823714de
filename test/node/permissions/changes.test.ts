// The difference of two versions of a plugin: what the newer may do and the other may not, and the other way round.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Capability, defineCapability } from '../../../src/capabilities/capability.ts';
import { defaultCapabilities } from '../../../src/capabilities/defaults.ts';
import { sentence } from '../../../src/capabilities/sentences.ts';
import { asksMore } from '../../../src/permissions/asks-more.ts';
import { type PermissionChange, permissionChanges } from '../../../src/permissions/changes.ts';
import {
  type AcceptedRequest,
  checkedPolicy,
  type Grant,
  type GrantQuestion,
} from '../../../src/permissions/grants.ts';
import { linkerOf } from '../../helpers/dialects.ts';

const linked = await linkerOf('cloche');

interface Version {
  readonly permissions: Readonly<Record<string, unknown>>;
  readonly grant?: Grant;
  readonly accepted?: readonly AcceptedRequest[];
}

interface Site {
  readonly policy?: Readonly<Record<string, unknown>>;
  readonly offered?: readonly Capability[];
}

const secret = defineCapability({ name: 'secret', functions: {}, risk: 'high', summary: 'Read secrets.' });

function question(
  { permissions, grant = 'manifest', accepted = [] }: Version,
  { policy, offered = [...defaultCapabilities(), secret] }: Site,
): GrantQuestion {
  const capabilities = [...offered];
  return {
    manifest: {
      id: 'p',
      permissions: Object.entries(permissions).map(([capability, value]) => {
        const { optional, reason, ...scope } = value === true ? {} : (value as Record<string, unknown>);
        return {
          capability,
          scope: Object.keys(scope).length === 0 ? undefined : scope,
          reason: reason as string | undefined,
          ...(optional === true && { optional }),
        };
      }),
    },
    dialect: linked('cloche', capabilities),
    importedFunctions: [],
    capabilities,
    policy: checkedPolicy(policy, capabilities),
    grant,
    accepted,
  };
}

async function changes(before: Version | undefined, after: Version, site: Site = {}): Promise<PermissionChange[]> {
  return permissionChanges(before && question(before, site), question(after, site));
}

const brief = (all: readonly PermissionChange[]): string[] =>
  all.map(({ kind, capability, optional }) => `${kind} ${capability}${optional ? ', optional' : ''}`);

const http = (...allow: string[]): Version => ({ permissions: { http: { allow } } });

describe('the difference of two versions', () => {
  const cases: [what: string, before: Version | undefined, after: Version, expected: string[], site?: Site][] = [
    ['is none of the same', http('a.com'), http('a.com'), []],
    ['is none of the same in another order', http('a.com', 'b.com'), http('b.com', 'a.com'), []],
    ['is all of a plugin that is new', undefined, { permissions: { kv: true } }, ['added kv']],
    ['is nothing of log, which all have', undefined, { permissions: { log: true } }, []],
    ['has what is added', { permissions: {} }, { permissions: { kv: true } }, ['added kv']],
    ['has what is dropped', { permissions: { kv: true } }, { permissions: {} }, ['dropped kv']],
    ['has what is widened', http('x.a.com'), http('*.a.com'), ['widened http']],
    ['has what is narrowed', http('*.a.com'), http('x.a.com'), ['narrowed http']],
    ['calls it widened where there is more of one and less of another', http('a.com'), http('b.com'), ['widened http']],
    [
      'calls a higher size widened, and a lower one narrowed',
      { permissions: { kv: { bytes: 10 }, mail: { to: ['*@a.com'] } } },
      { permissions: { kv: { bytes: 20 }, mail: { to: ['x@a.com'] } } },
      ['narrowed mail', 'widened kv'],
    ],
    [
      'calls fewer exceptions widened',
      { permissions: { commands: { allowAll: true, disallow: ['quit'] } } },
      { permissions: { commands: { allowAll: true } } },
      ['widened commands'],
    ],
    [
      'is told by the risk of each, and then by what becomes of it',
      { permissions: { kv: true } },
      { permissions: { http: { allow: ['a.com'] }, dialogs: true, secret: true } },
      ['added http', 'added secret', 'added dialogs', 'dropped kv'],
    ],
    [
      'has what it may ask for later, and says so',
      { permissions: {} },
      { permissions: { mail: { to: ['*@a.com'], optional: true } } },
      ['added mail, optional'],
    ],
    [
      'has it once more when it is needed and not only asked for',
      { permissions: { mail: { to: ['*@a.com'], optional: true } } },
      { permissions: { mail: { to: ['*@a.com'] } } },
      ['added mail'],
    ],
    [
      'is none where an optional request was accepted and stays the same',
      { permissions: { kv: { optional: true } }, accepted: [{ capability: 'kv', scope: undefined }] },
      { permissions: { kv: { optional: true } }, accepted: [{ capability: 'kv', scope: undefined }] },
      [],
    ],
    [
      'says that the newer has to ask for what the other was given',
      { permissions: { kv: true } },
      { permissions: { kv: { optional: true } } },
      ['narrowed kv, optional'],
    ],
    [
      'is none under a grant by hand, whatever is asked for',
      { permissions: { kv: true }, grant: { kv: true } },
      { permissions: { kv: true, mail: true }, grant: { kv: true } },
      [],
    ],
    [
      'has what a grant by hand had revoked and the next would give back',
      { permissions: { kv: true, mail: true }, grant: { kv: true } },
      { permissions: { kv: true, mail: true } },
      ['added mail'],
    ],
    [
      'has what it asks for in vain: were it offered tomorrow, it would have it',
      { permissions: {} },
      { permissions: { unheard: true } },
      ['added unheard'],
    ],
    ['has every host, though only a policy gives it', http('a.com'), http('a.com', '*'), ['widened http']],
  ];
  for (const [what, before, after, expected, site] of cases) {
    it(what, async () => assert.deepEqual(brief(await changes(before, after, site)), expected));
  }

  it('is told sentence by sentence, in the words of the capability, what is new and what stays before what goes', async () => {
    const [change] = await changes(http('a.com', 'old.com'), {
      permissions: { http: { allow: ['a.com', '*.new.com'], reason: 'more\u202e weather' } },
    });
    assert.deepEqual(change?.sentences, [
      {
        ...sentence('hostPattern', 'Exchange data with every host that matches {host}.', { host: '*.new.com' }),
        change: 'added',
      },
      { ...sentence('host', 'Exchange data with {host}.', { host: 'a.com' }), change: 'kept' },
      { ...sentence('host', 'Exchange data with {host}.', { host: 'old.com' }), change: 'dropped' },
    ]);
    assert.deepEqual(
      [change?.before, change?.after],
      [{ allow: ['a.com', 'old.com'] }, { allow: ['a.com', '*.new.com'] }],
    );
    assert.equal(change?.reason, 'more\\u202e weather');
  });

  it('tells what the newer asks for and does not get, where the other did not', async () => {
    const [change] = await changes(http('a.com'), http('a.com', '*'));
    assert.deepEqual(change?.unmet, [
      sentence('asksEveryHost', 'Asks for every host (*), which only a policy or an explicit grant gives.'),
    ]);
    assert.deepEqual(change?.sentences, [
      { ...sentence('host', 'Exchange data with {host}.', { host: 'a.com' }), change: 'kept' },
    ]);
    const [forbidden] = await changes({ permissions: {} }, { permissions: { kv: true } }, { policy: { kv: false } });
    assert.deepEqual(
      [forbidden?.sentences, forbidden?.unmet],
      [
        [],
        [
          sentence('asksForbidden', 'Asks for {capability}, which the policy of this site forbids.', {
            capability: 'kv',
          }),
        ],
      ],
    );
  });

  it('names the capability so that nothing in it is run or hidden', async () => {
    const [change] = await changes(undefined, { permissions: { 'a\u202eb': true } });
    assert.equal(change?.capability, 'a\\u202eb');
  });
});

describe('of any two versions', () => {
  const hosts = fc.subarray(['a.com', 'b.com', 'x.a.com', 'https://a.com', '*.a.com', '*']);
  const names = fc.subarray(['open', 'quit', 'save']);
  const version: fc.Arbitrary<Version> = fc
    .record(
      {
        http: fc.record({ allow: hosts }),
        kv: fc.oneof(fc.constant(true), fc.record({ bytes: fc.nat(5) })),
        commands: fc.record({ allow: names, disallow: names, allowAll: fc.boolean() }),
        secret: fc.constant(true),
        unheard: fc.constant(true),
      },
      { requiredKeys: [] },
    )
    .map((permissions) => ({ permissions }));

  it('X8: what an update waits for is what the difference calls added or widened', async () => {
    await fc.assert(
      fc.asyncProperty(version, version, async (before, after) => {
        const more = await asksMore(question(after, {}), question(before, {}));
        const wider = (await changes(before, after)).filter(({ kind }) => kind === 'added' || kind === 'widened');
        assert.deepEqual(wider.map(({ capability }) => capability).sort(), more.sort());
      }),
    );
  });

  it('the way back drops what was added, and adds or widens what was lost', async () => {
    const back: Record<PermissionChange['kind'], readonly PermissionChange['kind'][]> = {
      added: ['dropped'],
      dropped: ['added'],
      narrowed: ['widened'],
      widened: ['narrowed', 'widened'],
    };
    await fc.assert(
      fc.asyncProperty(version, version, async (before, after) => {
        const [there, again] = [await changes(before, after), await changes(after, before)];
        assert.deepEqual(
          there.map(({ capability }) => capability).sort(),
          again.map(({ capability }) => capability).sort(),
        );
        for (const { capability, kind } of there) {
          const reverse = again.find((one) => one.capability === capability)?.kind;
          assert.ok(reverse && back[kind].includes(reverse), `${capability}: ${kind}, back ${reverse}`);
        }
      }),
    );
  });
});
