// `plugins-manager:jwt/authorization`: whether the user who stands behind a call may do something.

import { messageOf } from '../../../errors.ts';
import { visibleText } from '../../../util/text/visible-text.ts';
import { authorize } from '../authorization/authorize.ts';
import { readClaims } from '../authorization/claims.ts';
import { PERMISSIONS } from '../authorization/permissions.ts';
import { isToken, type VerifyClaims } from '../authorization/verify.ts';
import { parseJson } from '../parse-json.ts';
import { importedInterface } from './import.ts';

const MOST_NAMES = 5;

/** @param superAdminTenantId undefined where no tenant is above the others */
export function authorization(verify: VerifyClaims, superAdminTenantId: string | undefined) {
  return importedInterface('plugins-manager:jwt/authorization', {
    async authorize([given, superAdmin, tenantId, permissions], { log, ...context }) {
      const text = given as string;
      const said = isToken(text) ? undefined : readText(text);
      if (said && 'error' in said) return { err: `Failed to parse claims: ${said.error}` };
      let counted: unknown;
      try {
        counted = await verify(text, context);
      } catch (thrown) {
        return { err: `Authorization failed: ${messageOf(thrown)}` };
      }
      const claims = readClaims(counted);
      if ('error' in claims) return { err: `Failed to parse claims: ${claims.error}` };
      const asked = permissions as readonly string[];
      const unknown = asked.filter((name) => !PERMISSIONS.has(name));
      if (unknown.length > 0) {
        const names = unknown.slice(0, MOST_NAMES).map((name) => `\`${visibleText(name, 64)}\``);
        log('warn', `\`authorize\` does not ask for ${names.join(', ')}: no permission has that name`);
      }
      const refusal = authorize(claims, {
        superAdmin: superAdmin as boolean,
        tenantId: tenantId as string | null,
        permissions: asked.filter((name) => PERMISSIONS.has(name)),
        superAdminTenantId,
      });
      return refusal === undefined ? { ok: null } : { err: `Authorization failed: ${refusal}` };
    },
  });
}

function readText(text: string): ReturnType<typeof readClaims> {
  const parsed = parseJson(text);
  return 'error' in parsed ? parsed : readClaims(parsed.value);
}
