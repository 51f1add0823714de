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
    query: firstOfEach(new URL(request.url).searchParams),
    params: { plugin },
  });
}

function firstOfEach(query: URLSearchParams): Map<string, string> {
  const first = new Map<string, string>();
  for (const [key, value] of query) {
    if (!first.has(key)) first.set(key, value);
  }
  return first;
}
