// What every plugin has of clock and WASI without a word, and who may leave less of it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultCapabilities } from '../../../src/capabilities/defaults.ts';
import { leastMode } from '../../../src/capabilities/scopes/mode-scope.ts';
import { sentence } from '../../../src/capabilities/sentences.ts';
import type { PermissionRequest } from '../../../src/manifest/plugin-manifest.ts';
import { asksMore } from '../../../src/permissions/asks-more.ts';
import { permissionChanges } from '../../../src/permissions/changes.ts';
import { requestsWithGrants } from '../../../src/permissions/describe-requests.ts';
import { explain } from '../../../src/permissions/explain.ts';
import { checkedGrant, checkedPolicy, type Grant, hadAnyway, resolveGrants } from '../../../src/permissions/grants.ts';
import { takesAway } from '../../../src/permissions/revoked.ts';
import { CLOCK_MODES, WASI_MODES } from '../../../src/runtime/wire/guest-modes.ts';
import { linkerOf } from '../../helpers/dialects.ts';
import { throwsCode } from '../../helpers/expect-code.ts';

const linked = await linkerOf('cloche', 'extism', 'windshift');
const capabilities = defaultCapabilities();

interface Case {
  /** What the manifest says of `wasi`. */
  readonly asked?: unknown;
  readonly optional?: true;
  readonly grant?: Grant;
  readonly policy?: Readonly<Record<string, unknown>>;
  readonly dialect?: string;
}

function question({ asked, optional, grant = 'manifest', policy, dialect = 'cloche' }: Case) {
  const permissions: PermissionRequest[] =
    asked === undefined ? [] : [{ capability: 'wasi', scope: asked, reason: 'why', ...(optional && { optional }) }];
  return {
    manifest: { id: 'p', permissions },
    dialect: linked(dialect, capabilities),
    importedFunctions: [],
    capabilities,
    policy: checkedPolicy(policy, capabilities),
    grant: checkedGrant(grant, capabilities),
  };
}

/** As the host works it out for a worker. */
function modeOf(given: Case): string {
  const asked = question(given);
  return leastMode(WASI_MODES, resolveGrants(asked).get('wasi'), asked.policy.get('wasi'));
}

const REDUCED = { mode: 'reduced' };
const NONE = { mode: 'none' };

describe('how much of WASI a plugin has', () => {
  for (const [what, given, mode] of [
    ['all, where nobody says anything', {}, 'full'],
    ['all, in the other systems', { dialect: 'extism' }, 'full'],
    ['all, in the other systems', { dialect: 'windshift' }, 'full'],
    ['what its manifest asks for', { asked: REDUCED }, 'reduced'],
    ['nothing, where that is what it asks for', { asked: NONE }, 'none'],
    ['nothing of what it could do without, before a yes', { asked: REDUCED, optional: true }, 'none'],
    ['all, under a grant that names other things', { grant: { kv: true } }, 'full'],
    ['all, under the grant of all', { asked: REDUCED, grant: 'all' }, 'full'],
    ['all, under the grant of nothing, as before it was a capability', { grant: 'none' }, 'full'],
    ['what a grant gives', { grant: { wasi: REDUCED } }, 'reduced'],
    ['nothing, where a grant denies it', { grant: { wasi: false } }, 'none'],
    ['nothing, where a change denies it', { asked: REDUCED, grant: { '+': { wasi: false } } }, 'none'],
    ['more than it asks for, where a change gives it', { asked: NONE, grant: { '+': { wasi: true } } }, 'full'],
    ['what a change makes of it', { grant: { '+': { '+wasi': REDUCED } } }, 'reduced'],
    ['what the policy leaves', { policy: { wasi: REDUCED } }, 'reduced'],
    ['the less of grant and policy', { grant: { wasi: NONE }, policy: { wasi: REDUCED } }, 'none'],
    ['nothing, where the policy forbids it', { grant: { wasi: true }, policy: { wasi: false } }, 'none'],
  ] as const) {
    it(`is ${what}: ${JSON.stringify(given)}`, () => assert.equal(modeOf(given), mode));
  }

  it('P11: is one of its words', () => {
    for (const wasi of [
      { mode: 'most' },
      { mode: 1 },
      { mode: 'constructor' },
      {},
      { mode: 'none', more: 1 },
      'none',
      [],
    ]) {
      throwsCode('OPTION_INVALID', () => checkedGrant({ wasi }, capabilities));
    }
  });

  it('is no limit where an app has a capability of its own of that name', () => {
    assert.equal(leastMode(WASI_MODES, undefined, { other: 1 }, 'x'), 'full');
    assert.equal(leastMode(CLOCK_MODES, { mode: 'coarse' }, undefined), 'coarse');
  });
});

describe('what a person is told of it', () => {
  const told = (given: Case) => requestsWithGrants(question(given), resolveGrants(question(given)));

  it('is nothing where the manifest does not name it', () => {
    assert.deepEqual(told({}), []);
  });

  it('is a sentence for what it asks for, and what it has of that', () => {
    const [request] = told({ asked: REDUCED });
    assert.deepEqual(request?.sentences, [
      sentence('reducedWasi', 'Use the part of WASI that programs need to start.'),
    ]);
    assert.deepEqual([request?.granted, request?.given, request?.missing], [true, request?.sentences, []]);
  });

  it('is what is missing, once it was denied', () => {
    const [request] = told({ asked: REDUCED, grant: { '+': { wasi: false } } });
    assert.deepEqual([request?.granted, request?.given, request?.missing], [false, [], request?.sentences]);
  });

  for (const [use, given, allowed, decidedBy, needs] of [
    ['full', {}, true, 'grant', undefined],
    ['reduced', { asked: REDUCED }, true, 'grant', undefined],
    ['full', { asked: REDUCED }, false, 'grant', { wasi: { mode: 'full' } }],
    ['reduced', { grant: { wasi: false } }, false, 'grant', { wasi: REDUCED }],
    ['full', { policy: { wasi: REDUCED } }, false, 'policy', undefined],
    ['reduced', { policy: { wasi: REDUCED } }, true, 'grant', undefined],
  ] as const) {
    it(`is why: ${use} under ${JSON.stringify(given)}`, () => {
      const asked = question(given);
      const grants = resolveGrants(asked);
      const explained = explain({ capability: 'wasi', mode: use }, { capabilities, policy: asked.policy, grants });
      assert.deepEqual([explained.allowed, explained.decidedBy, explained.needs], [allowed, decidedBy, needs]);
      assert.match(explained.text, allowed ? /^Allowed/ : /^Denied/);
    });
  }
});

describe('an update', () => {
  const more = (before: Case, next: Case) => asksMore(question(next), question(before));
  const changes = async (before: Case | undefined, after: Case) =>
    (await permissionChanges(before && question(before), question(after))).map(({ capability, kind }) => [
      capability,
      kind,
    ]);

  for (const [what, before, next, expected] of [
    ['names nothing, as the one before', {}, {}, []],
    ['asks for less than what it had without a word', {}, { asked: REDUCED }, []],
    ['asks for more than it asked for', { asked: NONE }, { asked: REDUCED }, ['wasi']],
    ['does not say any more that it needs less', { asked: REDUCED }, {}, ['wasi']],
    ['does not say so, where a person has decided on it', { asked: REDUCED, grant: { '+': { wasi: false } } }, {}, []],
  ] as const) {
    it(`X8: that ${what}: ${JSON.stringify(expected)}`, async () => {
      assert.deepEqual(await more(before, next), expected);
    });
  }

  it('says what changes, and nothing of what stays as it is', async () => {
    assert.deepEqual(await changes(undefined, {}), []);
    assert.deepEqual(await changes(undefined, { asked: REDUCED }), [['wasi', 'narrowed']]);
    assert.deepEqual(await changes({ asked: REDUCED }, {}), [['wasi', 'widened']]);
    assert.deepEqual(await changes({}, { asked: NONE }), [['wasi', 'narrowed']]);
    assert.deepEqual(await changes({ asked: REDUCED }, { asked: REDUCED }), []);
  });

  it('takes away what was had without a word', () => {
    const grants = (given: Case) => resolveGrants(question(given));
    const anyway = hadAnyway(capabilities);
    assert.ok(takesAway(grants({}), grants({ grant: { '+': { wasi: false } } }), anyway));
    assert.ok(!takesAway(grants({ grant: { '+': { wasi: false } } }), grants({}), anyway));
    assert.ok(!takesAway(grants({}), grants({ grant: { '+': { wasi: true } } }), anyway));
  });
});
