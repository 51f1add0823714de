// The one header in which plugins are told whom a request is made for. Only the host writes it: whatever a page, or anybody
// else, has sent under its name is gone before a dialect sees the request.

import { ClocheError } from '../errors.ts';
import type { Claims } from '../manifest/claims.ts';
import { givenOptions } from '../util/given-options.ts';

const CLAIMS_HEADER = 'X-Cloche-Claims';

const MOST_LENGTH = 256;
const MOST_ROLES = 100;

/**
 * Puts the claims of the app in the place of whatever the request has there.
 * @returns a copy of them
 * @throws {ClocheError} OPTION_INVALID for what are no claims, and where the request cannot carry them
 */
export function setClaims({ headers }: Request, given: unknown): Claims | undefined {
  headers.delete(CLAIMS_HEADER);
  if (given === undefined) return undefined;
  // A header takes no other characters.
  const text = JSON.stringify(checkedClaims(given)).replace(/[\u007f-\uffff]/g, escaped);
  headers.set(CLAIMS_HEADER, text);
  if (headers.get(CLAIMS_HEADER) !== text) throw invalid("to go with a request of another mode than 'no-cors'");
  return JSON.parse(text) as Claims;
}

function checkedClaims(given: unknown): Partial<Claims> {
  const claims = givenOptions<Claims>('`claims`', given, { userId: true, name: true, roles: true });
  const { userId, name, roles } = claims;
  if (!(isText(userId) && userId !== '') && !Number.isSafeInteger(userId)) throw invalid('to have a `userId`');
  if (name !== undefined && !isText(name)) throw invalid('to have text as `name`');
  if (roles !== undefined && !isRoles(roles)) throw invalid('to have a list of texts as `roles`');
  return claims;
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
