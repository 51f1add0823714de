// What a consent page says, worked out by the core from manifests, grants and policies.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultCapabilities } from '../../../../src/capabilities/defaults.ts';
import {
  type ConsentLine,
  changesBy,
  consentText,
  gainsOf,
  missingOf,
} from '../../../../src/elements/admin/consent/consent-text.ts';
import type { PermissionRequest } from '../../../../src/manifest/plugin-manifest.ts';
import { permissionChanges } from '../../../../src/permissions/changes.ts';
import { requestsWithGrants } from '../../../../src/permissions/describe-requests.ts';
import { checkedPolicy, type GrantQuestion, resolveGrants } from '../../../../src/permissions/grants.ts';
import { linkerOf } from '../../../helpers/dialects.ts';

const linked = await linkerOf('cloche');
const capabilities = defaultCapabilities();

type Asked = Record<string, unknown>;

/** Permissions as a manifest of Cloche has them. */
function requestsIn(permissions: Asked): PermissionRequest[] {
  return Object.entries(permissions).map(([capability, asked]) => {
    const { optional, reason, ...scope } = (typeof asked === 'object' ? asked : {}) as Asked;
    const has = Object.keys(scope).length > 0;
    return {
      capability,
      scope: has ? scope : undefined,
      reason: reason as string | undefined,
      ...(optional === true && { optional: true as const }),
    };
  });
}

const questionOf = (permissions: Asked, policy: Asked): GrantQuestion => ({
  manifest: { id: 'p', permissions: requestsIn(permissions) },
  dialect: linked('cloche', capabilities),
  importedFunctions: [],
  capabilities,
  policy: checkedPolicy(policy, capabilities),
  grant: 'manifest',
});

async function shown(after: Asked, { before, policy = {} }: { before?: Asked; policy?: Asked } = {}) {
  const question = questionOf(after, policy);
  const was = before && questionOf(before, policy);
  return consentText({
    requests: requestsWithGrants(question, resolveGrants(question)),
    changes: await permissionChanges(was, question),
    replaces: before && '1',
  });
}

const names = (lines: readonly { capability: string }[]): string[] => lines.map(({ capability }) => capability);
const said = ({ sentences }: ConsentLine): string[] =>
  sentences.map(({ sentence, change }) => `${change} ${sentence.form ?? sentence.text}`);
const one = (lines: readonly ConsentLine[], capability: string): ConsentLine => {
  const line = lines.find((each) => each.capability === capability);
  if (!line) throw new Error(`Expected ${capability}`);
  return line;
};

describe('the consent before an installation', () => {
  it('has the riskiest first, and of one risk what is needed before what is optional', async () => {
    const { offered } = await shown({
      kv: { optional: true },
      dialogs: true,
      mail: { to: ['a@b.example'] },
      http: { allow: ['a.example'], optional: true },
      commands: { allow: ['make'] },
    });
    assert.deepEqual(names(offered), ['commands', 'http', 'mail', 'dialogs', 'kv']);
  });

  it('ticks what is needed, and neither what is optional nor what is a high risk', async () => {
    const { offered } = await shown({ kv: true, mail: { optional: true }, http: { allow: ['a.example'] } });
    assert.deepEqual(
      offered.map(({ capability, ticked }) => [capability, ticked]),
      [
        ['http', false],
        ['mail', false],
        ['kv', true],
      ],
    );
  });

  it('says once what is implied by something wider', async () => {
    const { offered } = await shown({
      http: { allow: ['api.example.com', '*.example.com', 'https://b.example.com/v1', 'c.example'] },
    });
    assert.deepEqual(said(one(offered, 'http')), ['none hostPattern', 'none host']);
  });

  it('says what is asked for and not to be had apart, with why', async () => {
    const { offered, denied } = await shown(
      { kv: true, camera: true, http: { allow: ['*', 'a.example'], reason: 'because' } },
      { policy: { kv: false } },
    );
    assert.deepEqual(names(offered), ['http']);
    assert.deepEqual(
      denied.map(({ capability, sentence, reason }) => [capability, sentence.form, reason]),
      [
        ['http', 'asksEveryHost', 'because'],
        ['kv', 'asksForbidden', undefined],
        ['camera', 'asksUnknown', undefined],
      ],
    );
  });

  it('leaves nothing to tick where nothing of it is to be had: only the plugin would say what that is', async () => {
    const every = { http: { allow: ['*'], reason: 'because' } };
    for (const from of [{}, { before: {} }]) {
      const { offered, denied } = await shown(every, from);
      assert.deepEqual([names(offered), names(denied)], [[], ['http']]);
    }
    const { kept } = await shown({ ...every, kv: true }, { before: every });
    assert.deepEqual(names(kept), []);
  });

  it('says what only a server can do, where there is none', async () => {
    const { offered } = await shown({ mail: { to: ['a@b.example'] } });
    assert.equal(one(offered, 'mail').needsServer?.form, 'mailServer');
  });

  it('offers whoever may decide on nothing what the plugin has by itself', async () => {
    const question = { ...questionOf({ kv: true, http: { allow: ['a.example'] } }, {}), grant: { kv: true } };
    const requests = requestsWithGrants(question, resolveGrants(question));
    const { offered, denied } = consentText({ requests, changes: [], replaces: undefined }, false);
    assert.deepEqual(names(offered), ['kv']);
    assert.deepEqual(
      denied.map(({ sentence }) => sentence.form),
      ['host'],
    );
  });

  it('has no tick for the log, which every plugin has', async () => {
    const { offered } = await shown({ log: true });
    assert.equal(one(offered, 'log').fixed, true);
    assert.deepEqual(changesBy(offered, new Set()), {});
  });
});

describe('the consent to an update', () => {
  it('has what is new to be decided, then what goes, and the rest as it was', async () => {
    const { offered, dropped, kept } = await shown(
      { kv: true, mail: { to: ['a@b.example'] }, http: { allow: ['a.example', 'b.example'] } },
      { before: { kv: true, http: { allow: ['a.example'] }, commands: { allow: ['make'] } } },
    );
    assert.deepEqual([names(offered), names(dropped), names(kept)], [['http', 'mail'], ['commands'], ['kv']]);
    assert.deepEqual(said(one(offered, 'http')), ['added host', 'kept host']);
    assert.deepEqual(said(one(dropped, 'commands')), ['dropped commands']);
  });

  it('calls nothing gone that something wider still allows', async () => {
    const { offered } = await shown(
      { http: { allow: ['*.example.com'] } },
      { before: { http: { allow: ['api.example.com'] } } },
    );
    assert.deepEqual(said(one(offered, 'http')), ['added hostPattern']);
  });

  it('calls nothing new that was allowed by something wider', async () => {
    const { dropped } = await shown(
      { http: { allow: ['api.example.com'] } },
      { before: { http: { allow: ['*.example.com'] } } },
    );
    assert.deepEqual(said(one(dropped, 'http')), ['kept host', 'dropped hostPattern']);
  });

  it('says of a limit that goes that there is none any more, before all else', async () => {
    const { offered } = await shown(
      { http: { allow: ['a.example'] } },
      { before: { http: { allow: ['a.example'], methods: ['GET'] } } },
    );
    assert.deepEqual(said(one(offered, 'http')), ['lifted methods', 'kept host']);
  });

  it('offers nothing that is refused anyway, which has its sentence there', async () => {
    const { offered, denied } = await shown(
      { camera: true, http: { allow: ['a.example'] } },
      { before: {}, policy: { http: false } },
    );
    assert.deepEqual(offered, []);
    assert.deepEqual(
      denied.map(({ sentence }) => sentence.form),
      ['asksUnknown', 'asksForbidden'],
    );
  });

  it('says all that another version may do more, limits that go among them', async () => {
    const before = questionOf({ http: { allow: ['a.example'], methods: ['GET'] }, kv: true }, {});
    const after = questionOf({ http: { allow: ['a.example'] }, kv: true, mail: true }, {});
    const gains = gainsOf(await permissionChanges(before, after));
    assert.deepEqual(
      gains.map(({ sentence, change }) => `${change} ${sentence.form}`),
      ['lifted methods', 'added mailAnybody'],
    );
  });

  it('asks nothing where nothing is new', async () => {
    const { offered, kept } = await shown({ kv: true }, { before: { kv: true } });
    assert.deepEqual([names(offered), names(kept)], [[], ['kv']]);
  });
});

describe('what was ticked', () => {
  const asked = { kv: true, mail: { to: ['a@b.example'], optional: true }, http: { allow: ['a.example'] } };

  it('changes nothing where it is what is needed', async () => {
    const { offered } = await shown(asked);
    assert.deepEqual(changesBy(offered, new Set(['kv', 'http'])), {});
  });

  it('takes away what is needed and was not ticked, and says that it is missing', async () => {
    const { offered } = await shown(asked);
    const ticked = new Set(['kv']);
    assert.deepEqual(changesBy(offered, ticked), { http: false });
    assert.deepEqual(names(missingOf(offered, ticked)), ['http']);
  });

  it('gives what is optional within what was shown', async () => {
    const { offered } = await shown(asked);
    const changes = changesBy(offered, new Set(['kv', 'http', 'mail']));
    assert.deepEqual(changes, { mail: { to: ['a@b.example'] } });
    const granted = resolveGrants({ ...questionOf(asked, {}), grant: { '+': changes } });
    assert.deepEqual(granted.get('mail'), { to: ['a@b.example'] });
  });

  it('knows nothing of what was not offered', async () => {
    const { offered } = await shown(asked);
    assert.deepEqual(changesBy(offered, new Set(['kv', 'http', 'commands', '__proto__'])), {});
  });
});
