// `http_request` of Extism plugins by the reference relay, a process of its own: what is allowed where, and who hears of it.

import { assert } from 'chai';
import { canary } from '../../helpers/canary.ts';
import { closeHosts } from '../../helpers/hosts.ts';
import { ELSEWHERE, type ReferenceRelay, referenceRelay } from '../reference-relay.ts';
import { asking, bothWays, echoed, redirecting } from './asking.ts';

describe('http_request of an Extism plugin', () => {
  let relay: ReferenceRelay;
  before(async () => {
    relay = await referenceRelay();
  });
  after(closeHosts);

  describe('by the relay', () => {
    const way = asking((relay) => ({ via: 'relay', relay }));
    const { ask, failure } = way;
    bothWays(way);

    it('follows redirects, and drops credentials on the way to another origin', async () => {
      const headers = { Authorization: 'Bearer {{secret:token}}', Cookie: 'a=1', 'X-Plain': 'stays' };
      const near = echoed(await ask({ url: redirecting('/echo?page=2'), headers }));
      assert.deepEqual([near.url, near.headers.authorization], ['/echo?page=2', 'Bearer {{secret:token}}']);
      const far = echoed(await ask({ url: redirecting(`${ELSEWHERE}/echo`), headers }));
      const { authorization, cookie, 'x-plain': plain, host } = far.headers;
      assert.deepEqual([authorization, cookie, plain, host], [undefined, undefined, 'stays', new URL(ELSEWHERE).host]);
    });

    it('sends a GET with a body', async () => {
      assert.equal(echoed(await ask({ url: canary.url('/echo') }, 'x')).body, 'x');
    });

    const refusals: readonly (readonly [what: string, url: string, heard: string, reason: RegExp])[] = [
      ['a private address', 'http://10.0.0.1/', 'No answer from http://10.0.0.1: it cannot be reached', /^address: /],
      [
        'a redirect to one',
        redirecting('http://10.0.0.1/'),
        'No answer from http://10.0.0.1: it cannot be reached',
        /^address: 10\.0\.0\.1 is private$/,
      ],
      [
        'a redirect out of its grant',
        redirecting('http://169.254.169.254/'),
        'It redirects to http://169.254.169.254, which is not allowed',
        /^redirect: /,
      ],
      [
        'a header bomb',
        canary.url('/header-bomb'),
        `The headers of ${canary.origin} are over 65536 bytes`,
        /^headers: /,
      ],
      ['what the relay alone refuses', canary.url('/headers'), 'relay does not allow this', /^grant: /],
    ];
    for (const [what, url, heard, reason] of refusals) {
      it(`tells the plugin no more than it may know of ${what}, and the audit of the relay the rule`, async () => {
        const before = await relay.told();
        const text = await failure({ url });
        assert.isTrue(text.startsWith('HTTP_FAILED: ') && text.endsWith(`: ${heard}`), text);
        // Other browsers may have had a line since as well.
        const since = (await relay.told()).slice(before.length).trim().split('\n');
        const lines = since.map((line) => JSON.parse(line) as { plugin: string; function: string; reason?: string });
        const ours = lines.filter(({ plugin, function: name }) => plugin === 'integration' && name === 'http_fetch');
        assert.isTrue(
          ours.some((line) => reason.test(line.reason ?? '')),
          JSON.stringify(lines),
        );
      });
    }
  });

  describe('with headers kept back', () => {
    const { ask } = asking((relay) => ({ via: 'relay', relay, responseHeaders: false }));

    it('EX42: has none', async () => {
      const { status, headers } = await ask({ url: canary.url('/status/200') });
      assert.deepEqual([status, headers], [200, undefined]);
    });
  });
});
