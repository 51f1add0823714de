// H13: what is not a message of a page, form by form. That its end is that of the frame, and what engines make of what is posted,
// is tested in each of them.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import '../with-resolvers.ts';
import { AssetFinder } from '../../../src/frames/asset-finder.ts';
import type { FrameOptions } from '../../../src/frames/frame.ts';
import type { Inliner } from '../../../src/frames/inline/inliner.ts';
import { PageChannel } from '../../../src/frames/page-channel.ts';
import type { PageLook } from '../../../src/frames/page-protocol.ts';
import { RequestHandler } from '../../../src/frames/request-handler.ts';
import { dispose } from '../../../src/util/dispose.ts';

const ROOT = 'https://host.example/api/plugins/demo/';

/** By this a page has said all. */
const LAST = 'last';

/** Why the page of a channel is ended, if it is, once all that it has sent is read. */
async function endOf(messages: readonly unknown[]): Promise<{ ends: string[]; looks: PageLook[] }> {
  const ends: string[] = [];
  const looks: PageLook[] = [];
  const { promise: isRead, resolve } = Promise.withResolvers<void>();
  const options: FrameOptions = {
    plugin: 'demo',
    title: 'demo',
    page: 'index.html',
    assets: [],
    asset: async () => undefined,
    fetch: () => new Promise(() => undefined),
    receive: () => undefined,
    failed: () => undefined,
    look: (look) => (look.text[0] === LAST ? resolve() : looks.push(look)),
  };
  const { port1, port2 } = new MessageChannel();
  const requests = new RequestHandler(options, new AssetFinder(`${ROOT}assets/`, []), {} as Inliner);
  const channel = new PageChannel(port1, options, requests, {
    broken: (why) => {
      ends.push(why);
      resolve();
    },
    stands: () => true,
    go: () => undefined,
  });
  for (const message of [...messages, lookOf({ text: [LAST] })]) port2.postMessage(message);
  await isRead;
  channel[dispose]();
  port2.close();
  return { ends, looks };
}

const lookOf = (fields: object): object => ({
  type: 'LOOK',
  usesToken: true,
  hasScheme: true,
  text: ['red'],
  ...fields,
});

const request = (fields: object): object => ({
  type: 'REQUEST',
  id: 900,
  method: 'GET',
  headers: [],
  body: null,
  inline: false,
  ...fields,
});

describe('H13: what is not a message of a page', () => {
  const slow = `${ROOT}slow`;
  const bad: [string, unknown[]][] = [
    ['a text', ['x']],
    ['an unknown type', [{ type: 'EVAL', code: '1' }]],
    ['no JSON text', [{ type: 'MESSAGE', json: {} }]],
    ['a message longer than 1 MiB', [{ type: 'MESSAGE', json: JSON.stringify('x'.repeat(1 << 20)) }]],
    ['a request with no id', [request({ url: slow, id: -1 })]],
    ['a request with no URL', [request({ url: null })]],
    ['a request with a URL that is an object', [request({ url: { toString: 'x' } })]],
    ['a request with a long URL', [request({ url: 'x'.repeat(8_193) })]],
    ['headers that are not pairs', [request({ url: 'x', headers: ['a: b'] })]],
    ['a thousand headers', [request({ url: 'x', headers: Array(1_000).fill(['a', 'b']) })]],
    ['headers of a megabyte', [request({ url: 'x', headers: [['a', 'b'.repeat(1 << 20)]] })]],
    ['a body that is not a buffer', [request({ url: 'x', body: 'text' })]],
    ['a body of 17 MiB', [request({ url: 'x', body: new ArrayBuffer(17 << 20) })]],
    ['an endless note', [{ type: 'NOTE', text: 'x'.repeat(501) }]],
    ['more in a message than belongs there', [{ type: 'PONG', extra: 1 }]],
    [
      'more in its headers than belongs there',
      [request({ url: 'x', headers: Object.assign([['a', 'b']], { extra: 1 }) })],
    ],
    ['65 requests at once', Array.from({ length: 65 }, (_, id) => request({ id, url: slow }))],
    ['two requests of one id', Array(2).fill(request({ url: slow }))],
    ['a look with colours without end', [lookOf({ text: Array(17).fill('red') })]],
    ['a look with a colour without end', [lookOf({ text: ['x'.repeat(101)] })]],
    ['a look with what is no colour', [lookOf({ text: [{}] })]],
    ['a look with no answer', [lookOf({ usesToken: 1 })]],
  ];
  for (const [what, messages] of bad) {
    it(`ends the page: ${what}`, async () => {
      const { ends, looks } = await endOf(messages);
      assert.equal(ends.length, 1);
      assert.match(ends[0] ?? '', /^sent (?:a message of no known form|more requests at once than a page may)$/);
      assert.deepEqual(looks, []);
    });
  }

  it('is none of the same forms within their bounds', async () => {
    const { ends, looks } = await endOf([
      { type: 'MESSAGE', json: JSON.stringify('x'.repeat((1 << 20) - 2)) },
      ...Array.from({ length: 64 }, (_, id) => request({ id, url: slow })),
      { type: 'ABORT', id: 0 },
      request({
        id: 900,
        url: 'x'.repeat(8_192),
        headers: Array(100).fill(['a', 'b']),
        body: new ArrayBuffer(16 << 20),
      }),
      { type: 'NOTE', text: 'x'.repeat(500) },
      { type: 'PONG' },
      lookOf({ text: Array(16).fill('x'.repeat(100)) }),
    ]);
    assert.deepEqual([ends, looks.length], [[], 1]);
  });
});
