// `http_request` of Extism plugins from the guest's memory to another server and back, from the page.

import { assert } from 'chai';
import { canary } from '../../helpers/canary.ts';
import { closeHosts } from '../../helpers/hosts.ts';
import { asking, bothWays, NEVER_REACHED, redirecting } from './asking.ts';

describe('http_request of an Extism plugin', () => {
  after(closeHosts);

  describe('from the page', () => {
    const way = asking((relay) => ({ via: 'page', relay }));
    const { ask, failure } = way;
    bothWays(way);

    it('follows no redirect, and names the relay as the way', async () => {
      const text = await failure({ url: redirecting('/echo') });
      assert.match(text, /^HTTP_FAILED: .*or it redirects; a relay that offers `http_fetch` .* follows redirects$/);
    });

    it('says the same of a server that is not there', async () => {
      assert.include(await failure({ url: NEVER_REACHED }), `No answer from ${NEVER_REACHED}: the network failed, `);
    });

    it('sends no body with GET', async () => {
      assert.match(await failure({ url: canary.url('/echo') }, 'x'), /Browsers cannot send a body with GET/);
    });

    it('shows what the server lets the page see of its headers', async () => {
      const { headers } = await ask({ url: canary.url('/headers') });
      assert.equal(headers?.['x-canary'], 'sings');
    });
  });
});
