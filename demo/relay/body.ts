// Reads a request's body, whose size is already bounded: UTF-8, JSON, of the protocol.

import * as v from 'valibot';
import { Problem } from './problem.ts';
import { CallBody } from './protocol.ts';

/**
 * @throws {Problem} BAD_REQUEST
 */
export function readBody(contentType: string | undefined, bytes: ArrayBuffer): CallBody {
  if (contentType?.split(';')[0]?.trim().toLowerCase() !== 'application/json') {
    throw new Problem('bad_request', 'Expected Content-Type: application/json');
  }
  const read = v.safeParse(CallBody, parse(bytes));
  if (read.success) return read.output;
  const [issue] = read.issues;
  throw new Problem('bad_request', `${v.getDotPath(issue) ?? 'The body'}: ${issue.message}`.slice(0, 300));
}

function parse(bytes: ArrayBuffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Problem('bad_request', 'The body is not JSON in UTF-8');
  }
}
