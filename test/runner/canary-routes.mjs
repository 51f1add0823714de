import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import { createReferenceRelayRoutes } from './canary-reference-relay.mjs';
import { createRelayRoutes } from './canary-relay.mjs';
import { createTrackerRoutes } from './canary-tracker.mjs';

/** @typedef {import('./canary-route.ts').Route} Route */

const TYPES = new Map([
  ['.css', 'text/css'],
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript'],
  ['.mjs', 'text/javascript'],
  ['.json', 'application/json'],
  ['.png', 'image/png'],
  ['.svg', 'image/svg+xml'],
  ['.wasm', 'application/wasm'],
  ['.zip', 'application/zip'],
]);

/** Folders that hold nothing private; the rest of the disk is not for test pages. */
const SERVED = ['dist', 'demo', 'plugins', 'test/fixtures', 'test/pages'];

const CHUNK = 64 * 1024;

/**
 * Everything the canary answers, by the first segment of the path.
 * @param {string} root
 * @returns {Record<string, Route>}
 */
export function createRoutes(root) {
  /** Of plugins at the reference relay, and no page's. */
  const secret = randomBytes(16).toString('hex');
  /** @type {Map<string, number>} */
  const hits = new Map();
  /** @type {Map<string, import('node:http').IncomingHttpHeaders>} */
  const seen = new Map();
  /** What tests have put, and how often it was not sent since the browser had it. @type {Map<string, { body: string, unchanged: number }>} */
  const put = new Map();
  /** @type {Route} */
  const file = async ({ response, rest }) => {
    const path = resolve(root, decodeURIComponent(rest.join('/')));
    const served = SERVED.some((folder) => path.startsWith(resolve(root, folder) + sep));
    const found = served ? await stat(path).catch(() => undefined) : undefined;
    if (!found?.isFile()) return response.writeHead(404).end(`No file ${rest.join('/')}`);
    response.setHeader('Content-Type', TYPES.get(extname(path)) ?? 'application/octet-stream');
    return send(createReadStream(path), response);
  };
  return {
    hit({ request, response, rest }) {
      const id = rest.join('/');
      seen.set(id, request.headers);
      hits.set(id, (hits.get(id) ?? 0) + 1);
      response.setHeader('Content-Type', 'text/plain').end('hit');
    },
    /** The headers of the last request to `/hit/<id>`, for others than who has sent it. */
    seen: ({ response, rest }) => json(response, { headers: seen.get(rest.join('/')) ?? {} }),
    count: ({ response, rest }) => json(response, { count: hits.get(rest.join('/')) ?? 0 }),
    echo: async ({ request, response, url }) =>
      json(response, {
        method: request.method,
        url: url.pathname + url.search,
        headers: request.headers,
        body: await text(request),
      }),
    headers({ response }) {
      response.setHeader('X-Canary', 'sings');
      response.setHeader('X-Frame-Options', 'DENY');
      response.setHeader('Content-Language', 'en');
      json(response, { ok: true });
    },
    'header-bomb': ({ response }) => response.setHeader('X-Bomb', 'x'.repeat(70_000)).end(),
    'set-cookie'({ request, response }) {
      response.setHeader('Set-Cookie', ['canary=1; Path=/', 'second=2; Path=/; HttpOnly']);
      json(response, { cookie: request.headers.cookie ?? null });
    },
    redirect({ response, url }) {
      const status = Number(url.searchParams.get('status') ?? 302);
      response.writeHead(status, { Location: url.searchParams.get('to') ?? '/echo' }).end();
    },
    status({ response, rest }) {
      response.writeHead(Number(rest[0] ?? 200), { 'Content-Type': 'text/plain' });
      response.end(rest[0] === '204' || rest[0] === '304' ? undefined : `status ${rest[0]}`);
    },
    /** What was put here before, by `PUT`; a status in its place, where it is empty. */
    async kept({ request, response, rest }) {
      const id = rest.join('/');
      const before = put.get(id);
      if (request.method === 'PUT') {
        put.set(id, { body: await text(request), unchanged: before?.unchanged ?? 0 });
        return json(response, {});
      }
      if (rest[1] === 'unchanged') return json(response, put.get(String(rest[0]))?.unchanged ?? 0);
      if (!before?.body) return response.writeHead(503).end();
      const etag = `"${createHash('sha256').update(before.body).digest('hex')}"`;
      response.setHeader('Cache-Control', 'no-cache').setHeader('ETag', etag);
      if (request.headers['if-none-match'] === etag) {
        before.unchanged++;
        return response.writeHead(304).end();
      }
      return response.setHeader('Content-Type', 'application/json').end(before.body);
    },
    async slow({ response, url }) {
      await wait(Number(url.searchParams.get('ms') ?? 1000));
      response.setHeader('Content-Type', 'text/plain').end('slow');
    },
    big: ({ response, url }) => {
      response.setHeader('Content-Type', 'application/octet-stream');
      return send(Readable.from(filler(bytesOf(url))), response);
    },
    endless({ response }) {
      response.setHeader('Content-Type', 'application/octet-stream');
      return send(Readable.from(drip()), response);
    },
    gzip({ response, url }) {
      response.setHeader('Content-Type', 'application/octet-stream');
      response.setHeader('Content-Encoding', 'gzip');
      return send(Readable.from(filler(bytesOf(url))), createGzip(), response);
    },
    /** As a plain static host serves them: without the headers that let other sites use the files. */
    static: (exchange) => {
      for (const name of exchange.response.getHeaderNames()) {
        if (/^(?:access-control|cross-origin)-/.test(name)) exchange.response.removeHeader(name);
      }
      return file(exchange);
    },
    file,
    ...createRelayRoutes(),
    ...createReferenceRelayRoutes(root, secret),
    ...createTrackerRoutes(secret),
  };
}

/** @param {URL} url */
const bytesOf = (url) => Number(url.searchParams.get('bytes') ?? 1024);

/** @param {import('node:http').ServerResponse} response @param {unknown} value */
function json(response, value) {
  response.setHeader('Content-Type', 'application/json').end(JSON.stringify(value));
}

/** @param {import('node:http').IncomingMessage} request */
async function text(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Zeros: a thousandth of their size once gzipped. @param {number} bytes */
function* filler(bytes) {
  const chunk = Buffer.alloc(CHUNK);
  for (let left = bytes; left > 0; left -= CHUNK) {
    yield left < CHUNK ? chunk.subarray(0, left) : chunk;
  }
}

async function* drip() {
  for (;;) {
    yield Buffer.alloc(1024, '.');
    await wait(10);
  }
}

/**
 * Streams, and takes it as normal that a client goes away: that is what the sandbox does when a
 * response grows over its limit.
 * @param {[import('node:stream').Readable, ...import('node:stream').Writable[]]} streams
 */
async function send(...streams) {
  try {
    await pipeline(streams);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE')) {
      throw error;
    }
  }
}
