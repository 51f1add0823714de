import { assert } from 'chai';
import { type Capability, defineCapability } from '../../src/capabilities/capability.ts';
import { http } from '../../src/capabilities/http/http.ts';
import { kv } from '../../src/capabilities/kv/kv.ts';
import { log } from '../../src/capabilities/log/log.ts';
import type { PermissionRequest } from '../../src/manifest/plugin-manifest.ts';
import { checkRequests, describeRequests, requestsWithGrants } from '../../src/permissions/describe-requests.ts';
import type { Grant } from '../../src/permissions/grants.ts';
import { checkedGrant, checkedPolicy, resolveGrants } from '../../src/permissions/grants.ts';
import type { ImportedFunction } from '../../src/permissions/requests.ts';
import { linkerOf } from '../helpers/dialects.ts';
import { throwsCode } from '../helpers/expect-code.ts';
import { textsOf } from '../helpers/sentences.ts';

const items = defineCapability({
  name: 'items',
  functions: {
    item_lookup: { params: ['json'], result: 'json', call: () => null },
    item_store: { params: ['json'], call: () => undefined },
  },
});
const linked = await linkerOf('extism', 'cloche');
const CAPABILITIES = [log(), kv(), http(), items];

const imports = (...names: string[]): ImportedFunction[] =>
  names.map((name) => ({ module: 'extism:host/user', name, kind: 'function' }));
const HTTP_IMPORT: ImportedFunction = { module: 'extism:host/env', name: 'http_request', kind: 'function' };

interface Case {
  dialect?: 'extism' | 'cloche';
  permissions?: Record<string, unknown>;
  reason?: string;
  imported?: ImportedFunction[];
  capabilities?: readonly Capability[];
  grant?: Grant;
  policy?: Record<string, unknown>;
}

function questionOf({ dialect = 'cloche', permissions = {}, imported = [], policy, reason, ...others }: Case) {
  const capabilities = others.capabilities ?? CAPABILITIES;
  const requests: PermissionRequest[] = Object.entries(permissions).map(([capability, scope]) => ({
    capability,
    scope: scope === true ? undefined : scope,
    reason,
  }));
  return {
    manifest: { id: 'tester', permissions: requests },
    dialect: linked(dialect, capabilities),
    importedFunctions: imported,
    capabilities,
    grant: 'grant' in others ? (others.grant as Grant) : 'manifest',
    policy: checkedPolicy(policy, capabilities),
  };
}

const resolve = (given: Case) => Object.fromEntries(resolveGrants(questionOf(given)));
const describeAll = (given: Case) => describeRequests(questionOf(given));

const API = 'https://api.example.com';
const ALLOW_API = { allow: [API] };
const LOG = { log: undefined };

describe('resolveGrants', () => {
  const rows: [what: string, given: Case, expected: Record<string, unknown>][] = [
    ['nothing is asked for', {}, LOG],
    [
      'a manifest asks, and nobody says more',
      { permissions: { http: ALLOW_API, kv: true, items: true } },
      { ...LOG, http: ALLOW_API, kv: undefined, items: undefined },
    ],
    ['a scope is asked for', { permissions: { kv: { bytes: 10 } } }, { ...LOG, kv: { bytes: 10 } }],
    ['Extism: an import is the request', { dialect: 'extism', imported: imports('kv_get') }, { ...LOG, kv: undefined }],
    [
      'Extism: imports of several capabilities',
      { dialect: 'extism', imported: imports('item_store', 'kv_set', 'kv_get', 'unknown') },
      { ...LOG, kv: undefined, items: undefined },
    ],
    ['Extism: importing `http_request` is not a request', { dialect: 'extism', imported: [HTTP_IMPORT] }, LOG],
    [
      'Extism: `allowed_hosts` is the request for http',
      { dialect: 'extism', permissions: { http: { allow: ['api.example.com', '*.Example.org'] } } },
      { ...LOG, http: { allow: ['api.example.com', '*.example.org'] } },
    ],
    [
      'Extism: the name alone, in another module or not as a function, is not a request',
      {
        dialect: 'extism',
        imported: [
          { module: 'env', name: 'kv_get', kind: 'function' },
          { module: 'extism:host/user', name: 'kv_set', kind: 'global' },
          { module: 'extism:host/user', name: 'constructor', kind: 'function' },
        ],
      },
      LOG,
    ],
    ['Cloche: imports do not count', { imported: imports('kv_get', 'item_lookup') }, LOG],
    ['an unknown capability is asked for', { permissions: { teleport: true, kv: true } }, { ...LOG, kv: undefined }],
    ['"all"', { grant: 'all' }, { ...LOG, http: { allow: ['*'] }, kv: undefined, items: undefined }],
    ['"none"', { grant: 'none', permissions: { kv: true } }, LOG],
    ['an empty object', { grant: {}, permissions: { kv: true } }, LOG],
    [
      'an object, which may give more than is asked for',
      { grant: { http: ALLOW_API, kv: { bytes: 1_048_576 }, items: true } },
      { ...LOG, http: ALLOW_API, kv: { bytes: 1_048_576 }, items: undefined },
    ],
    ['an object, which may give less', { grant: { kv: false }, permissions: { kv: true, http: ALLOW_API } }, LOG],
    ['an explicit `*`', { grant: { http: { allow: ['*'] } } }, { ...LOG, http: { allow: ['*'] } }],
    [
      'changes of one capability: it is replaced, and what the manifest asks for of others stays',
      { permissions: { http: ALLOW_API, kv: true }, grant: { '+': { kv: { bytes: 5 } } } },
      { ...LOG, http: ALLOW_API, kv: { bytes: 5 } },
    ],
    [
      'changes that take one away',
      { permissions: { http: ALLOW_API, kv: true }, grant: { '+': { http: false } } },
      { ...LOG, kv: undefined },
    ],
    [
      'changes that are merged',
      {
        permissions: { http: ALLOW_API },
        grant: { '+': { '+http': { '+allow': ['*.example.org'], disallow: ['x.example.org'] } } },
      },
      { ...LOG, http: { allow: [API, '*.example.org'], disallow: ['x.example.org'] } },
    ],
    [
      'changes beside a `*` of the manifest, which they do not give',
      { permissions: { http: { allow: ['*'] } }, grant: { '+': { '+http': { '+allow': [API] } } } },
      { ...LOG, http: { allow: [API] } },
    ],
    ['changes of nothing', { permissions: { kv: true }, grant: { '+': {} } }, { ...LOG, kv: undefined }],
    ['`true` for http', { grant: { http: true } }, { ...LOG, http: { allow: ['*'] } }],
    [
      '`*` in a manifest',
      { permissions: { http: { allow: ['*', API] } } },
      { ...LOG, http: { allow: [API], withheld: ['*'] } },
    ],
    ['all of http in a manifest', { permissions: { http: true } }, { ...LOG, http: { allow: [], withheld: ['*'] } }],
    [
      '`*` in a manifest, under a policy that says `*`',
      { permissions: { http: { allow: ['*'] } }, policy: { http: { allow: ['*'] } } },
      { ...LOG, http: { allow: ['*'] } },
    ],
    [
      'Extism: patterns that cannot be read match nothing',
      { dialect: 'extism', permissions: { http: { allow: ['10.0.0.?', '!x.com', 'example.com:8080', API] } } },
      { ...LOG, http: ALLOW_API },
    ],
    [
      'the policy forbids what the manifest asks for',
      { permissions: { kv: true, http: ALLOW_API }, policy: { kv: false } },
      { ...LOG, http: ALLOW_API },
    ],
    ['the policy forbids what the user grants', { grant: { kv: true }, policy: { kv: false } }, LOG],
    [
      'the policy forbids under "all"',
      { grant: 'all', policy: { http: false, items: false } },
      { ...LOG, kv: undefined },
    ],
    [
      'a scope in the policy is left to the call',
      { grant: { kv: { bytes: 100 } }, policy: { kv: { bytes: 10 } } },
      { ...LOG, kv: { bytes: 100 } },
    ],
    ['the host offers nothing', { capabilities: [], permissions: { log: true, kv: true } }, {}],
  ];
  for (const [what, given, expected] of rows) {
    it(what, () => assert.deepEqual(resolve(given), expected));
  }

  const refused: [what: string, grant: unknown, wording: RegExp][] = [
    ['another word', 'everything', /"manifest", "all"/],
    ['null', null, /"manifest"/],
    ['an array', ['kv'], /"manifest"/],
    ['an unknown capability', { teleport: true }, /grant\.teleport.*offers log, kv/],
    ['`__proto__`', JSON.parse('{"__proto__":{"allow":["*"]}}'), /__proto__/],
    ['`constructor`', { constructor: true }, /constructor/],
    ['a bad scope', { kv: { bytes: -1 } }, /grant\.kv\.bytes/],
    ['a bad host', { http: { allow: ['*.com'] } }, /\*\.com/],
    ['a host that is not a string', { http: { allow: [1] } }, /grant\.http\.allow/],
    ['an unknown field', { http: { allow: [], redirect: true } }, /redirect/],
    ['a method that no browser sends', { http: { allow: [], methods: ['TRACE'] } }, /TRACE/],
    ['a scope where there is none', { items: { allow: [] } }, /grant\.items.*true or false/],
    ['null as a scope', { kv: null }, /grant\.kv/],
  ];
  for (const [what, grant, wording] of refused) {
    it(`rejects ${what} with OPTION_INVALID`, () => {
      throwsCode('OPTION_INVALID', () => resolve({ grant: grant as Grant }), wording);
      throwsCode('OPTION_INVALID', () => checkedGrant(grant, CAPABILITIES), wording);
    });
  }

  for (const grant of ['manifest', 'all', 'none', {}, { kv: { bytes: 0 } }]) {
    it(`checkedGrant takes ${JSON.stringify(grant)}`, () => checkedGrant(grant, CAPABILITIES));
  }

  const badManifests: [what: string, permissions: Record<string, unknown>, wording: RegExp][] = [
    ['a bad scope', { kv: { bytes: 'x' } }, /permissions\.kv\.bytes/],
    ['a host that cannot be read', { http: { allow: ['*.co.uk'] } }, /\*\.co\.uk/],
    ['an unknown field', { http: { allow: [], x: 1 } }, /permissions\.http/],
    ['a scope where there is none', { items: { a: 1 } }, /permissions\.items/],
  ];
  for (const [what, permissions, wording] of badManifests) {
    it(`rejects ${what} in a manifest of Cloche with MANIFEST_INVALID`, () => {
      throwsCode('MANIFEST_INVALID', () => resolve({ permissions }), wording);
      throwsCode('MANIFEST_INVALID', () => checkRequests(questionOf({ permissions, grant: 'none' })), wording);
    });

    it(`P10: lists ${what} as unreadable, beside the others`, () => {
      const [kvOrHttp, items] = describeAll({ permissions: { ...permissions, log: true } });
      const unreadable = [kvOrHttp, items].find((request) => request?.status === 'unreadable');
      assert.match(unreadable?.unmet[0]?.text ?? '', wording);
      assert.isEmpty(unreadable?.sentences);
      assert.includeMembers([kvOrHttp?.status, items?.status], ['granted', 'unreadable']);
    });

    it(`P10: grants all but ${what}, and says so, where somebody has to go on`, () => {
      const told: unknown[] = [];
      const granted = resolveGrants(questionOf({ permissions: { ...permissions, log: true } }), (error) =>
        told.push(error),
      );
      assert.deepEqual([...granted.keys()], ['log']);
      assert.match(String(told), wording);
    });
  }

  it('gives an error of an app’s own scope rule a code', () => {
    const picky = defineCapability({
      name: 'picky',
      functions: {},
      scope: {
        parse: () => {
          throw new TypeError('no such shelf');
        },
        describe: () => [],
      },
    });
    const capabilities = [picky];
    throwsCode('OPTION_INVALID', () => resolve({ capabilities, grant: { picky: { a: 1 } } }), /no such shelf/);
    throwsCode('MANIFEST_INVALID', () => resolve({ capabilities, permissions: { picky: { a: 1 } } }), /no such shelf/);
  });

  it('does not let one plugin change what the next is granted', () => {
    const first = resolve({ grant: 'all' }).http as { allow: string[] };
    assert.throws(() => first.allow.push('http://10.0.0.1'), TypeError);
    assert.deepEqual(resolve({ grant: 'all' }).http, { allow: ['*'] });
  });
});

describe('checkedPolicy', () => {
  it('keeps what forbids and what limits', () => {
    const policy = checkedPolicy({ kv: false, http: ALLOW_API, items: true }, CAPABILITIES);
    assert.deepEqual(
      [...policy],
      [
        ['kv', false],
        ['http', ALLOW_API],
      ],
    );
  });

  it('is empty when none is given', () => assert.equal(checkedPolicy(undefined, CAPABILITIES).size, 0));

  for (const policy of [{ teleport: false }, { http: { allow: ['*.com'] } }, { kv: 5 }, { log: false }]) {
    it(`rejects ${JSON.stringify(policy)} with OPTION_INVALID`, () =>
      throwsCode('OPTION_INVALID', () => checkedPolicy(policy, CAPABILITIES), /policy|\*\.com/));
  }
});

describe('describeRequests', () => {
  it('says the riskiest first, and last what nobody gives', () => {
    const requests = describeAll({ permissions: { teleport: true, kv: true, items: true, http: ALLOW_API } });
    assert.deepEqual(
      requests.map(({ capability, risk, status }) => [capability, risk, status]),
      [
        ['http', 'high', 'granted'],
        ['items', 'medium', 'granted'],
        ['kv', 'low', 'granted'],
        ['teleport', 'medium', 'unknown'],
      ],
    );
    assert.deepEqual(textsOf(requests.at(-1)?.unmet), ['Asks for teleport, which this site does not offer.']);
  });

  it('puts the riskiest host first', () => {
    const allow = [API, '*.example.com', 'http://example.org', 'nas.local', location.origin, '*'];
    const [request] = describeAll({
      permissions: { http: { allow, methods: ['get'] } },
      policy: { http: { allow: ['*'] } },
    });
    assert.deepEqual(textsOf(request?.sentences), [
      'Exchange data with every public website, over https.',
      `Send requests to this site itself, ${location.origin}, without your cookies.`,
      'Exchange data with nas.local, on this computer or its network.',
      'Exchange data with http://example.org, without encryption.',
      'Exchange data with every host that matches *.example.com.',
      `Exchange data with ${API}.`,
      'Only with the methods GET.',
    ]);
  });

  it('says that a manifest wants every host and does not get it', () => {
    const [request] = describeAll({ dialect: 'extism', permissions: { http: { allow: ['*', API] } } });
    assert.equal(request?.status, 'partly');
    assert.deepEqual(textsOf(request?.sentences), [`Exchange data with ${API}.`]);
    assert.match(request?.unmet[0]?.text ?? '', /every host.*policy or an explicit grant/);
  });

  it('says why an entry cannot be read', () => {
    const [request] = describeAll({ dialect: 'extism', permissions: { http: { allow: ['example.com:8080'] } } });
    assert.match(request?.unmet[0]?.text ?? '', /https:\/\/example\.com:8080/);
  });

  it('says what the policy does not cover', () => {
    const [request] = describeAll({
      permissions: { http: { allow: [API, '*.api.example.com', '*.example.org'] } },
      policy: { http: { allow: ['*.example.com'] } },
    });
    assert.deepEqual(textsOf(request?.unmet), [
      'Asks for *.example.org, which the policy of this site does not cover.',
    ]);
  });

  it('says what the policy forbids', () => {
    const [request] = describeAll({ permissions: { kv: true }, policy: { kv: false } });
    assert.deepEqual([request?.status, request?.sentences], ['forbidden', []]);
    assert.match(request?.unmet[0]?.text ?? '', /forbids/);
  });

  it('quotes the plugin’s reason apart, with its controls visible', () => {
    const [request] = describeAll({ permissions: { kv: true }, reason: 'safe!\u202e\n(checked by admin)' });
    assert.equal(request?.reason, 'safe!\\u202e\\n(checked by admin)');
    assert.notInclude(textsOf(request?.sentences)?.join(), 'safe');
  });

  it('names the functions of a capability that says nothing of itself', () => {
    const [request] = describeAll({ permissions: { items: true } });
    assert.deepEqual(textsOf(request?.sentences), ['Use items: item_lookup, item_store.']);
    const told = defineCapability({ name: 'told', summary: 'Read the catalogue.', functions: {} });
    const [other] = describeAll({ capabilities: [told], permissions: { told: true } });
    assert.deepEqual(textsOf(other?.sentences), ['Read the catalogue.']);
  });
});

describe('requestsWithGrants', () => {
  const besides = (given: Case) => {
    const question = questionOf(given);
    return requestsWithGrants(question, resolveGrants(question)).map(({ capability, granted, given: has, missing }) => {
      return { capability, granted, has: textsOf(has), missing: textsOf(missing) ?? [] };
    });
  };

  it('says what was given of what is asked for, and what was not', () => {
    const allow = ['https://one.example', 'https://two.example'];
    const [request] = besides({
      permissions: { http: { allow } },
      grant: { http: { allow: ['https://two.example'] } },
    });
    assert.deepEqual(request, {
      capability: 'http',
      granted: true,
      has: ['Exchange data with https://two.example.'],
      missing: ['Exchange data with https://one.example.'],
    });
  });

  it('says what was given where a manifest asks for every host, and a user allows one', () => {
    const [request] = besides({ permissions: { http: { allow: ['*'] } }, grant: { http: ALLOW_API } });
    assert.deepEqual(request?.has, [`Exchange data with ${API}.`]);
    assert.match(request?.missing.join() ?? '', /every host/);
  });

  for (const grant of ['all', { http: true }, { http: { allow: ['*'] } }] as const) {
    it(`misses nothing under ${JSON.stringify(grant)}, whichever hosts are asked for`, () => {
      const [request] = besides({ permissions: { http: { allow: ['*', API] } }, grant });
      assert.deepEqual(request?.has, ['Exchange data with every public website, over https.']);
      assert.deepEqual(request?.missing, []);
    });
  }

  it('gives nothing of what nobody granted', () => {
    const [request] = besides({ permissions: { kv: { bytes: 10 } }, grant: 'none' });
    assert.deepEqual(request, {
      capability: 'kv',
      granted: false,
      has: [],
      missing: ['Keep data of its own on this device, at most 10 bytes.'],
    });
  });

  const unasked: [what: string, given: Case, capability: string, name: string][] = [
    ['Extism', { dialect: 'extism', imported: [HTTP_IMPORT] }, 'http', 'http_request'],
    ['Cloche', { dialect: 'cloche', imported: imports('kv_get') }, 'kv', 'kv_get'],
  ];
  for (const [dialect, given, capability, name] of unasked) {
    it(`${dialect}: lists what is imported and not asked for, which only a grant by hand gives`, () => {
      const [request, ...others] = besides(given);
      assert.lengthOf(others, 0);
      assert.deepEqual([request?.capability, request?.granted, request?.has], [capability, false, []]);
      assert.include(request?.missing[0], `Imports ${name} and`);
      const [granted] = besides({ ...given, grant: { [capability]: capability === 'http' ? ALLOW_API : true } });
      assert.deepEqual([granted?.granted, granted?.missing], [true, []]);
    });
  }
});
