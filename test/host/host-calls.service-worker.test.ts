import { assert } from 'chai';
import { makeHost } from '../helpers/hosts.ts';
import { sideBySide } from '../helpers/side-by-side.ts';
import { assertWayMissing, hostCallsContract } from './host-calls.contract.ts';

describe('host calls by service worker', () => {
  const options = { hostCalls: 'service-worker', serviceWorker: '/cloche-sw.js' } as const;
  const idle = sideBySide({
    environment: async () => {
      const host = await makeHost({ hostCalls: 'service-worker', serviceWorker: '/test/fixtures/host/idle-sw.js' });
      return host.environment;
    },
  });
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
    const { hostCalls, reason } = await idle('environment');
    assert.equal(hostCalls, 'none');
    assert.match(reason, /did not answer within/);
  });
});
