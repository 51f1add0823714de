// What is said of options that nobody knows, and of objects that are not what they seem. Pure, so it runs once, in Node.

/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Capability, defineCapability } from '../../../src/capabilities/capability.ts';
import { defaultCapabilities } from '../../../src/capabilities/defaults.ts';
import { http } from '../../../src/capabilities/http/http.ts';
import { kv } from '../../../src/capabilities/kv/kv.ts';
import { log } from '../../../src/capabilities/log/log.ts';
import { mail } from '../../../src/capabilities/server/mail.ts';
import { scm } from '../../../src/capabilities/server/scm.ts';
import { ClocheError } from '../../../src/errors.ts';
import { checkedOptions } from '../../../src/host/checked-options.ts';
import { givenLimits } from '../../../src/limits.ts';
import { checkedConfig, givenInstall } from '../../../src/options.ts';
import { checkedGrant, checkedPolicy } from '../../../src/permissions/grants.ts';
import { givenCall } from '../../../src/runtime/calls/call-options.ts';
import { didYouMean } from '../../../src/util/given-options.ts';

const RELAY = { url: 'https://example.com/relay' };
const CAPABILITIES: readonly Capability[] = [log(), kv(), http()];
const fn = { params: [], call: () => undefined } as const;
const nothing = (): undefined => undefined;
const any = (value: unknown) => value as never;

function refuses(action: () => unknown, wording: RegExp): void {
  assert.throws(action, (error) => {
    assert(error instanceof ClocheError, `expected a ClocheError, got ${error}`);
    assert.equal(error.code, 'OPTION_INVALID');
    assert.match(error.message, wording);
    return true;
  });
}

describe('P11: an unknown option', () => {
  const misspelt: [what: string, action: () => unknown, meant: string][] = [
    ['createHost', () => checkedOptions({ polcy: { kv: false } }), 'policy'],
    ['createHost, by case', () => checkedOptions({ idlems: 5_000 }), 'idleMs'],
    ['limits', () => givenLimits({ timeout: 5 }), 'timeoutMs'],
    ['limits of createHost', () => checkedOptions({ limits: { memoryByte: 65_536 } }), 'memoryBytes'],
    ['policy', () => checkedPolicy({ htp: false }, CAPABILITIES), 'http'],
    ['relay', () => checkedOptions({ relay: { ...RELAY, header: {} } }), 'headers'],
    ['extensionPoints', () => checkedOptions({ extensionPoints: { 'item.panel': { shema: () => true } } }), 'schema'],
    ['install', () => givenInstall('install', { grants: 'none' }), 'grant'],
    ['install, letters swapped', () => givenInstall('install', { garnt: 'none' }), 'grant'],
    ['open', () => givenInstall('open', { limit: {} }), 'limits'],
    ['a grant', () => checkedGrant({ kvs: false }, CAPABILITIES), 'kv'],
    ['a call', () => givenCall('call', { timeoutMS: 5 }), 'timeoutMs'],
    ['defaultCapabilities', () => defaultCapabilities(any({ storge: 'a' })), 'storage'],
    ['kv', () => kv(any({ storag: 'a' })), 'storage'],
    ['http', () => http(any({ responseHeader: true })), 'responseHeaders'],
    ['log', () => log(any({ rings: 1 })), 'ring'],
    ['mail', () => mail(any({ relais: RELAY })), 'relay'],
    ['scm', () => scm(any({ realy: RELAY })), 'relay'],
    ['defineCapability', () => defineCapability(any({ name: 'a', function: {} })), 'functions'],
    [
      'a host function',
      () => defineCapability({ name: 'a', functions: { f: any({ ...fn, results: 'i64' }) } }),
      'result',
    ],
    [
      'a scope rule',
      () =>
        defineCapability({
          name: 'a',
          functions: {},
          scope: any({ parse: nothing, describe: nothing, satisfies: nothing }),
        }),
      'satisfy',
    ],
    ['a capability', () => defineCapability(any({ name: 'a', functions: {}, service: {} })), 'services'],
  ];
  for (const [what, action, meant] of misspelt) {
    it(`is refused in ${what}, with what was meant`, () => {
      refuses(action, new RegExp(`Did you mean \`${meant}\`\\?`));
    });
  }

  it('counts where it is inherited, or has a getter', () => {
    refuses(() => givenInstall('install', Object.create({ grants: 'none' })), /grants/);
    refuses(
      () =>
        givenInstall('install', {
          get grants() {
            return 'none';
          },
        }),
      /grants/,
    );
  });

  it('may have a name that every object has', () => {
    for (const key of ['__proto__', 'constructor', 'toString']) {
      refuses(() => givenInstall('install', JSON.parse(`{"${key}":"none"}`)), new RegExp(key));
    }
  });

  it('that is undefined is absent, as a known one is', () => {
    assert.deepEqual({ ...givenInstall('install', { grants: undefined, grant: undefined, limits: undefined }) }, {});
    assert.deepEqual({ ...givenLimits({ timeoutMs: undefined, other: undefined }) }, {});
    assert.equal(checkedPolicy({ nothing: undefined }, CAPABILITIES).size, 0);
  });

  it('is named and cut to a length that can be read, where nothing is near', () => {
    refuses(() => givenInstall('install', { ['x'.repeat(5_000)]: 1 }), /^Unknown option `x{61}…` of `install`\. Known/);
  });

  it('suggests only what is near', () => {
    const names = ['log', 'kv', 'http', 'extensionPoints'];
    assert.equal(didYouMean('database', names), '');
    assert.equal(didYouMean('db', names), '');
    assert.equal(didYouMean('HTTPS', names), ' Did you mean `http`?');
    assert.equal(didYouMean('extensionpoint', names), ' Did you mean `extensionPoints`?');
  });
});

describe('options that are not what they seem', () => {
  const refused: [what: string, action: () => unknown, wording: RegExp][] = [
    ['a grant in place of the options', () => givenInstall('install', 'none'), /to be an object, got string/],
    ['null for options', () => givenCall('call', null), /got null/],
    ['an array for options', () => checkedOptions([]), /got an array/],
    ['a function for options', () => checkedOptions(() => ({})), /got function/],
    ['null for a grant', () => checkedGrant(null, CAPABILITIES), /"none"/],
    ['a Map for a grant', () => checkedGrant(new Map([['kv', false]]), CAPABILITIES), /grant/],
    ['a class for a grant', () => checkedGrant(new (class Mine {})(), CAPABILITIES), /grant/],
    ['a function in a grant', () => checkedGrant({ kv: () => true }, CAPABILITIES), /grant\.kv/],
    ['false for a policy', () => checkedPolicy(false, CAPABILITIES), /policy/],
    ['a Map for a policy', () => checkedPolicy(new Map([['kv', false]]), CAPABILITIES), /policy/],
    ['null for a policy', () => checkedPolicy(null, CAPABILITIES), /policy/],
    ['a Map for config', () => checkedConfig(new Map([['key', 'a']])), /Object\.fromEntries/],
    ['an array for config', () => checkedConfig(['a']), /config/],
    ['null for limits', () => checkedOptions({ limits: null }), /limits/],
    ['a text for `disabled`', () => checkedOptions({ disabled: 'false' }), /disabled/],
    ['a number for `storage`', () => checkedOptions({ storage: null }), /storage/],
    ['an AbortController for `signal`', () => givenCall('call', { signal: new AbortController() }), /AbortSignal/],
    ['one capability', () => checkedOptions({ capabilities: kv() }), /array; write `\[…\]` around it/],
    ['the function that makes one', () => checkedOptions({ capabilities: [kv] }), /\[0\].*call it, as in `kv\(\)`/],
    ['a list in the list', () => checkedOptions({ capabilities: [log(), defaultCapabilities()] }), /\[1\].*`\.\.\.`/],
    ['a promise in the list', () => checkedOptions({ capabilities: [Promise.resolve(kv())] }), /defineCapability/],
    ['a hole in the list', () => checkedOptions({ capabilities: [undefined] }), /capabilities\[0\]/],
    ['a capability without functions', () => defineCapability(any({ name: 'mine' })), /`mine`.*`functions: \{\}`/],
    ['a capability without a name', () => defineCapability(any({ functions: {} })), /name/],
    ['functions in a Map', () => defineCapability(any({ name: 'a', functions: new Map() })), /functions/],
    ['a risk of no kind', () => defineCapability(any({ name: 'a', functions: {}, risk: 'none' })), /risk/],
    [
      'a scope rule that only parses',
      () => defineCapability(any({ name: 'a', functions: {}, scope: { parse: nothing } })),
      /parse.*describe/,
    ],
    [
      'a schema in place of a point',
      () => checkedOptions({ extensionPoints: { p: { '~standard': { validate: () => ({}) } } } }),
      /\{ schema \}/,
    ],
  ];
  for (const [what, action, wording] of refused) {
    it(`are refused: ${what}`, () => refuses(action, wording));
  }

  it('may come from a class, with getters of its own', () => {
    class Call {
      timeoutMs = 5;
      get context() {
        return 'here';
      }
    }
    assert.deepEqual({ ...givenCall('call', new Call()) }, { timeoutMs: 5, context: 'here' });
  });

  it('take nothing from a polluted prototype', () => {
    const prototype = Object.prototype as { grant?: unknown };
    prototype.grant = 'all';
    try {
      assert.equal(givenInstall('install', {}).grant, undefined);
    } finally {
      delete prototype.grant;
    }
  });
});

describe('P11: an object whose reading is hostile', () => {
  const fail = (): never => {
    throw new RangeError('a trap');
  };
  const traps: ProxyHandler<object>[] = [
    { get: fail },
    { ownKeys: fail },
    { getOwnPropertyDescriptor: fail },
    { getPrototypeOf: fail },
  ];
  const readers: [what: string, given: object, read: (given: unknown) => unknown][] = [
    ['options', { grant: 'none' }, (given) => givenInstall('install', given)],
    ['a grant', { kv: true }, (given) => checkedGrant(given, CAPABILITIES)],
    ['a scope in a grant', { bytes: 5 }, (given) => checkedGrant({ kv: given }, CAPABILITIES)],
    ['a policy', { kv: true }, (given) => checkedPolicy(given, CAPABILITIES)],
    ['limits', { timeoutMs: 5 }, givenLimits],
    ['config', { key: 'a' }, checkedConfig],
  ];
  for (const [what, given, read] of readers) {
    it(`is refused with a code: ${what}`, () => {
      // What only tells what kind of object it is need not be asked of options, which may be of any class.
      const asked = traps.filter(({ getPrototypeOf }) => !getPrototypeOf || ['a grant', 'a policy'].includes(what));
      for (const trap of asked) refuses(() => read(new Proxy(given, trap)), /a trap/);
    });
  }

  it('is read once, and what was read holds', () => {
    let reads = 0;
    const grant = {
      get kv() {
        return ++reads > 1;
      },
    };
    assert.deepEqual({ ...(checkedGrant(grant, CAPABILITIES) as object) }, { kv: false });
    assert.equal(reads, 1);
  });

  it('is copied in depth', () => {
    const grant = { http: { allow: ['https://example.com'] } };
    const copy = JSON.stringify(checkedGrant(grant, CAPABILITIES));
    const policy = checkedPolicy(grant, CAPABILITIES);
    grant.http.allow.push('*');
    assert.equal(copy, '{"http":{"allow":["https://example.com"]}}');
    assert.deepEqual(policy.get('http'), { allow: ['https://example.com'] });
  });
});
