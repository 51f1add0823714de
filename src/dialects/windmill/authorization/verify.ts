// Who says that claims are somebody's: a plugin only hands them on, and could have made them up.

import type { HostCallContext } from '../../../capabilities/host-function.ts';
import { fromBase64Url } from '../../../util/base64url.ts';
import { isSame } from '../../../util/same-data.ts';
import { parseJson } from '../parse-json.ts';

/** The call in which a plugin hands claims over. */
export type ClaimsCall = Pick<HostCallContext, 'plugin' | 'context' | 'signal'>;

/**
 * Checks claims that a plugin hands over: JSON, or a signed token.
 * @returns those that count, as an object; a promise of it is fine
 * @throws with what the plugin hears behind `Authorization failed: `
 */
export type VerifyClaims = (claims: string, call: ClaimsCall) => unknown;

/** Of a request, or what the app has put under `claims` of a call's `context`: its payload, its token, or the claims themselves. */
export interface GivenClaims {
  readonly payload?: unknown;
  readonly token?: unknown;
}

/** Those that the app has given for this call, and no others. */
export const asGiven: VerifyClaims = (text, { context }) => {
  const given = givenClaims(context);
  if (given === undefined) throw new Error('nobody has given claims for this call');
  return sameAs(payloadOf(given), text);
};

/** @returns the expected ones @throws where the plugin has handed over others */
export function sameAs(expected: unknown, text: string): unknown {
  const parsed = parseJson(text);
  if ('value' in parsed && isSame(parsed.value, expected)) return expected;
  throw new Error('these are not the claims that were given for this call');
}

export function givenClaims(context: unknown): GivenClaims | undefined {
  if (typeof context !== 'object' || context === null || !('claims' in context)) return undefined;
  const { claims } = context;
  return typeof claims === 'object' && claims !== null ? claims : undefined;
}

/** What plugins get as claims. */
export function payloadOf(claims: GivenClaims): unknown {
  const { payload, token } = claims;
  if (payload !== undefined) return payload;
  return token === undefined ? claims : payloadIn(token);
}

export function isToken(text: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(text);
}

/** As it stands there: nobody has checked its signature yet. Undefined where it is not a token. */
function payloadIn(token: unknown): unknown {
  const bytes = typeof token === 'string' && isToken(token) ? fromBase64Url(token.split('.')[1] ?? '') : undefined;
  const parsed = bytes && parseJson(new TextDecoder().decode(bytes));
  return parsed && 'value' in parsed ? parsed.value : undefined;
}
