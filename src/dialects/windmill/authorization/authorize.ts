// The rules of `authorize`: docs/contracts/windmill.md. Texts are those of the original, its spelling included.

import type { TenantClaims } from './claims.ts';

interface Asked {
  /** Whether the tenant above all others may do it. */
  readonly superAdmin: boolean;
  readonly tenantId: string | null;
  /** Known ones. */
  readonly permissions: readonly string[];
  readonly superAdminTenantId: string | undefined;
}

/** Why not; undefined where it is allowed. */
export function authorize(
  claims: TenantClaims,
  { superAdmin, tenantId, permissions, superAdminTenantId }: Asked,
): string | undefined {
  if (tenantId !== claims.tenantId) {
    if (superAdmin && superAdminTenantId === undefined) return 'SUPER_ADMIN_TENANT_ID must be set';
    if (!superAdmin || superAdminTenantId !== claims.tenantId) {
      const tenant = tenantId === null ? 'None' : `Some(${quoted(tenantId)})`;
      return `Unathorized: not a super admin or invalid tenant_id ${tenant}`;
    }
  }
  const roles = new Set(claims.allowedRoles);
  if (permissions.every((permission) => roles.has(permission))) return undefined;
  return `Unathorized: [${permissions.map(quoted).join(', ')}] not in {${[...roles].map(quoted).join(', ')}}`;
}

/** As Rust shows text. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(/\\(?:u([0-9a-f]{4})|([bf]))/g, (_, code: string | undefined, short) =>
    code ? `\\u{${code.replace(/^0+(?=.)/, '')}}` : short === 'b' ? '\\u{8}' : '\\u{c}',
  );
}
