// What `handle_request` is given: a request as JSON, in the shape of Windshift (WS11).

import { canonicalName } from '../go/canonical-name.ts';
import { writeGoJson } from '../go/json.ts';

/** @throws what reading the body throws */
export async function routeInput(request: Request, plugin: string, path: string): Promise<string> {
  const body = await request.arrayBuffer();
  return writeGoJson({
    method: request.method,
    path,
    headers: new Map([...request.headers].map(([name, value]) => [canonicalName(name), value])),
    // As in Go, a byte order mark stays.
    body: new TextDecoder('utf-8', { ignoreBOM: true }).decode(body),
    query: firstOfEach(readableQuery(new URL(request.url).search)),
    params: { plugin },
  });
}

/** What Go cannot read of a query it leaves out, pair by pair: one with `;` in it, or with a `%` that begins no byte. */
function readableQuery(search: string): URLSearchParams {
  const pairs = search.slice(1).split('&');
  return new URLSearchParams(pairs.filter((pair) => !/;|%(?![0-9a-f]{2})/i.test(pair)).join('&'));
}

function firstOfEach(query: URLSearchParams): Map<string, string> {
  const first = new Map<string, string>();
  for (const [key, value] of query) {
    if (!first.has(key)) first.set(key, value);
  }
  return first;
}
