// The API of a tracker, on the canary: a token in a header, redirects, pages, and what goes wrong with such an API.

/** @typedef {import('./canary-route.ts').Route} Route */
/** @typedef {'right' | 'wrong' | 'none'} Judged */
/** @typedef {{ method: string, path: string, token: Judged, authorization: Judged, body: string }} Asked */
/** @typedef {{ status: number, retryAfter?: string, once?: boolean }} Failure */
/** @typedef {{ asked: Asked[], failures: Map<string, Failure> }} Tracker */

const STORIES = [101, 102, 103, 104, 105, 106, 107];
const PAGE = 3;

/**
 * @param {string} secret what it takes for a token
 * @returns {Record<string, Route>}
 */
export function createTrackerRoutes(secret) {
  /** @type {Map<string, Tracker>} */
  const trackers = new Map();
  const trackerOf = (/** @type {string} */ id) => {
    /** @type {Tracker} */
    const tracker = trackers.get(id) ?? { asked: [], failures: new Map() };
    trackers.set(id, tracker);
    return tracker;
  };
  /** @type {(value: string | string[] | undefined) => Judged} */
  const judged = (value) => (value === undefined ? 'none' : value === secret ? 'right' : 'wrong');

  return {
    /** `POST /tracker-fails/<id>`: how it answers by path, `{ "/epics": { status: 429 } }`. */
    async 'tracker-fails'({ request, response, rest }) {
      const failures = JSON.parse(await text(request));
      trackerOf(rest[0] ?? '').failures = new Map(Object.entries(failures));
      response.end();
    },
    'tracker-asked'({ response, rest }) {
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(trackerOf(rest[0] ?? '').asked));
    },
    async tracker({ request, response, url, rest: [id = '', ...path] }) {
      const { asked, failures } = trackerOf(id);
      const { method = '', headers } = request;
      const place = `/${path.join('/')}`;
      const token = judged(headers['tracker-token']);
      const authorization = judged(headers.authorization?.replace(/^Bearer /, ''));
      asked.push({ method, path: place + url.search, token, authorization, body: await text(request) });
      const here = `http://${headers.host}/tracker/${id}`;
      if (path[0] === 'elsewhere') {
        const other = new URL(here);
        other.hostname = other.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
        return response.writeHead(302, { Location: `${other.href}/stored/7` }).end();
      }
      if (path[0] === 'stored') return response.end(token === 'none' ? 'what is attached' : 'too much was told');
      // As careless APIs do, it quotes what it was sent.
      if (token !== 'right') return response.writeHead(401).end(`Not a token: ${headers['tracker-token']}`);
      const failure = failures.get(place);
      if (failure) {
        if (failure.once) failures.delete(place);
        if (failure.retryAfter) response.setHeader('Retry-After', failure.retryAfter);
        return response.writeHead(failure.status).end(`No, ${headers['tracker-token']}`);
      }
      switch (`${method} ${place}`) {
        case 'GET /epics':
          return response.writeHead(301, { Location: `/tracker/${id}/v4/epics?all=1` }).end();
        case 'GET /v4/epics':
          return json(response, [{ id: 1 }, { id: 2 }]);
        case 'POST /stories/search':
        case 'GET /stories': {
          const from = Number(url.searchParams.get('after') ?? 0);
          const next = from + PAGE;
          response.setHeader('X-Seen-Token', String(headers['tracker-token']));
          if (next < STORIES.length) response.setHeader('Link', `<${here}/stories?after=${next}>; rel="next"`);
          return json(response, STORIES.slice(from, next));
        }
        case 'GET /files/7':
          return response.writeHead(307, { Location: `/tracker/${id}/elsewhere` }).end();
        default:
          return response.writeHead(404).end();
      }
    },
  };
}

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
