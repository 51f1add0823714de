// The one header in which plugins are told whom a request is made for. Only the host writes it: whatever a page, or anybody
// else, has sent under its name is gone before a dialect sees the request.

import { ClocheError, messageOf } from '../errors.ts';
import { type Claims, publicClaims } from '../manifest/claims.ts';
import { givenOptions, isPlainObject } from '../util/given-options.ts';

const CLAIMS_HEADER = 'X-Cloche-Claims';

const MOST_LENGTH = 256;
const MOST_ROLES = 100;
const MOST_PAYLOAD_LENGTH = 65_536;

/**
 * Puts the claims of the app in the place of whatever the request has there.
 * @returns a copy of them
 * @throws {ClocheError} OPTION_INVALID for what are no claims, and where the request cannot carry them
 */
export function setClaims({ headers }: Request, given: unknown): Claims | undefined {
  headers.delete(CLAIMS_HEADER);
  if (given === undefined) return undefined;
  // A header takes no other characters.
  const claims = checkedClaims(given);
  const text = JSON.stringify(publicClaims(claims)).replace(/[\u007f-\uffff]/g, escaped);
  headers.set(CLAIMS_HEADER, text);
  if (headers.get(CLAIMS_HEADER) !== text) throw invalid("to go with a request of another mode than 'no-cors'");
  const { payload, token } = claims;
  return { ...JSON.parse(text), ...(payload && { payload }), ...(token !== undefined && { token }) } as Claims;
}

function checkedClaims(given: unknown): Claims {
  const keys = { userId: true, name: true, roles: true, payload: true, token: true };
  const claims = givenOptions<Claims>('`claims`', given, keys);
  const { userId, name, roles, payload, token } = claims;
  if (!(isText(userId) && userId !== '') && !Number.isSafeInteger(userId)) throw invalid('to have a `userId`');
  if (name !== undefined && !isText(name)) throw invalid('to have text as `name`');
  if (roles !== undefined && !isRoles(roles)) throw invalid('to have a list of texts as `roles`');
  const copy = payload === undefined ? undefined : copyOfPayload(payload);
  if (token !== undefined && (typeof token !== 'string' || token.length > MOST_PAYLOAD_LENGTH))
    throw invalid('to have a JWT as `token`');
  return { ...(claims as Claims), ...(copy && { payload: copy }) };
}

function copyOfPayload(payload: unknown): Readonly<Record<string, unknown>> {
  try {
    const text = JSON.stringify(payload);
    const copy: unknown = text.length <= MOST_PAYLOAD_LENGTH ? JSON.parse(text) : undefined;
    if (isPlainObject(copy)) return copy;
  } catch (cause) {
    throw invalid(`to have an object of JSON as \`payload\`: ${messageOf(cause)}`);
  }
  throw invalid('to have an object of JSON as `payload`, of up to 64 kB');
}

function isRoles(roles: unknown): boolean {
  return Array.isArray(roles) && roles.length <= MOST_ROLES && roles.every(isText);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= MOST_LENGTH;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function invalid(expected: string): ClocheError {
  return new ClocheError('OPTION_INVALID', `Expected \`claims\` ${expected}`);
}
