// Signed tokens as claims of `authorize`, against a server of keys that is really asked.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { TokenOptions } from '../../../../src/dialects/windmill/authorization/token-options.ts';
import { tokenVerifier } from '../../../../src/dialects/windmill/authorization/token-verifier.ts';
import type { ClaimsCall } from '../../../../src/dialects/windmill/authorization/verify.ts';
import { throwsCode } from '../../../helpers/expect-code.ts';

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;

const ISSUER = 'https://id.example';
const now = Math.floor(Date.now() / 1_000);

describe('a signed token', () => {
  let pair: Pair;
  let stranger: Pair;
  let keys: { keys: object[] };
  let isDown = false;
  let asked = 0;
  let url: string;
  const server = createServer((_, response) => {
    asked += 1;
    response.statusCode = isDown ? 503 : 200;
    response.end(JSON.stringify(keys));
  });

  before(async () => {
    [pair, stranger] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
    keys = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256' }] };
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  });

  after(() => server.close());

  const sign = (payload: JWTPayload, { key = pair.privateKey, kid = 'one' } = {}): Promise<string> =>
    new SignJWT({ iss: ISSUER, exp: now + 60, ...payload }).setProtectedHeader({ alg: 'ES256', kid }).sign(key);
  const call = (token?: string): ClaimsCall => ({ context: { claims: { token } } }) as unknown as ClaimsCall;
  const verifier = (options: Partial<TokenOptions> = {}) => tokenVerifier({ jwks: keys, issuer: ISSUER, ...options });
  const refuses = async (token: string, reason: RegExp, options?: Partial<TokenOptions>): Promise<void> =>
    assert.rejects(Promise.resolve(verifier(options)(token, call())), reason);

  it('counts as what it says, handed over itself or as its claims', async () => {
    const token = await sign({ sub: 'u' });
    const payload = { iss: ISSUER, exp: now + 60, sub: 'u' };
    assert.deepEqual({ ...((await verifier()(token, call())) as object) }, payload);
    assert.deepEqual({ ...((await verifier()(JSON.stringify(payload), call(token))) as object) }, payload);
    await assert.rejects(
      async () => verifier()(JSON.stringify({ ...payload, sub: 'x' }), call(token)),
      /not the claims/,
    );
    await assert.rejects(async () => verifier()(JSON.stringify(payload), call()), /no token came/);
  });

  it('ends at its time, give or take what clocks differ', async () => {
    const late = await sign({ exp: now - 20 });
    await verifier()(late, call());
    await refuses(late, /"exp" claim timestamp check failed/, { clockToleranceSeconds: 5 });
    await refuses(await sign({ exp: now - 60 }), /"exp"/);
    await refuses(await sign({ nbf: now + 60 }), /"nbf"/);
    await verifier()(await sign({ nbf: now + 20 }), call());
    const endless = await new SignJWT({ iss: ISSUER })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .sign(pair.privateKey);
    await refuses(endless, /missing required "exp"/);
  });

  it('is refused by another issuer, for others, by an unknown key, and by a key that it names itself', async () => {
    await refuses(await sign({ iss: 'https://other.example' }), /"iss"/);
    await refuses(await sign({ aud: 'other' }), /"aud"/, { audience: 'mine' });
    await verifier({ audience: 'mine' })(await sign({ aud: ['mine', 'other'] }), call());
    await refuses(await sign({}, { key: stranger.privateKey, kid: 'two' }), /no applicable key/);
    await refuses(await sign({}, { key: stranger.privateKey }), /signature verification failed/);
    const jwk = await exportJWK(stranger.publicKey);
    const own = await new SignJWT({ iss: ISSUER, exp: now + 60 })
      .setProtectedHeader({ alg: 'ES256', jwk })
      .sign(stranger.privateKey);
    await refuses(own, /signature verification failed/);
  });

  it('H22: is refused where its algorithm is none, or takes the public key for a secret', async () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const payload = part({ iss: ISSUER, exp: now + 60 });
    await refuses(`${part({ alg: 'none' })}.${payload}.`, /"alg"|Algorithm/);
    const secret = new TextEncoder().encode(JSON.stringify(keys.keys[0]));
    const confused = await new SignJWT({ iss: ISSUER, exp: now + 60 })
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .sign(secret);
    await refuses(confused, /"alg" \(Algorithm\) Header Parameter value not allowed/);
    throwsCode('OPTION_INVALID', () => verifier({ algorithms: ['HS256'] }), /key pairs alone/);
  });

  it('has the keys loaded once, and again for one that is not among them, but not at each try', async () => {
    asked = 0;
    const verify = verifier({ jwks: url });
    const token = await sign({});
    await Promise.all([verify(token, call()), verify(token, call())]);
    await verify(token, call());
    assert.equal(asked, 1);
    const unknown = await sign({}, { key: stranger.privateKey, kid: 'two' });
    for (let i = 0; i < 3; i++) await assert.rejects(async () => verify(unknown, call()), /no applicable key/);
    assert.equal(asked, 1);
  });

  it('H22: counts by a key that is known already, while others cannot be loaded that a stranger wants', async (t) => {
    const verify = verifier({ jwks: url });
    const token = await sign({});
    await verify(token, call());
    const unknown = await sign({}, { key: stranger.privateKey, kid: 'two' });
    // For half a minute none are asked for again.
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 31_000 });
    isDown = true;
    await assert.rejects(async () => verify(unknown, call()), /cannot be loaded/);
    isDown = false;
    await verify(token, call());
  });

  it('says that the keys cannot be loaded, and leaves their server alone for a while', async () => {
    asked = 0;
    isDown = true;
    const verify = verifier({ jwks: url });
    const token = await sign({});
    for (let i = 0; i < 3; i++)
      await assert.rejects(
        async () => verify(token, call()),
        /the keys of http:\/\/127\.0\.0\.1:\d+\/jwks cannot be loaded/,
      );
    assert.equal(asked, 1);
    isDown = false;
  });
});
