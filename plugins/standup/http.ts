// A request as a Windshift host hands it over, and the reply to it.

import { fields, Json, parse, text, whole } from './json';

export class Request {
  constructor(
    readonly method: string,
    readonly path: string,
    readonly body: string,
    private readonly parameters: Json,
  ) {}

  /** A parameter of the query, `''` where there is none. */
  query(name: string): string {
    return this.parameters.textOf(name);
  }
}

export class Reply {
  /** @param body - `null` for none, as with 204. */
  constructor(
    readonly status: i32,
    readonly body: Json | null = null,
  ) {}

  /** As `handle_request` puts it out. */
  toString(): string {
    const body = this.body;
    const reply = fields().with('statusCode', whole(this.status));
    if (body === null) return reply.toString();
    const headers = fields().with('Content-Type', text('application/json'));
    return reply.with('headers', headers).with('body', text(body.toString())).toString();
  }
}

/** An error as its JSON body says it. */
export function refusal(status: i32, message: string): Reply {
  return new Reply(status, fields().with('error', text(message)));
}

/** `null` when the input is none of a Windshift host. */
export function readRequest(input: string): Request | null {
  const request = parse(input);
  if (request === null) return null;
  const query = request.get('query');
  return new Request(
    request.textOf('method'),
    request.textOf('path'),
    request.textOf('body'),
    query === null ? fields() : query,
  );
}
