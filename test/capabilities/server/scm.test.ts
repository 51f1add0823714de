import { assert } from 'chai';
import { scm } from '../../../src/capabilities/server/scm.ts';
import { answering, hear, hearAll, served } from '../hear.ts';

const BRANCH = { workspace_repository_id: 4, branch_name: 'feature/x' };
const LINK = { item_id: 7, workspace_repository_id: 4, link_type: 'branch', external_id: 'feature/x' };

const error = (text: string) => `{"status":"error","error":"${text}"}`;

describe('scm', () => {
  const refused: [fn: string, request: string | object, heard: string][] = [
    ['scm_create_branch', 'x', 'invalid request payload'],
    ['scm_create_branch', { ...BRANCH, branch_name: 1 }, 'invalid request payload'],
    ['scm_create_branch', {}, 'workspace_repository_id is required'],
    ['scm_create_branch', { ...BRANCH, workspace_repository_id: -4 }, 'workspace_repository_id is required'],
    ['scm_create_branch', { ...BRANCH, branch_name: '' }, 'branch_name is required'],
    ['scm_create_branch', { ...BRANCH, branch_name: ' \t' }, 'branch_name is required'],
    ['scm_create_branch', BRANCH, 'SCM service not configured'],
    ['scm_create_item_link', '{"item_id":}', 'invalid request payload'],
    ['scm_create_item_link', {}, 'item_id is required'],
    ['scm_create_item_link', { item_id: 7 }, 'workspace_repository_id is required'],
    ['scm_create_item_link', { ...LINK, link_type: ' ', external_id: '' }, 'link_type is required'],
    ['scm_create_item_link', { ...LINK, external_id: '\n' }, 'external_id is required'],
    ['scm_create_item_link', { ...LINK, link_type: 'other' }, 'SCM service not configured'],
  ];
  for (const [fn, request, heard] of refused) {
    it(`\`${fn}\` hears "${heard}" for ${typeof request === 'string' ? request : JSON.stringify(request)}`, async () => {
      assert.equal(await hear(scm(), fn, request), error(heard));
    });
  }

  for (const [fn, request] of [
    ['scm_create_branch', BRANCH],
    ['scm_create_item_link', LINK],
  ] as const) {
    it(`\`${fn}\` hears "no plugin context" while the plugin is only asked about itself`, async () => {
      assert.equal(await hear(scm(), fn, request, { describing: true }), error('no plugin context'));
    });
  }

  it('sends optional fields only when they say something', async () => {
    const { relay, sent, urls } = answering({ status: 'ok', branch_url: 'https://a.example/o/r/tree/x', link_id: 1 });
    const capability = scm({ relay });
    await hear(capability, 'scm_create_branch', { ...BRANCH, base_branch: '' });
    await hear(capability, 'scm_create_branch', { ...BRANCH, base_branch: 'dev' });
    await hear(capability, 'scm_create_item_link', { ...LINK, title: null });
    await hear(capability, 'scm_create_item_link', { ...LINK, title: 'x', external_url: 'https://a.example/' });
    assert.deepEqual(
      sent.map((request) => request.arguments),
      [BRANCH, { ...BRANCH, base_branch: 'dev' }, LINK, { ...LINK, external_url: 'https://a.example/', title: 'x' }],
    );
    assert.deepEqual([...new Set(sent.map((request) => request.capability))], ['scm']);
    assert.deepEqual(
      [...new Set(urls.map((url) => url.split('/').at(-1)))],
      ['scm_create_branch', 'scm_create_item_link'],
    );
  });

  const answers: [fn: string, answer: unknown, heard: string][] = [
    [
      'scm_create_branch',
      { branch_url: 'https://a.example/o/r/tree/a&b', status: 'ok' },
      '{"status":"ok","branch_url":"https://a.example/o/r/tree/a\\u0026b"}',
    ],
    [
      'scm_create_branch',
      { status: 'error', error: 'workspace repository not found: 4' },
      error('workspace repository not found: 4'),
    ],
    ['scm_create_item_link', { status: 'ok', link_id: 9 }, '{"status":"ok","link_id":9}'],
    ['scm_create_item_link', { status: 'error', error: 'item not found: 7' }, error('item not found: 7')],
  ];
  for (const [fn, answer, heard] of answers) {
    it(`\`${fn}\` passes ${JSON.stringify(answer)} on as ${heard}`, async () => {
      assert.equal(await hear(scm(served(answer)), fn, fn === 'scm_create_branch' ? BRANCH : LINK), heard);
    });
  }

  for (const branch_url of [
    '',
    'javascript:alert(1)',
    'ftp://a.example/x',
    '//a.example',
    `https://a.example/${'x'.repeat(5_000)}`,
  ]) {
    it(`takes ${JSON.stringify(branch_url.slice(0, 40))} for no URL of a branch`, async () => {
      const heard = await hearAll(scm(served({ status: 'ok', branch_url })), 'scm_create_branch', BRANCH);
      assert.equal(heard.text, error('relay answer has an unexpected form'));
      assert.equal(heard.outcome, 'RELAY_FAILED');
    });
  }

  it('takes a link without an id for no answer', async () => {
    const heard = await hear(scm(served({ status: 'ok' })), 'scm_create_item_link', LINK);
    assert.equal(heard, error('relay answer has an unexpected form'));
  });
});
