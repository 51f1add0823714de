import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { EVERYTHING, type RelayUnderTest, startRelay, testConfig } from './relay-under-test.ts';

describe('create_comment', () => {
  let relay: RelayUnderTest;
  before(async () => {
    const config = await testConfig();
    const narrow = { comments: { items: [1], authors: [7] } };
    const [caller] = config.callers;
    relay = await startRelay({ callers: [{ ...caller, plugins: { standup: EVERYTHING, narrow } }] });
  });
  after(() => relay.end());

  const fine = { item_id: 1, author_id: 7, content: 'Hello' };

  for (const [what, args, error] of [
    ['a wrong type', { ...fine, item_id: '1' }, 'invalid request payload'],
    ['a fraction for an id', { ...fine, item_id: 1.5 }, 'invalid request payload'],
    ['an id beyond what a number can hold', { ...fine, item_id: 2 ** 53 }, 'invalid request payload'],
    ['a list for the text', { ...fine, content: ['Hello'] }, 'invalid request payload'],
    ['a word for the flag', { ...fine, suppress_notifications: 'yes' }, 'invalid request payload'],
    ['nothing at all', {}, 'item_id is required'],
    ['null for the item', { ...fine, item_id: null }, 'item_id is required'],
    ['a negative item', { ...fine, item_id: -1, author_id: 0 }, 'item_id is required'],
    ['no author', { item_id: 1, content: '' }, 'author_id is required'],
    ['only white space', { ...fine, content: ' \n\t\u00a0\u0085\u2028' }, 'content is required'],
    ['white space before the item is looked for', { ...fine, item_id: 99, content: '' }, 'content is required'],
    ['an unknown item and author', { ...fine, item_id: 99, author_id: 99 }, 'failed to create comment'],
    ['an unknown author', { ...fine, author_id: 99 }, 'failed to create comment'],
  ] as const) {
    it(`answers "${error}" to ${what}`, async () => {
      const { status, body } = await relay.call('create_comment', args);
      assert.equal(status, 200);
      assert.deepEqual(body, { result: { status: 'error', error } });
    });
  }

  it('stores the comment under the id that it answers, and ignores fields it does not know', async () => {
    const { body } = await relay.call('create_comment', { ...fine, suppress_notifications: true });
    assert.equal(body.result.status, 'ok');
    const [row] = await relay.query(`SELECT * FROM comments WHERE id = ${body.result.comment_id}`);
    assert.equal(row?.item_id, 1);
    assert.equal(row?.author_id, 7);
    assert.equal(row?.plugin, 'standup');
    assert.deepEqual(Object.keys(body.result), ['status', 'comment_id']);
  });

  it('stores text as a TipTap document, byte for byte', async () => {
    const content = 'line <one> & "two"\r\n\n\tthree\u2028é\ud800\b';
    const { body } = await relay.call('create_comment', { ...fine, content });
    const [row] = await relay.query(`SELECT content FROM comments WHERE id = ${body.result.comment_id}`);
    assert.equal(
      row?.content,
      '{"content":[' +
        '{"content":[{"text":"line \\u003cone\\u003e \\u0026 \\"two\\"\\r","type":"text"}],"type":"paragraph"},' +
        '{"type":"paragraph"},' +
        '{"content":[{"text":"\\tthree\\u2028é\ufffd\\b","type":"text"}],"type":"paragraph"}' +
        '],"type":"doc"}',
    );
  });

  it('N11: writes only on items and as authors that the plugin was granted', async () => {
    const plugin = { id: 'narrow', version: '1' };
    const granted = await relay.call('create_comment', fine, { plugin });
    const item = await relay.call('create_comment', { ...fine, item_id: 2 }, { plugin });
    const author = await relay.call('create_comment', { ...fine, author_id: 8 }, { plugin });
    assert.equal(granted.body.result.status, 'ok');
    assert.deepEqual([item.status, item.body.code], [403, 'forbidden']);
    assert.deepEqual([author.status, author.body.code], [403, 'forbidden']);
  });

  it('N11: does not tell which items exist beyond the grant', async () => {
    const plugin = { id: 'narrow', version: '1' };
    const there = await relay.call('create_comment', { ...fine, item_id: 2 }, { plugin });
    const absent = await relay.call('create_comment', { ...fine, item_id: 3 }, { plugin });
    assert.equal(there.text.replace('item 2', 'item #'), absent.text.replace('item 3', 'item #'));
  });
});
