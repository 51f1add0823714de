import { assert } from 'chai';
import { comments } from '../../../src/capabilities/server/comments.ts';
import { ClocheError } from '../../../src/errors.ts';
import { ClaimedContext } from '../../../src/manifest/claims.ts';
import { textsOf } from '../../helpers/sentences.ts';
import { answering, hear, hearAll, served, whenFailed } from '../hear.ts';

const REQUEST = { item_id: 7, author_id: 3, content: 'Done & dusted' };

const error = (text: string) => `{"status":"error","error":"${text}"}`;

describe('comments', () => {
  it('asks for server, and says so, until it has a relay', () => {
    assert.match(textsOf([comments().needsServer ?? ''])?.[0] ?? '', /^Only a server .*\.$/);
    assert.isUndefined(comments(served({})).needsServer);
  });

  describe('before any service', () => {
    const refused: [request: string | object, heard: string][] = [
      ['', 'invalid request payload'],
      ['{', 'invalid request payload'],
      ['[]', 'invalid request payload'],
      ['{"item_id":"7"}', 'invalid request payload'],
      ['{"item_id":7.0}', 'invalid request payload'],
      ['null', 'item_id is required'],
      ['{}', 'item_id is required'],
      [{ ...REQUEST, item_id: 0, author_id: 0 }, 'item_id is required'],
      [{ ...REQUEST, item_id: -1 }, 'item_id is required'],
      [{ ...REQUEST, author_id: 0, content: '' }, 'author_id is required'],
      [{ ...REQUEST, content: '' }, 'content is required'],
      [{ ...REQUEST, content: ' \n\t\u00a0\u0085\u3000' }, 'content is required'],
    ];
    for (const [request, heard] of refused) {
      it(`hears "${heard}" for ${typeof request === 'string' ? request : JSON.stringify(request)}`, async () => {
        const { relay, sent } = answering({ status: 'ok', comment_id: 1 });
        assert.equal(await hear(comments(), 'create_comment', request), error(heard));
        assert.equal(await hear(comments({ relay }), 'create_comment', request, { describing: true }), error(heard));
        assert.isEmpty(sent);
      });
    }

    it('hears "no plugin context" while it is only asked about itself', async () => {
      const { relay, sent } = answering({ status: 'ok', comment_id: 1 });
      assert.equal(
        await hear(comments({ relay }), 'create_comment', REQUEST, { describing: true }),
        error('no plugin context'),
      );
      assert.isEmpty(sent);
    });

    it('hears "database not configured" without a relay, and the admin what is missing', async () => {
      const heard = await hearAll(comments(), 'create_comment', REQUEST);
      assert.equal(heard.text, error('database not configured'));
      assert.equal(heard.outcome, 'NEEDS_SERVER');
      // A person is told what is missing, a developer by which option it is had.
      assert.equal(heard.message, `${textsOf([comments().needsServer ?? ''])?.[0]} The option \`relay\` names one.`);
    });

    it('hears offset 0 for what is not a block of memory', async () => {
      const unreadable = new ClocheError('ARGUMENT_UNREADABLE', 'argument 1');
      assert.isNull(await whenFailed(comments(), 'create_comment', unreadable));
    });
  });

  it('sends the fields of the contract, and no others', async () => {
    const { relay, sent, urls } = answering({ status: 'ok', comment_id: 12 });
    const request = '{"ITEM_ID":7,"author_id":1,"Author_Id":3,"content":" a\\r\\nb ","plugin":{"id":"other"},"x":1}';
    assert.equal(await hear(comments({ relay }), 'create_comment', request), '{"status":"ok","comment_id":12}');
    assert.deepEqual(urls, ['https://relay.example/v1/create_comment']);
    assert.deepInclude(sent[0], {
      plugin: { id: 'tester', version: '1' },
      capability: 'comments',
      arguments: { item_id: 7, author_id: 3, content: ' a\r\nb ' },
    });
  });

  it('tells the relay whom the plugin is at work for, only by the claims that came with a request', async () => {
    const { relay, sent } = answering({ status: 'ok', comment_id: 12 });
    const claims = { userId: 7, name: 'Ann', roles: ['admin'] };
    for (const context of [new ClaimedContext(claims), { claims }, undefined]) {
      await hear(comments({ relay }), 'create_comment', { ...REQUEST, claims: { userId: 1 } }, { context });
    }
    assert.deepEqual(
      sent.map((call) => call.claims),
      [claims, undefined, undefined],
    );
    for (const call of sent) assert.deepEqual(call.arguments, REQUEST);
  });

  it('tells the relay that nobody is to be notified, only where the plugin says so', async () => {
    const { relay, sent } = answering({ status: 'ok', comment_id: 12 });
    for (const suppress_notifications of [true, false]) {
      await hear(comments({ relay }), 'create_comment', { ...REQUEST, suppress_notifications });
    }
    assert.deepEqual(
      sent.map((call) => call.arguments),
      [{ ...REQUEST, suppress_notifications: true }, REQUEST],
    );
  });

  const answers: [answer: unknown, heard: string][] = [
    [{ status: 'ok', comment_id: 12, error: '' }, '{"status":"ok","comment_id":12}'],
    [{ status: 'ok', comment_id: 12, extra: 1 }, '{"status":"ok","comment_id":12}'],
    [{ status: 'error', error: 'item not found' }, error('item not found')],
    [{ status: 'error', comment_id: 5, error: 'author not found' }, error('author not found')],
    [{ status: 'error', error: '<b>' }, error('\\u003cb\\u003e')],
  ];
  for (const [answer, heard] of answers) {
    it(`passes ${JSON.stringify(answer)} on as ${heard}`, async () => {
      assert.equal(await hear(comments(served(answer)), 'create_comment', REQUEST), heard);
    });
  }

  for (const answer of [
    {},
    null,
    [],
    'ok',
    { status: 'OK', comment_id: 1 },
    { status: 'ok' },
    { status: 'ok', comment_id: 0 },
    { status: 'ok', comment_id: '1' },
    { status: 'ok', comment_id: 1.5 },
    { status: 'error' },
    { status: 'error', error: 5 },
  ]) {
    it(`takes ${JSON.stringify(answer)} for no answer`, async () => {
      const heard = await hearAll(comments(served(answer)), 'create_comment', REQUEST);
      assert.equal(heard.text, error('relay answer has an unexpected form'));
      assert.equal(heard.outcome, 'RELAY_FAILED');
    });
  }

  it('cuts an error that would not end', async () => {
    const heard = await hear(
      comments(served({ status: 'error', error: 'x'.repeat(10_000) })),
      'create_comment',
      REQUEST,
    );
    assert.equal(heard, error('x'.repeat(4_096)));
  });
});
