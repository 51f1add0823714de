import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isBranchName } from '../../../demo/relay/branch-name.ts';
import { type RelayUnderTest, startRelay, testConfig } from './relay-under-test.ts';

const folder = mkdtempSync(join(tmpdir(), 'relay-scm-'));
after(() => rmSync(folder, { recursive: true }));

function git(cwd: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'init.defaultBranch=trunk'];
  return execFileSync('git', [...identity, ...args], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

before(() => {
  assert.equal(spawnSync('git', ['--version']).status, 0, 'These tests need git: install it');
});

/** A repository whose default branch is `trunk`, with a branch `release/1` that is one commit behind. */
function makeRepository(name: string): string {
  git(folder, 'init', '--quiet', name);
  const path = join(folder, name);
  git(path, 'commit', '--quiet', '--allow-empty', '-m', 'One');
  git(path, 'branch', 'release/1');
  git(path, 'commit', '--quiet', '--allow-empty', '-m', 'Two');
  return path;
}

describe('scm_create_branch', () => {
  let relay: RelayUnderTest;
  let here: string;
  let there: string;
  let detached: string;
  before(async () => {
    here = makeRepository('here');
    git(folder, 'clone', '--quiet', '--bare', makeRepository('origin'), 'there.git');
    there = join(folder, 'there.git');
    detached = makeRepository('detached');
    git(detached, 'checkout', '--quiet', '--detach');
    const config = await testConfig();
    const [caller] = config.callers;
    const narrow = { scm: { repositories: [1] } };
    relay = await startRelay({
      callers: [{ ...caller, plugins: { ...caller?.plugins, narrow } }],
      repositories: {
        1: { name: 'acme/here', path: here },
        2: { name: 'acme/there', url: `file://${there}`, provider: 'gitea' },
        3: { name: 'acme/elsewhere', path: here, webUrl: 'https://git.acme.example/sub' },
        4: { name: 'acme/missing', path: join(folder, 'missing') },
        5: { name: 'acme/down', url: 'http://127.0.0.1:9/acme/down.git' },
        6: { name: 'acme/detached', path: detached },
        7: { name: 'acme/no-repository', path: tmpdir() },
      },
    });
  });
  after(() => relay.end());

  const create = async (repository: number, branch: string, base?: string) =>
    (
      await relay.call('scm_create_branch', {
        workspace_repository_id: repository,
        branch_name: branch,
        ...(base !== undefined && { base_branch: base }),
      })
    ).body.result;

  for (const [what, repository, path] of [
    ['on this machine', 1, () => here],
    ['behind a URL', 2, () => there],
  ] as const) {
    describe(`on a repository ${what}`, () => {
      const site = repository === 1 ? 'https://github.com/acme/here' : 'https://gitea.com/acme/there';

      it('starts at the default branch', async () => {
        assert.deepEqual(await create(repository, 'feature/x'), { status: 'ok', branch_url: `${site}/tree/feature/x` });
        assert.equal(git(path(), 'rev-parse', 'feature/x'), git(path(), 'rev-parse', 'trunk'));
      });

      it('starts at the branch that the plugin names', async () => {
        assert.equal((await create(repository, 'fix', 'release/1')).status, 'ok');
        assert.equal(git(path(), 'rev-parse', 'fix'), git(path(), 'rev-parse', 'release/1'));
        assert.notEqual(git(path(), 'rev-parse', 'fix'), git(path(), 'rev-parse', 'trunk'));
      });

      it('leaves a branch that exists where it is', async () => {
        const before = git(path(), 'rev-parse', 'release/1');
        const result = await create(repository, 'release/1');
        assert.deepEqual(result, { status: 'error', error: 'failed to create branch: it exists already' });
        assert.equal(git(path(), 'rev-parse', 'release/1'), before);
      });

      it('says so when the base is missing', async () => {
        const result = await create(repository, 'y', 'nowhere');
        assert.deepEqual(result, { status: 'error', error: 'failed to create branch: base branch not found: nowhere' });
      });

      it('says so when git refuses the name beside another', async () => {
        const result = await create(repository, 'release');
        assert.equal(result.status, 'error');
        assert.match(
          String(result.error),
          /^failed to create branch: (?:git refused it|the repository did not take it)$/,
        );
      });

      it('takes a key that comes again as the same call', async () => {
        const key = crypto.randomUUID();
        const args = { workspace_repository_id: repository, branch_name: 'again' };
        const first = await relay.call('scm_create_branch', args, { key });
        const again = await relay.call('scm_create_branch', args, { key });
        assert.equal(first.body.result.status, 'ok');
        assert.equal(again.text, first.text);
      });
    });
  }

  it('writes names into the URL so that they survive it', async () => {
    const result = await create(3, 'a+b@c/50%#é');
    assert.equal(result.branch_url, 'https://git.acme.example/sub/acme/elsewhere/tree/a+b@c/50%25%23%C3%A9');
  });

  it('falls back to main where there is no default branch', async () => {
    assert.equal((await create(6, 'z')).error, 'failed to create branch: base branch not found: main');
  });

  for (const [what, args, error] of [
    ['a wrong type', { workspace_repository_id: 'x' }, 'invalid request payload'],
    ['no repository', { branch_name: 'x' }, 'workspace_repository_id is required'],
    ['no name', { workspace_repository_id: 1 }, 'branch_name is required'],
    ['an unknown repository', { workspace_repository_id: 99, branch_name: 'x' }, 'workspace repository not found: 99'],
    [
      'a repository that is gone',
      { workspace_repository_id: 4, branch_name: 'x' },
      'failed to create branch: the repository is missing on the relay',
    ],
    [
      'a server that is down',
      { workspace_repository_id: 5, branch_name: 'x' },
      'failed to create branch: the repository cannot be reached',
    ],
    [
      'a folder that is none',
      { workspace_repository_id: 7, branch_name: 'x' },
      'failed to create branch: git cannot read the repository',
    ],
  ] as const) {
    it(`answers "${error}" to ${what}`, async () => {
      const { status, body } = await relay.call('scm_create_branch', args);
      assert.equal(status, 200);
      assert.deepEqual(body.result, { status: 'error', error });
    });
  }

  for (const name of [
    '--upload-pack=touch x',
    '-D',
    'x..y',
    'a b',
    'refs/heads/../x',
    'x\n-y',
    '@{-1}',
    'x.lock',
    'HEAD',
    'main\u202e',
    'ma\u200bin',
  ]) {
    it(`N12: hands ${JSON.stringify(name)} to git neither as branch nor as base`, async () => {
      const error = `failed to create branch: ${JSON.stringify(name)} is not a branch name`;
      assert.deepEqual(await create(1, name), { status: 'error', error });
      assert.deepEqual(await create(1, 'fine', name), { status: 'error', error });
    });
  }

  it('N11: answers 403 to a repository that the plugin was not granted', async () => {
    const plugin = { id: 'narrow', version: '1' };
    const branch = await relay.call('scm_create_branch', { workspace_repository_id: 3, branch_name: 'q' }, { plugin });
    const link = { item_id: 1, workspace_repository_id: 3, link_type: 'branch', external_id: 'q' };
    const linked = await relay.call('scm_create_item_link', link, { plugin });
    for (const { status, body } of [branch, linked]) assert.deepEqual([status, body.code], [403, 'forbidden']);
  });

  describe('scm_create_item_link', () => {
    const link = { item_id: 1, workspace_repository_id: 1, link_type: 'branch', external_id: 'feature/x' };
    const make = async (change: object) =>
      (await relay.call('scm_create_item_link', { ...link, ...change })).body.result;

    it('stores a link', async () => {
      const result = await make({ external_url: 'https://github.com/acme/here/tree/feature/x', title: 'X' });
      assert.deepEqual(Object.keys(result), ['status', 'link_id']);
      const [row] = await relay.query(`SELECT * FROM item_scm_links WHERE id = ${result.link_id}`);
      assert.equal(row?.external_id, 'feature/x');
      assert.equal(row?.title, 'X');
      assert.equal(row?.plugin, 'standup');
    });

    it('answers with the link that exists already, and leaves it as it is', async () => {
      const first = await make({ external_id: 'twice', title: 'First' });
      const again = await make({ external_id: 'twice', title: 'Second' });
      const other = await make({ external_id: 'twice', link_type: 'commit' });
      assert.deepEqual(again, first);
      assert.notEqual(other.link_id, first.link_id);
      const [row] = await relay.query(`SELECT title FROM item_scm_links WHERE id = ${first.link_id}`);
      assert.equal(row?.title, 'First');
    });

    for (const [what, change, error] of [
      ['a wrong type', { title: 1 }, 'invalid request payload'],
      ['no item', { item_id: 0, workspace_repository_id: 0 }, 'item_id is required'],
      ['no repository', { workspace_repository_id: 0, link_type: '' }, 'workspace_repository_id is required'],
      ['no type', { link_type: '', external_id: '' }, 'link_type is required'],
      ['no id', { external_id: '', item_id: 99 }, 'external_id is required'],
      ['another type', { link_type: 'tag', item_id: 99 }, 'invalid link type: tag'],
      ['an unknown item', { item_id: 99, workspace_repository_id: 99 }, 'item not found: 99'],
      ['an unknown repository', { workspace_repository_id: 99 }, 'workspace repository not found: 99'],
      [
        'a link that runs a script',
        { external_url: 'javascript:alert(1)' },
        'failed to create item SCM link: external_url is not an http or https URL',
      ],
    ] as const) {
      it(`answers "${error}" to ${what}`, async () => {
        const { status, body } = await relay.call('scm_create_item_link', { ...link, ...change });
        assert.equal(status, 200);
        assert.deepEqual(body.result, { status: 'error', error });
      });
    }
  });
});

describe('branch names', () => {
  const names = [
    'main',
    'feature/x',
    'a.b',
    'a@b',
    'é',
    '@@',
    'a@{b',
    'HEAD',
    '-x',
    '--x',
    'x-',
    '.x',
    'x/.y',
    'x.',
    'x/y.',
    'x..y',
    'x/',
    '/x',
    'x//y',
    'x.lock',
    'x.lock/y',
    'x.lockz',
    'a b',
    'a\tb',
    'a\x7fb',
    'a~b',
    'a^b',
    'a:b',
    'a?b',
    'a*b',
    'a[b',
    'a\\b',
    'a]b',
    'a{b',
    '',
    'refs/heads/x',
    'a\u00a0b',
    '#1',
    '50%',
    "it's",
    '"',
    '$(id)',
    ';',
    '|',
  ];
  for (const name of names) {
    it(`takes ${JSON.stringify(name)} as git does`, () => {
      const { status } = spawnSync('git', ['check-ref-format', '--branch', name], { cwd: folder });
      assert.equal(isBranchName(name), status === 0);
    });
  }

  for (const name of [
    'ma\u202ein',
    '\u2066main\u2069',
    'ma\u200bin',
    'main\u200d',
    '\ufeffmain',
    'ma\u00adin',
    'main\u0085',
    'main\u009b31m',
    'main\u2028',
    'main\u3164',
    'main\ufe0f',
    'main\u{e0041}',
    'main\ue000',
    'mu\u0308nchen',
    'ab'.repeat(20),
    'AB'.repeat(32),
  ]) {
    it(`refuses ${JSON.stringify(name)}, which git takes, and people would take for another`, () => {
      const { status } = spawnSync('git', ['check-ref-format', '--branch', name], { cwd: folder });
      assert.equal(status, 0);
      assert.ok(!isBranchName(name));
    });
  }

  it('takes letters of every script, and signs that can be seen', () => {
    for (const name of ['m\u00fcnchen', 'фича/1', '機能', 'ميزة', '✨new', 'ab'.repeat(19)])
      assert.ok(isBranchName(name), name);
  });

  it('refuses @, which git takes for HEAD in most places', () => {
    assert.ok(!isBranchName('@'));
  });

  it('refuses names that no file could have', () => {
    assert.ok(isBranchName('a'.repeat(244)));
    assert.ok(!isBranchName('a'.repeat(245)));
  });
});
