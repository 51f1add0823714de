// Reads a request's body: of bounded size, UTF-8, JSON, of the protocol.

import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as v from 'valibot';
import { Problem } from './problem.ts';
import { CallBody } from './protocol.ts';

export type ReadBody = (c: Context) => Promise<CallBody>;

/** @param mostBytes Counted as they come: a body may be longer than it says, or say nothing. */
export function createBodyReader(mostBytes: number): ReadBody {
  const limit = bodyLimit({
    maxSize: mostBytes,
    onError: () => {
      throw new Problem('payload_too_large', `The body has more than ${mostBytes} bytes`);
    },
  });
  return async (c) => {
    if (c.req.header('Content-Type')?.split(';')[0]?.trim().toLowerCase() !== 'application/json') {
      throw new Problem('bad_request', 'Expected Content-Type: application/json');
    }
    return parse(await readBytes(c, limit));
  };
}

async function readBytes(c: Context, limit: ReturnType<typeof bodyLimit>): Promise<ArrayBuffer> {
  let bytes = new ArrayBuffer(0);
  try {
    await limit(c, async () => {
      bytes = await c.req.arrayBuffer();
    });
  } catch (error) {
    if (error instanceof Problem) throw error;
    // Nobody is there any more to hear this, and nothing is wrong here.
    throw new Problem('bad_request', 'The body broke off');
  }
  return bytes;
}

function parse(bytes: ArrayBuffer): CallBody {
  const read = v.safeParse(CallBody, json(bytes));
  if (read.success) return read.output;
  const [issue] = read.issues;
  throw new Problem('bad_request', `${v.getDotPath(issue) ?? 'The body'}: ${issue.message}`.slice(0, 300));
}

function json(bytes: ArrayBuffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Problem('bad_request', 'The body is not JSON in UTF-8');
  }
}
