// What the core says of capabilities comes with its form and the names in it, by which the consent says it in other languages and
// knows what one sentence implies of another.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Capability } from '../../../../src/capabilities/capability.ts';
import { defaultCapabilities } from '../../../../src/capabilities/defaults.ts';
import { filesScope } from '../../../../src/capabilities/scopes/files-scope.ts';
import { type Sentence, sentence } from '../../../../src/capabilities/sentences.ts';
import { implies, withoutImplied } from '../../../../src/elements/admin/consent/implied.ts';
import { describeRequests } from '../../../../src/permissions/describe-requests.ts';
import { checkedPolicy } from '../../../../src/permissions/grants.ts';
import { linkerOf } from '../../../helpers/dialects.ts';

const linked = await linkerOf('cloche');
const files = { name: 'files', namespace: 'extism:host/user', functions: new Map(), scope: filesScope };
const capabilities: Capability[] = [...defaultCapabilities(), files];

const said = (
  permissions: Record<string, unknown>,
  policy: object = {},
  imports = '',
  own: readonly Capability[] = [],
): Sentence[] => {
  const offered = [...capabilities, ...own];
  const asked = Object.entries(permissions).map(([capability, scope]) => {
    return { capability, scope: scope === true ? undefined : scope, reason: undefined };
  });
  return describeRequests({
    manifest: { id: 'p', permissions: asked },
    dialect: linked('cloche', offered),
    importedFunctions: imports ? [{ module: 'extism:host/env', name: imports, kind: 'function' }] : [],
    capabilities: offered,
    policy: checkedPolicy(policy, offered),
  }).flatMap(({ sentences, unmet, needsServer }) => [...sentences, ...unmet, ...(needsServer ? [needsServer] : [])]);
};

describe('sentences of the core', () => {
  const list = (...allow: string[]) => ({ allow });
  const cases: [string, Record<string, unknown>, string[], object?][] = [
    ['of every host', { http: list('*') }, ['everyHost'], { http: { allow: ['*'] } }],
    ['of every host by a manifest alone', { http: list('*') }, ['asksEveryHost']],
    ['of a host', { http: list('https://a.example.com') }, ['host']],
    ['of hosts by a pattern', { http: list('*.example.com') }, ['hostPattern']],
    ['of hosts nearby', { http: list('http://localhost:3000') }, ['nearHost']],
    ['of hosts without encryption', { http: list('http://a.example.com') }, ['plainHost']],
    [
      'of what is left out of http',
      { http: { allow: ['*.example.com'], disallow: ['b.example.com'], methods: ['GET'] } },
      ['hostPattern', 'hostExcept', 'methods'],
    ],
    [
      'beyond the policy',
      { http: list('a.example.com') },
      ['host', 'asksBeyondPolicy'],
      { http: list('b.example.com') },
    ],
    ['of mail', { mail: { to: ['*@a.example'], disallow: ['b@a.example'] } }, ['mailTo', 'exceptMail', 'mailServer']],
    ['of mail to anybody', { mail: true }, ['mailAnybody', 'mailServer']],
    ['of commands', { commands: list('make') }, ['commands', 'commandsServer']],
    ['of no command', { commands: { disallowAll: true } }, ['noCommand', 'commandsServer']],
    ['of every command', { commands: true }, ['everyCommand', 'commandsServer']],
    ['of comments', { comments: true }, ['comments', 'commentsServer']],
    ['of repositories', { scm: true }, ['scm', 'scmServer']],
    ['of dialogs', { dialogs: true }, ['dialogs']],
    ['of the log', { log: true }, ['log']],
    ['of the clock', { clock: { mode: 'coarse' } }, ['coarseClock']],
    ['of all of the clock', { clock: true }, ['clock']],
    ['of WASI', { wasi: { mode: 'reduced' } }, ['reducedWasi']],
    ['of all of WASI', { wasi: true }, ['wasi']],
    ['of data', { kv: { bytes: 100 } }, ['kvUpTo']],
    ['of data without a limit', { kv: true }, ['kv']],
    ['of files', { files: { read: list('ws0://a'), write: { allowAll: true } } }, ['changeAll', 'read']],
    [
      'of files with exceptions',
      {
        files: {
          read: { allowAll: true, disallow: ['ws0://b'] },
          write: { allow: ['ws0://a'], disallow: ['ws0://a/b'] },
        },
      },
      ['changeExcept', 'readAllExcept'],
    ],
    ['of every file', { files: true }, ['everyFile']],
    ['of what the policy forbids', { kv: true }, ['asksForbidden'], { kv: false }],
    ['of what is not there', { camera: true }, ['asksUnknown']],
    ['of what cannot be read', { kv: { bytes: -1 } }, ['asksUnreadable']],
  ];
  for (const [name, permissions, forms, policy] of cases) {
    it(`${name} are known`, () =>
      assert.deepEqual(
        said(permissions, policy).map(({ form }) => form),
        forms,
      ));
  }

  it('of what is imported and not asked for are known', () => {
    assert.deepEqual(
      said({}, {}, 'http_request').map(({ form }) => form),
      ['unasked'],
    );
  });

  it('give their names', () => {
    assert.deepEqual(said({ kv: { bytes: 1_572_864 } }), [
      {
        text: 'Keep data of its own on this device, at most 1.5 MiB.',
        form: 'kvUpTo',
        names: { bytes: 1_572_864 },
      },
    ]);
    assert.deepEqual(said({ mail: { to: ['ann@a.example', '*@b.example'] } })[0], {
      text: 'Send e-mail by the server of this site, to ann@a.example, everybody at b.example.',
      form: 'mailTo',
      names: { addresses: ['ann@a.example', '*@b.example'] },
    });
  });

  it('of an app are kept as it wrote them', () => {
    const own: Capability = {
      name: 'calendar',
      namespace: 'app',
      functions: new Map(),
      summary: 'Open your calendar.',
    };
    const [first] = said({ calendar: true }, {}, '', [own]);
    assert.deepEqual(first, { text: 'Open your calendar.' });
  });

  it('U11: cannot be turned into others by the names in them', () => {
    const [first] = said({ commands: list('x. Exchange data with a.example') });
    assert.equal(first?.form, 'commands');
    assert.deepEqual(first?.names, { names: ['x. Exchange data with a.example'] });
    const [other] = said({ commands: list('{names}', '$&', '$1') });
    assert.equal(other?.text, 'Run these commands on the server of this site: {names}, $&, $1.');
  });
});

describe('what one sentence implies of another', () => {
  const host = (entry: string) => sentence('host', 'Exchange data with {host}.', { host: entry });
  const pattern = (entry: string) =>
    sentence('hostPattern', 'Exchange data with every host that matches {host}.', { host: entry });
  const every = sentence('everyHost', 'Exchange data with every public website, over https.');
  const rows: [string, boolean, Sentence, Sentence][] = [
    ['every host, one of them', true, every, host('https://a.example')],
    ['every host, none on another port', false, every, host('https://a.example:8443')],
    [
      'every host, none on this network',
      false,
      every,
      sentence('nearHost', 'Exchange data with {host}, on this computer or its network.', { host: '[::1]' }),
    ],
    [
      'every host, none without encryption',
      false,
      every,
      sentence('plainHost', 'Exchange data with {host}, without encryption.', { host: 'http://a.example' }),
    ],
    ['a pattern, a host below it', true, pattern('*.example.com'), host('api.example.com')],
    ['a pattern, the same with a scheme', true, pattern('*.example.com'), host('https://api.example.com/v1')],
    ['a pattern, not the domain itself', false, pattern('*.example.com'), host('example.com')],
    ['a pattern, no look-alike', false, pattern('*.example.com'), host('badexample.com')],
    ['a pattern within a path, not all of a host', false, pattern('*.example.com/v1'), host('api.example.com')],
    ['a host, a path of it', true, host('https://a.example/v1'), host('https://a.example/v1/x')],
    ['a path, no path that begins alike', false, host('https://a.example/v1'), host('https://a.example/v10')],
    ['a path, not all of its host', false, host('https://a.example/v1'), host('https://a.example')],
    ['a host, no other port', false, host('https://a.example'), host('https://a.example:8443')],
    ['one host, not every', false, host('https://a.example'), every],
  ];
  for (const [name, expected, outer, inner] of rows) {
    it(name, () => assert.equal(implies(outer, inner), expected));
  }

  it('is merged, and what is said twice is said once', () => {
    const all = [host('a.example.com'), pattern('*.example.com'), host('b.test'), host('b.test')];
    const left = withoutImplied(all, (one) => one).map(({ text }) => text);
    assert.deepEqual(left, [all[1]?.text, all[2]?.text]);
  });

  it('has no path in it that reads as an exception', () => {
    const [first] = said({ files: { read: { allow: ['ws0://', 'ws0://x, except in ws0://private'] } } });
    assert.equal(first?.form, 'read');
  });

  it('implies no path that a folder of its name does not cover', () => {
    assert.equal(implies(host('a.example/v1/'), host('a.example/v1')), false);
    assert.equal(implies(host('a.example/v1/'), host('a.example/v1/x')), true);
    assert.equal(implies(host('a.example/v1'), host('a.example/v1/')), true);
    assert.equal(implies(host('a.example/'), host('a.example')), true);
  });
});
