// `authorize` in the words of its contract: docs/contracts/windmill.md, section 8 of what was read of the original.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HostCallContext } from '../../../../src/capabilities/host-function.ts';
import { type WindmillOptions, windmillCapabilities } from '../../../../src/dialects/windmill/capabilities.ts';

const HASURA = 'https://hasura.io/jwt/claims';

function claims(tenant = 'T1', roles: readonly string[] = ['admin-user']): Record<string, unknown> {
  return {
    ...{ exp: 1, iat: 1, jti: 'j', iss: 'i', sub: 's', typ: 'Bearer', azp: 'a', acr: '1', scope: 'openid' },
    ...{ 'allowed-origins': [], email_verified: true },
    [HASURA]: {
      'x-hasura-default-role': 'admin-user',
      'x-hasura-tenant-id': tenant,
      'x-hasura-user-id': 'u',
      'x-hasura-allowed-roles': roles,
    },
  };
}

type Asked = [superAdmin: boolean, tenantId: string | null, permissions: string[]];

async function authorize(
  text: string,
  asked: Asked,
  options: WindmillOptions['authorization'] & { given?: unknown; heard?: string[] } = {},
): Promise<unknown> {
  const { given, heard, ...authorization } = options;
  const capability = windmillCapabilities({ authorization }).find(({ name }) => name === 'authorization');
  const fn = capability?.functions.get('authorize');
  const context = { context: { claims: { payload: given } }, log: (_: string, line: string) => heard?.push(line) };
  const answer = (await fn?.call([[text, ...asked]], context as unknown as HostCallContext)) as object;
  return 'ok' in answer ? 'ok' : (answer as { err: string }).err;
}

/** By claims that the app has given. */
const asks = (asked: Asked, given = claims(), superAdminTenantId?: string): Promise<unknown> =>
  authorize(JSON.stringify(given), asked, { given, ...(superAdminTenantId !== undefined && { superAdminTenantId }) });

describe('authorize', () => {
  it('answers the worked examples of its contract', async () => {
    const tenant = (shown: string): string =>
      `Authorization failed: Unathorized: not a super admin or invalid tenant_id ${shown}`;
    const table: [Asked, string, string?][] = [
      [[false, 'T1', ['admin-user']], 'ok'],
      [[false, 'T1', []], 'ok'],
      [[false, 'T1', ['miru-create']], 'Authorization failed: Unathorized: ["miru-create"] not in {"admin-user"}'],
      [[false, 'T1', ['no-such-permission']], 'ok'],
      [[false, 'T2', ['admin-user']], tenant('Some("T2")')],
      [[false, null, []], tenant('None')],
      [[true, 'T2', []], tenant('Some("T2")')],
      [[true, 'T2', []], 'ok', 'T0'],
      [[true, null, []], 'ok', 'T0'],
      [[true, 'T"\\\n\u001b', []], tenant('Some("T\\"\\\\\\n\\u{1b}")')],
    ];
    for (const [asked, expected, own] of table) assert.equal(await asks(asked, claims(own), 'T0'), expected);
    assert.equal(await asks([true, 'T2', []]), 'Authorization failed: SUPER_ADMIN_TENANT_ID must be set');
    const roles = claims('T1', ['admin-user', 'tenant-read', 'admin-user']);
    assert.equal(
      await asks([false, 'T1', ['miru-create']], roles),
      'Authorization failed: Unathorized: ["miru-create"] not in {"admin-user", "tenant-read"}',
    );
  });

  it('says what is wrong with claims, before it asks whose they are', async () => {
    const without = (name: string): Record<string, unknown> => ({ ...claims(), [name]: undefined });
    const table: [string, RegExp][] = [
      ['{}', /^Failed to parse claims: missing field `exp`/],
      ['x', /^Failed to parse claims: Unexpected token/],
      ['5', /^Failed to parse claims: invalid type: number, expected struct JwtClaims/],
      [
        JSON.stringify({ ...claims(), exp: '1' }),
        /^Failed to parse claims: invalid type: string, expected i64 as `exp`/,
      ],
      [JSON.stringify(without('scope')), /missing field `scope`/],
      [JSON.stringify(without(HASURA)), /missing field `https:\/\/hasura\.io\/jwt\/claims`/],
      [JSON.stringify({ ...claims(), [HASURA]: {} }), /missing field `x-hasura-default-role`/],
      [JSON.stringify({ ...claims(), aud: 5 }), /expected a string or a sequence of strings as `aud`/],
    ];
    for (const [text, error] of table) assert.match(String(await authorize(text, [false, 'T1', []])), error, text);
    const more = { ...claims(), aud: ['a'], realm_access: { roles: [] }, more: 1 };
    assert.equal(await asks([false, 'T1', []], more), 'ok');
  });

  it('H22: takes no claims but those that the app has given', async () => {
    const forged = JSON.stringify(claims('T1', ['admin-user', 'miru-create']));
    assert.equal(
      await authorize(forged, [false, 'T1', []], { given: claims() }),
      'Authorization failed: these are not the claims that were given for this call',
    );
    assert.match(String(await authorize(forged, [false, 'T1', []])), /not the claims that were given/);
  });

  it("counts what the app's own check gives, and hears what that throws", async () => {
    const verify = (text: string): unknown => {
      if (text !== '{"session":1}') throw new Error('no such session');
      return claims();
    };
    const text = JSON.stringify(claims('T2'));
    assert.equal(await authorize(text, [false, 'T1', []], { verify }), 'Authorization failed: no such session');
    assert.equal(await authorize(text, [false, 'T1', []], { verify: () => claims() }), 'ok');
  });

  it('notes a permission that nobody knows', async () => {
    const heard: string[] = [];
    const given = claims();
    await authorize(JSON.stringify(given), [false, 'T1', ['no-such\n']], { given, heard });
    assert.match(heard.join(), /does not ask for `no-such\\n`/);
  });
});
