// The error where a content security policy of the embedding page forbids what Cloche needs.

import { ClocheError } from '../errors.ts';

/** @param what what the policy does, such as `keeps the worker from starting` */
export function cspBlocked(what: string, directives: string, cause?: unknown): ClocheError {
  const message = `The content security policy of this page ${what}. Add to it: ${directives}`;
  return new ClocheError('CSP_BLOCKED', message, { cause });
}
