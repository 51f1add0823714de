// A Windshift plugin in its sandbox, and the reference relay in a process of its own: a redirect, a secret, refusals.

import { assert } from 'chai';
import type { Grant, HostOptions, LogRecord } from '../../../src/index.ts';
import { canary } from '../../helpers/canary.ts';
import { guest, passing } from '../../helpers/guests.ts';
import { closeHosts, makeHost } from '../../helpers/hosts.ts';
import { type ReferenceRelay, referenceRelay } from '../reference-relay.ts';

interface Fetched {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

const AUTHORIZATION = { Authorization: 'Bearer {{secret:token}}' };

describe('http by the reference relay', () => {
  let relay: ReferenceRelay;
  before(async () => {
    relay = await referenceRelay();
  });
  afterEach(closeHosts);

  async function stage(options: HostOptions = {}, grant: Grant = { http: { allow: [canary.origin] } }) {
    const host = await makeHost({ serviceWorker: '/cloche-sw.js', relay: relay.options, ...options });
    const lines: LogRecord[] = [];
    host.addEventListener('log', ({ record }) => lines.push(record));
    const wasm = await guest(
      passing('http_fetch'),
      '(import "extism:host/user" "http_fetch" (func $http_fetch (param i64) (result i64)))',
    );
    const manifest = { name: 'integration', entryPoint: 'plugin.wasm' };
    const plugin = await host.open({ wasm, manifest }, { grant });
    const ask = async (request: object): Promise<Fetched> => {
      const { body, ...answer } = JSON.parse(
        (await plugin.call('http_fetch', JSON.stringify(request))).text(),
      ) as Fetched;
      return { ...answer, ...(body && { body: atob(body) }) };
    };
    return { ask, lines };
  }

  it('follows a redirect, and puts in the secret, of which the plugin sees its handle', async () => {
    const { ask } = await stage();
    const url = canary.url(`/redirect?to=${encodeURIComponent('/echo?page=2')}`);
    const { status, body = '' } = await ask({ url, headers: AUTHORIZATION });
    const seen = JSON.parse(body) as { url: string; headers: Record<string, string> };
    assert.deepEqual([status, seen.url, seen.headers.authorization], [200, '/echo?page=2', 'Bearer {{secret:token}}']);
    const id = crypto.randomUUID();
    await ask({ url: canary.url(`/hit/${id}`), headers: AUTHORIZATION });
    const { headers } = (await (await fetch(canary.url(`/seen/${id}`))).json()) as { headers: Record<string, string> };
    assert.equal(headers.authorization, `Bearer ${relay.secret}`);
  });

  it('tells the plugin a 502 for what the relay refuses, and the admin why', async () => {
    const { ask, lines } = await stage();
    assert.deepEqual(await ask({ url: canary.url('/headers') }), { status: 502, body: 'relay does not allow this' });
    assert.include(lines.map(({ text }) => text).join('\n'), `The relay at ${relay.url} does not allow this`);
    const away = await ask({ url: canary.url(`/redirect?to=${encodeURIComponent('http://169.254.169.254/')}`) });
    assert.deepEqual(away, { status: 502, body: 'It redirects to http://169.254.169.254, which is not allowed' });
  });

  it('sends nothing with a secret that the relay does not know', async () => {
    const { ask } = await stage();
    const id = crypto.randomUUID();
    const answer = await ask({ url: canary.url(`/hit/${id}`), headers: { 'X-Key': '{{secret:other}}' } });
    assert.deepEqual([answer.status, answer.body], [502, 'The relay has no secret "other" for this plugin']);
    assert.equal(await canary.count(id), 0);
  });

  it('tells the plugin a 502 for what never ends or is too much', async () => {
    const { ask } = await stage();
    const tooLarge = `The answer of ${canary.origin} is over 65536 bytes`;
    const headers = `The headers of ${canary.origin} are over 65536 bytes`;
    for (const [path, body] of [
      ['/endless', tooLarge],
      [`/gzip?bytes=${64 << 20}`, tooLarge],
      ['/header-bomb', headers],
    ] as const) {
      assert.deepEqual(await ask({ url: canary.url(path) }), { status: 502, body });
    }
  });

  it('lets no redirect out of what the page allows, though the relay would follow it', async () => {
    const { ask } = await stage({}, { http: { allow: [canary.url('/redirect')] } });
    const url = canary.url(`/redirect?to=${encodeURIComponent('/echo')}`);
    assert.deepEqual(await ask({ url }), {
      status: 502,
      body: `It redirects to ${canary.origin}, which is not allowed`,
    });
  });

  it('is left aside by the policy of the app', async () => {
    const { ask } = await stage({ policy: { http: { allow: [canary.origin], via: { [canary.origin]: 'page' } } } });
    const { status, body } = await ask({ url: canary.url('/redirect') });
    assert.equal(status, 502);
    assert.include(body, 'a relay that offers `http_fetch`');
    assert.equal((await ask({ url: canary.url('/headers') })).status, 200);
  });
});
