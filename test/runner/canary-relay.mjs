// A relay by script, on the canary: it answers as a test tells it, right or wrong, and remembers what it was asked.
import { setTimeout as wait } from 'node:timers/promises';

/**
 * @typedef {object} Answer
 * @property {number} [status] 200
 * @property {Record<string, string>} [headers] `Content-Type: application/json`
 * @property {string} [body]
 * @property {number} [delayMs] 0
 * @property {boolean} [drop] closes the connection half way: before an answer began, browsers would repeat by themselves
 * @property {boolean} [closed] answers without CORS headers
 * @typedef {{ method: string | undefined, path: string, headers: import('node:http').IncomingHttpHeaders, body: string }} Seen
 * @typedef {import('./canary-route.ts').Route} Route
 */

/** @returns {Record<string, Route>} */
export function createRelayRoutes() {
  /** @type {Map<string, { answers: Answer[], seen: Seen[] }>} */
  const relays = new Map();
  return {
    /** `POST /relay-script/<id>`: the answers of `/relay/<id>`, one a request; the last one stays. */
    async 'relay-script'({ request, response, rest }) {
      relays.set(rest[0] ?? '', { answers: JSON.parse(await text(request)), seen: [] });
      response.end();
    },
    'relay-seen'({ response, rest }) {
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(relays.get(rest[0] ?? '')?.seen));
    },
    async relay({ request, response, url, rest }) {
      const relay = relays.get(rest[0] ?? '');
      if (!relay) return response.writeHead(404).end();
      const { method, headers } = request;
      relay.seen.push({ method, path: url.pathname + url.search, headers, body: await text(request) });
      const { answers } = relay;
      const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? {};
      await wait(answer.delayMs ?? 0);
      for (const name of answer.closed ? response.getHeaderNames() : []) response.removeHeader(name);
      response.writeHead(answer.status ?? 200, answer.headers ?? { 'Content-Type': 'application/json' });
      if (answer.drop) return response.write('{"result"', () => request.socket.destroy());
      return response.end(answer.body);
    },
  };
}

/** @param {import('node:http').IncomingMessage} request */
async function text(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
