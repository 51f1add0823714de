import { assert } from 'chai';
import { makeHost } from '../helpers/hosts.ts';
import { assertWayMissing, hostCallsContract } from './host-calls.contract.ts';

describe('host calls by service worker', () => {
  const options = { hostCalls: 'service-worker', serviceWorker: '/cloche-sw.js' } as const;
  hostCallsContract({ way: 'service-worker', isolation: 'same-origin', options });

  describe('without its URL', () => {
    assertWayMissing({ hostCalls: 'service-worker' }, /^No `serviceWorker` was given;/);
  });

  describe('that is not there', () => {
    assertWayMissing(
      { hostCalls: 'service-worker', serviceWorker: '/no-such-worker.js' },
      /^The service worker did not start \(.+\);/,
    );
  });

  it('gives up on a service worker that cannot control this page', async () => {
    const host = await makeHost({ hostCalls: 'service-worker', serviceWorker: '/test/fixtures/host/idle-sw.js' });
    assert.equal(host.environment.hostCalls, 'none');
    assert.match(host.environment.reason, /did not answer within/);
  });
});
