// Whom a request is made for: the app says it, the plugin hears it, and nobody else can.

import { assert } from 'chai';
import { defaultDialects } from '../../src/dialects/index.ts';
import { type FetchInit, fetchFromHost, fetchFromPlugin } from '../../src/extensions/host-fetch.ts';
import type { Claims } from '../../src/index.ts';
import { claimsOf } from '../../src/manifest/claims.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { StandIn, standInHost } from './stand-in.ts';

const KNOWN = await defaultDialects();
const PATH = '/api/plugins/shortcut/x';
const NAME = 'X-Cloche-Claims';

const asApp = (plugin: StandIn, init?: FetchInit, input: RequestInfo = PATH): Promise<Response> =>
  fetchFromHost({ host: standInHost([plugin]), dialects: async () => KNOWN, say: () => undefined }, input, init);

const asPage = (plugin: StandIn, init?: FetchInit, input: RequestInfo = PATH): Promise<Response> =>
  fetchFromPlugin(plugin, () => undefined, input, init);

for (const [who, fetch] of [
  ['host.fetch', asApp],
  ['plugin.fetch', asPage],
] as const) {
  describe(`claims given with ${who}`, () => {
    let plugin: StandIn;
    beforeEach(() => {
      plugin = new StandIn({ routes: [{ method: '', path: '*' }] });
    });

    /** What the plugin hears in all of its headers whose name is like that of claims. */
    async function heard(init?: FetchInit, input?: RequestInfo): Promise<unknown> {
      const response = await fetch(plugin, init, input);
      assert.equal(response.status, 200, await response.clone().text());
      const { headers } = JSON.parse(plugin.calls.at(-1)?.input ?? '') as { headers: Record<string, string> };
      return Object.entries(headers).filter(([name]) => /claims/i.test(name));
    }

    it('are one header of JSON, whatever characters they have', async () => {
      const claims: Claims = { userId: 7, name: 'Jürgen 😀\n\u007f', roles: ['admin', 'größer'] };
      const text = '{"userId":7,"name":"J\\u00fcrgen \\ud83d\\ude00\\n\\u007f","roles":["admin","gr\\u00f6\\u00dfer"]}';
      assert.deepEqual(await heard({ claims }), [[NAME, text]]);
      assert.deepEqual(JSON.parse(text), claims);
      assert.deepEqual(await heard({ claims: { userId: 'ann' } }), [[NAME, '{"userId":"ann"}']]);
    });

    it('N11: are not there where none are given, whatever headers are', async () => {
      const forged = '{"userId":1,"roles":["admin"]}';
      for (const name of [NAME, 'x-cloche-claims', 'X-CLOCHE-CLAIMS']) {
        assert.deepEqual(await heard({ headers: { [name]: forged } }), []);
        assert.deepEqual(
          await heard({
            headers: [
              [name, forged],
              [name, forged],
            ],
          }),
          [],
        );
        assert.deepEqual(await heard(undefined, new Request(PATH, { headers: { [name]: forged } })), []);
      }
    });

    it('N11: take the place of a header of that name', async () => {
      const headers = { 'x-cloche-claims': '{"userId":1}' };
      const expected = [[NAME, '{"userId":"ann"}']];
      assert.deepEqual(await heard({ headers, claims: { userId: 'ann' } }), expected);
      assert.deepEqual(await heard({ claims: { userId: 'ann' } }, new Request(PATH, { headers })), expected);
    });

    it('are the context of what the plugin calls meanwhile', async () => {
      await heard({ claims: { userId: 'ann', roles: ['admin'] } });
      assert.deepEqual(claimsOf(plugin.calls.at(-1)?.options?.context), { userId: 'ann', roles: ['admin'] });
      await heard({ headers: { [NAME]: '{"userId":1}' } });
      assert.isUndefined(plugin.calls.at(-1)?.options?.context);
    });

    const LONG = 'x'.repeat(257);
    for (const [what, claims] of [
      ['nothing of a user', {}],
      ['null', null],
      ['text', 'ann'],
      ['an empty id', { userId: '' }],
      ['a fraction for an id', { userId: 1.5 }],
      ['an object for an id', { userId: {} }],
      ['a long id', { userId: LONG }],
      ['a number for a name', { userId: 1, name: 7 }],
      ['a long name', { userId: 1, name: LONG }],
      ['text for roles', { userId: 1, roles: 'admin' }],
      ['a number among roles', { userId: 1, roles: [1] }],
      ['a long role', { userId: 1, roles: [LONG] }],
      ['many roles', { userId: 1, roles: new Array(101).fill('x') }],
      ['what nobody knows', { userId: 1, role: 'admin' }],
    ] as const) {
      it(`are refused where they are ${what}`, async () => {
        await rejectsCode('OPTION_INVALID', fetch(plugin, { claims: claims as never }), /claims/);
        assert.isEmpty(plugin.calls);
      });
    }

    it('are refused with a request that cannot carry them', async () => {
      const init: FetchInit = { mode: 'no-cors', claims: { userId: 1 } };
      await rejectsCode('OPTION_INVALID', fetch(plugin, init), /no-cors/);
      assert.isEmpty(plugin.calls);
    });
  });
}
