import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { createServer } from 'vite';
import { prepareDevelopment } from '../../../demo/relay/node/first-run.ts';
import { readServerConfig } from '../../../demo/relay/node/server-config.ts';
import { EVERYTHING, testConfig } from './relay-under-test.ts';

const folder = mkdtempSync(join(tmpdir(), 'relay-config-'));
after(() => rmSync(folder, { recursive: true }));

const good = await testConfig();
const [app] = good.callers;

function read(value: unknown, env: NodeJS.ProcessEnv = {}) {
  const file = join(folder, 'relay.json');
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  return readServerConfig(file, env);
}

const withCaller = (change: object) => ({ ...good, callers: [{ ...app, ...change }] });
const withGrant = (change: object) => withCaller({ plugins: { standup: { ...EVERYTHING, ...change } } });

describe('the configuration', () => {
  for (const [what, value, error] of [
    ['no JSON', '{', /relay\.json cannot be read/],
    ['no callers', {}, /callers: /],
    ['an unknown field', { ...good, caller: [] }, /caller: /],
    ['an unknown field of a grant', withGrant({ mails: {} }), /callers\.0\.plugins\.standup\.mails: /],
    [
      'a token in place of its digest',
      withCaller({ tokenSha256: ['secret'] }),
      /tokenSha256\.0: Expected 64 lower-case/,
    ],
    ['no token', withCaller({ tokenSha256: [] }), /tokenSha256: /],
    ['an origin with a path', withCaller({ origins: ['https://app.example.com/'] }), /origins\.0: Expected an origin/],
    ['any origin', withCaller({ origins: ['*'] }), /origins\.0/],
    ['the origin of sandboxed frames', withCaller({ origins: ['null'] }), /origins\.0/],
    ['any port of a real host', withCaller({ origins: ['https://app.example.com:*'] }), /origins\.0/],
    ['any host of a domain', withCaller({ origins: ['https://*.example.com'] }), /origins\.0/],
    ['a sender that is none', withGrant({ mail: { from: 'Standup', to: [] } }), /mail\.from: Expected an address/],
    [
      'a recipient pattern that is none',
      withGrant({ mail: { from: 'a@b.example', to: ['*.example.com'] } }),
      /mail\.to\.0/,
    ],
    ['items that are not ids', withGrant({ comments: { items: ['1'], authors: 'all' } }), /comments\.items/],
    ['a command that is not on the list', withGrant({ commands: ['rm'] }), /standup may run "rm", which is not a key/],
    ['a repository that is not on the list', withGrant({ scm: { repositories: [4] } }), /standup may use repository 4/],
    [
      'a command by a relative path',
      { ...good, commands: { ls: { program: 'ls', workingDir: '.' } } },
      /commands\.ls\.program: Expected an absolute/,
    ],
    [
      'a pattern that is none',
      { ...good, commands: { ls: { program: '/bin/ls', workingDir: '.', argPattern: '(' } } },
      /argPattern: Expected a regular/,
    ],
    [
      'a repository in two places',
      { ...good, repositories: { 1: { name: 'a/b', path: 'x', url: 'https://x.example' } } },
      /repositories\.1: Expected either path or url/,
    ],
    [
      'a repository without an owner',
      { ...good, repositories: { 1: { name: 'b', path: 'x' } } },
      /repositories\.1\.name/,
    ],
    [
      'a repository behind a command',
      { ...good, repositories: { 1: { name: 'a/b', url: 'ext::sh -c id' } } },
      /repositories\.1\.url/,
    ],
    [
      'a repository behind an option',
      { ...good, repositories: { 1: { name: 'a/b', url: '--upload-pack=id' } } },
      /repositories\.1\.url/,
    ],
    ['a host that is none', withGrant({ http: { allow: ['https://'] } }), /plugins\.standup\.http: .*its host/],
    ['an unknown field of a scope', withGrant({ http: { allowed: [] } }), /standup\.http: .*not "allowed"/],
    [
      'a secret that is too short to be found again',
      withGrant({ http: { allow: ['*'], secrets: { token: { value: '1234567' } } } }),
      /http\.secrets\.token\.value: Expected 8 to 4096/,
    ],
    [
      'a secret for a host that is none',
      withGrant({ http: { allow: ['*'], secrets: { token: { value: '12345678', hosts: ['*.com'] } } } }),
      /http\.secrets\.token\.hosts\.0: /,
    ],
    [
      'a secret for whoever comes',
      withCaller({ plugins: { '*': { http: { allow: ['*'], secrets: { token: { value: '12345678' } } } } } }),
      /Secrets belong to plugins that are named/,
    ],
    [
      'a secret from a variable that is not set',
      withGrant({ http: { allow: ['*'], secrets: { token: { value: { env: 'TOKEN' } } } } }),
      /relay\.json cannot be read: the variable TOKEN is not set/,
    ],
    ['every host as an inner one', { ...good, innerHosts: ['*'] }, /innerHosts: "\*" would open everything/],
    ['a rate of nothing', withCaller({ rate: { perMinute: 0, burst: 1 } }), /rate\.perMinute/],
    [
      'two callers of one name',
      { ...good, callers: [app, { ...app, tokenSha256: ['0'.repeat(64)] }] },
      /Two are named "app"/,
    ],
    ['two callers of one token', { ...good, callers: [app, { ...app, name: 'b' }] }, /Two have the token/],
  ] as const) {
    it(`is refused with the path of the field when it has ${what}`, () => {
      assert.throws(() => read(value), error);
    });
  }

  it('lists everything that is wrong at once', () => {
    assert.throws(
      () => read({ ...withCaller({ origins: ['*'], name: '' }), more: 1 }),
      (error: Error) => {
        assert.equal(error.message.split('\n').length, 4);
        return true;
      },
    );
  });

  it('is accepted as the README shows it', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../../demo/relay/README.md'), 'utf8');
    const example = /```json\n(.+?)```/s.exec(readme)?.[1] ?? '';
    const config = read(example.replace('…', '0'.repeat(64)), { SHORTCUT_TOKEN: 'a-secret' });
    assert.deepEqual(Object.keys(config.callers[0]?.plugins ?? {}), ['standup', 'shortcut']);
    assert.ok(config.commands.report?.argPattern?.test('weekly'));
  });

  it('has safe defaults', () => {
    const config = read({ callers: [] });
    assert.deepEqual(config.listen, { host: '127.0.0.1', port: 8787 });
    const requests = { requestsInFlight: 64, responseBytes: 10_485_760 };
    const limits = { bodyBytes: 1_048_576, inFlight: 1_000, commandsInFlight: 8, recipients: 50, ...requests };
    assert.deepEqual(config.limits, limits);
    assert.deepEqual(config.innerHosts, []);
    assert.equal(config.smtp, undefined);
    assert.deepEqual(config.commands, {});
  });

  it('reads paths relative to its folder', () => {
    const config = read({
      ...good,
      audit: 'logs/audit.log',
      commands: { node: { program: process.execPath, workingDir: 'work' } },
      repositories: { 1: { name: 'a/b', path: 'repository.git' } },
    });
    assert.equal(config.database.url, `file://${join(folder, 'relay.db')}`);
    assert.equal(config.outbox, join(folder, 'outbox'));
    assert.equal(config.audit, join(folder, 'logs/audit.log'));
    assert.equal(config.commands.node?.workingDir, join(folder, 'work'));
    assert.equal(config.repositories[1]?.path, join(folder, 'repository.git'));
  });

  it('takes secrets from the environment', () => {
    const config = read(good, {
      RELAY_SMTP_URL: 'smtps://user:secret@mail.example.com',
      RELAY_DATABASE_URL: 'libsql://relay.example.com',
      RELAY_DATABASE_TOKEN: 'secret',
    });
    assert.deepEqual(config.smtp, { url: 'smtps://user:secret@mail.example.com', connections: 16 });
    assert.deepEqual(config.database, { url: 'libsql://relay.example.com', authToken: 'secret' });
    const secrets = { token: { value: { env: 'TOKEN' } } };
    const [caller] = read(withGrant({ http: { allow: ['*'], secrets } }), { TOKEN: 'a-secret' }).callers;
    assert.deepEqual(caller?.plugins.standup?.http?.secrets, { token: { value: 'a-secret' } });
  });
});

describe('a first run', () => {
  it('makes a configuration that can be read, and a token that stays', async () => {
    const data = join(folder, 'data');
    const first = await prepareDevelopment(data);
    const again = await prepareDevelopment(data);
    const other = await prepareDevelopment(join(folder, 'other'));
    assert.ok(first.token.length >= 43);
    assert.equal(again.token, first.token);
    assert.notEqual(other.token, first.token);
    const config = readServerConfig(first.configFile, {});
    assert.equal(config.listen.host, '127.0.0.1');
    assert.equal(config.callers[0]?.tokenSha256.includes(first.token), false);
  });

  it('lets nobody else on the machine read what it makes, and works on after a move', async () => {
    const data = join(folder, 'moved');
    const { configFile } = await prepareDevelopment(data);
    assert.equal(statSync(data).mode & 0o777, 0o700);
    assert.doesNotMatch(readFileSync(configFile, 'utf8'), new RegExp(folder));
    const config = readServerConfig(configFile, {});
    assert.equal(config.repositories[1]?.path, join(data, 'repository.git'));
    assert.equal(config.commands['node-version']?.workingDir, data);
  });

  it('N13: leaves its token where the development server, which has plugins in its pages, does not serve it', async () => {
    const root = join(import.meta.dirname, '../../..');
    const data = join(root, 'demo/relay/data');
    const file = join(data, `test-${crypto.randomUUID()}`);
    mkdirSync(data, { recursive: true });
    writeFileSync(file, 'secret');
    const server = await createServer({
      root,
      configFile: join(root, 'vite.config.ts'),
      mode: 'playground',
      logLevel: 'silent',
      cacheDir: join(folder, 'vite'),
      optimizeDeps: { noDiscovery: true, include: [] },
      server: { host: 'localhost', port: 0, watch: null, hmr: false, ws: false },
    });
    try {
      await server.listen();
      const address = server.httpServer?.address();
      assert.ok(typeof address === 'object' && address !== null);
      const get = async (path: string) => (await fetch(`http://localhost:${address.port}${path}`)).text();
      assert.match(await get('/demo/relay/README.md'), /The reference relay/);
      const path = `/demo/relay/data/${basename(file)}`;
      for (const way of [path, `${path}?raw`, `${path}?import&raw`, `/@fs${file}`]) {
        assert.doesNotMatch(await get(way), /secret/, way);
      }
    } finally {
      await server.close();
      rmSync(file);
    }
  });
});
