// What must be in claims, and of which type: docs/contracts/windmill.md, section 8. Keys that are not here may be there.

/** What the rules need of them. */
export interface TenantClaims {
  readonly tenantId: string;
  readonly allowedRoles: readonly string[];
}

/** Whether a value is of the type; undefined where it is, else what was expected. */
type Check = (value: unknown) => string | undefined;

const HASURA = 'https://hasura.io/jwt/claims';
const TENANT = 'x-hasura-tenant-id';
const ROLES = 'x-hasura-allowed-roles';

const text: Check = (value) => (typeof value === 'string' ? undefined : 'a string');
const integer: Check = (value) => (Number.isSafeInteger(value) ? undefined : 'i64');
const boolean: Check = (value) => (typeof value === 'boolean' ? undefined : 'a boolean');
const texts: Check = (value) =>
  Array.isArray(value) && value.every((item) => typeof item === 'string') ? undefined : 'a sequence of strings';
const textOrTexts: Check = (value) => (text(value) && texts(value) ? 'a string or a sequence of strings' : undefined);
const roles: Check = (value) => (isObject(value) && !texts(value.roles) ? undefined : 'struct JwtRolesAccess');
const rolesByName: Check = (value) =>
  isObject(value) && Object.values(value).every((one) => !roles(one)) ? undefined : 'a map';
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || value === null ? undefined : check(value);

/** In the order in which the original misses them. */
const FIELDS: Readonly<Record<string, Check>> = {
  exp: integer,
  iat: integer,
  auth_time: optional(integer),
  jti: text,
  iss: text,
  aud: optional(textOrTexts),
  sub: text,
  typ: text,
  azp: text,
  nonce: optional(text),
  session_state: optional(text),
  acr: text,
  'allowed-origins': texts,
  realm_access: optional(roles),
  resource_access: optional(rolesByName),
  scope: text,
  sid: optional(text),
  email_verified: boolean,
  [HASURA]: (value) => (isObject(value) ? undefined : 'struct JwtHasuraClaims'),
  name: optional(text),
  preferred_username: optional(text),
  given_name: optional(text),
  family_name: optional(text),
  trustee: optional(text),
};
const HASURA_FIELDS: Readonly<Record<string, Check>> = {
  'x-hasura-default-role': text,
  [TENANT]: text,
  'x-hasura-user-id': text,
  'x-hasura-area-id': optional(text),
  'authorized-election-ids': optional(texts),
  [ROLES]: texts,
  'x-hasura-permission-labels': optional(text),
};

/** @param claims as whoever has checked them gives them */
export function readClaims(claims: unknown): TenantClaims | { readonly error: string } {
  if (!isObject(claims)) return { error: `invalid type: ${kindOf(claims)}, expected struct JwtClaims` };
  const hasura = claims[HASURA];
  const error = problemIn(claims, FIELDS) ?? (isObject(hasura) ? problemIn(hasura, HASURA_FIELDS) : undefined);
  if (error !== undefined) return { error };
  const { [TENANT]: tenantId, [ROLES]: allowedRoles } = hasura as { [TENANT]: string; [ROLES]: string[] };
  return { tenantId, allowedRoles };
}

function problemIn(given: Readonly<Record<string, unknown>>, fields: typeof FIELDS): string | undefined {
  for (const [name, check] of Object.entries(fields)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    const expected = check(value);
    if (expected === undefined) continue;
    return value === undefined
      ? `missing field \`${name}\``
      : `invalid type: ${kindOf(value)}, expected ${expected} as \`${name}\``;
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'sequence';
  return { string: 'string', number: 'number', boolean: 'boolean', object: 'map' }[typeof value as string] ?? 'nothing';
}
