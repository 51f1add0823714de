import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HostCallContext } from '../../../src/capabilities/host-function.ts';
import { checkRequest } from '../../../src/capabilities/http/request.ts';
import { withSecrets } from '../../../src/capabilities/http/with-secrets.ts';
import { ClocheError } from '../../../src/errors.ts';
import type { Secret } from '../../../src/secrets/sealed-secrets.ts';

const URL_OF_API = 'https://api.example.com/v1';

const VALUES: Readonly<Record<string, Secret>> = {
  token: { value: 'sk-0123456789', hosts: undefined },
  bound: { value: 'only-for-api', hosts: ['https://api.example.com'] },
  nested: { value: '{{secret:token}}', hosts: undefined },
  long: { value: 'x'.repeat(4_000), hosts: undefined },
};

const plugin: HostCallContext['plugin'] = { id: 'p', name: 'P', version: '1', installation: '@i', temporary: false };
const secrets: HostCallContext['secrets'] = {
  async read(name) {
    const secret = VALUES[name];
    if (secret) return secret;
    throw new ClocheError('SECRET_UNAVAILABLE', name);
  },
  redact: (value) => value,
};

async function sent(headers: Record<string, string>, url = URL_OF_API, calling = { plugin, secrets }) {
  const request = checkRequest({ url, method: 'POST', headers }, new TextEncoder().encode('{{secret:token}}'));
  return withSecrets(request, calling);
}
const headersOf = async (headers: Record<string, string>) => Object.fromEntries((await sent(headers)).headers);
const rejects = (code: string, work: Promise<unknown>) =>
  assert.rejects(work, (thrown: ClocheError) => {
    assert.equal(thrown.code, code);
    return true;
  });

describe('handles of secrets in a request', () => {
  it('are replaced in values of headers, in the midst of them and more than once', async () => {
    assert.deepEqual(
      await headersOf({ Authorization: 'Bearer {{secret:token}}', X: '{{secret:bound}}:{{secret:token}}', Y: 'plain' }),
      { authorization: 'Bearer sk-0123456789', x: 'only-for-api:sk-0123456789', y: 'plain' },
    );
  });

  it('X1: are left as they are in a URL and in a body', async () => {
    const request = await sent({ X: '{{secret:token}}' }, `${URL_OF_API}/{{secret:token}}?q={{secret:token}}`);
    assert.ok(!request.url.href.includes('sk-'));
    assert.equal(new TextDecoder().decode(request.body ?? undefined), '{{secret:token}}');
  });

  it('X1: choose no method', () => {
    assert.throws(() =>
      checkRequest({ url: URL_OF_API, headers: { 'X-HTTP-Method': '{{secret:token}}' } }, new Uint8Array()),
    );
    assert.throws(() => checkRequest({ url: URL_OF_API, method: '{{secret:token}}' }, new Uint8Array()));
  });

  it('X1: are no name of a header', () => {
    assert.throws(() => checkRequest({ url: URL_OF_API, headers: { '{{secret:token}}': 'x' } }, new Uint8Array()));
  });

  it('X1: do not come out of a secret', async () => {
    assert.deepEqual(await headersOf({ X: '{{secret:nested}}' }), { x: '{{secret:token}}' });
  });

  it('X1: of a secret with hosts of its own go to those only', async () => {
    await rejects('PERMISSION_DENIED', sent({ X: '{{secret:bound}}' }, 'https://other.example.com/'));
    await rejects('PERMISSION_DENIED', sent({ X: '{{secret:bound}}' }, 'http://api.example.com/'));
    await rejects('PERMISSION_DENIED', sent({ X: '{{secret:bound}}' }, 'https://api.example.com:8443/'));
  });

  for (const value of [
    '{{secret:none}}',
    '{{secret:}}',
    '{{secret:a b}}',
    '{{secret:token}',
    'x{{secret:',
    '{{secret:a}}{{secret:',
  ]) {
    it(`send nothing where there is no secret: ${value}`, () => rejects('SECRET_UNAVAILABLE', sent({ X: value })));
  }

  it('send nothing of a plugin without secrets', () =>
    rejects('SECRET_UNAVAILABLE', sent({ X: '{{secret:token}}' }, URL_OF_API, { plugin, secrets: undefined })));

  it('do not make headers longer than they may be', () =>
    rejects('HTTP_FAILED', sent({ X: '{{secret:long}}'.repeat(5) })));
});
