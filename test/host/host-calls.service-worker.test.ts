import { assert } from 'chai';
import { makeHost, pause } from '../helpers/hosts.ts';
import { later } from '../helpers/later.ts';
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
});

// Where no other host is there: what its spare workers are held to began at a time that has not come yet.
describe('host calls by a service worker that cannot control this page', () => {
  it('are given up', async () => {
    const serviceWorker = '/test/fixtures/host/idle-sw.js';
    // It is there: only that it controls this page is waited for.
    await navigator.serviceWorker.register(serviceWorker);
    const made = makeHost({ hostCalls: 'service-worker', serviceWorker });
    await pause(300);
    // Twice past its five seconds: a deadline that comes late is moved once.
    using _once = later(6_000);
    await pause(1_200);
    using _twice = later(6_000);
    const { environment } = await made;
    assert.equal(environment.hostCalls, 'none');
    assert.match(environment.reason, /did not answer within/);
  });
});
