// Answers the requests of a page: from the assets of its package, or by the routes of its plugin, and nothing else.

import { messageOf } from '../errors.ts';
import { readCapped } from '../util/capped-body.ts';
import { dispose } from '../util/dispose.ts';
import { mediaType } from '../util/media-type.ts';
import type { AssetFinder } from './asset-finder.ts';
import type { FrameOptions } from './frame.ts';
import type { Inliner } from './inline/inliner.ts';
import { MOST_BODY_BYTES, MOST_REQUESTS, type PageRequest, type PageResponse } from './page-protocol.ts';
import { pluginPath, pluginUrl } from './plugin-url.ts';

const NO_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

export class RequestHandler implements Disposable {
  readonly #options: FrameOptions;
  readonly #finder: AssetFinder;
  readonly #files: Inliner;
  readonly #underWay = new Map<number, AbortController>();

  constructor(options: FrameOptions, finder: AssetFinder, files: Inliner) {
    this.#options = options;
    this.#finder = finder;
    this.#files = files;
  }

  /** Whether the request may be taken: its id is free and not too many are under way. */
  takes({ id }: PageRequest): boolean {
    return this.#underWay.size < MOST_REQUESTS && !this.#underWay.has(id);
  }

  /** The answer; undefined when the request was refused, failed or was aborted. */
  async answer(request: PageRequest): Promise<PageResponse | undefined> {
    const controller = new AbortController();
    this.#underWay.set(request.id, controller);
    try {
      const url = pluginUrl(request.url, this.#finder.origin, pluginPath(this.#options.plugin));
      if (!url) throw new Error('it is not below the own path of the plugin');
      const answer = await this.#exchange(request, url, controller.signal);
      return controller.signal.aborted ? undefined : answer;
    } catch (thrown) {
      if (!controller.signal.aborted) this.#options.warn?.(`${request.method} ${request.url}: ${messageOf(thrown)}`);
      return undefined;
    } finally {
      // After an abort the id is free, and may have been taken again.
      if (this.#underWay.get(request.id) === controller) this.#underWay.delete(request.id);
    }
  }

  abort(id: number): void {
    this.#underWay.get(id)?.abort();
    this.#underWay.delete(id);
  }

  /** Aborts all that is under way. */
  [dispose](): void {
    for (const id of this.#underWay.keys()) this.abort(id);
  }

  async #exchange(request: PageRequest, url: URL, signal: AbortSignal): Promise<PageResponse> {
    const response = request.inline
      ? await this.#inlined(url)
      : ((await this.#asset(request.method, url)) ?? (await this.#route(request, url, signal)));
    if (response.status < 200) throw new Error('the answer is a network error');
    return {
      type: 'RESPONSE',
      id: request.id,
      url: url.href,
      status: response.status,
      statusText: response.statusText,
      headers: [...response.headers],
      body: NO_BODY.has(response.status)
        ? null
        : await readBody(response, request.inline ? Number.POSITIVE_INFINITY : MOST_BODY_BYTES, signal),
    };
  }

  async #inlined(url: URL): Promise<Response> {
    const ready = await this.#files.refer(url.href, url.href);
    if (ready === undefined) throw new Error('the package has no such file');
    return new Response(ready);
  }

  async #asset(method: string, url: URL): Promise<Response | undefined> {
    const path = method === 'GET' || method === 'HEAD' ? this.#finder.find(url.href, url.href) : undefined;
    const bytes = path === undefined ? undefined : await this.#options.asset(path);
    if (!bytes) return undefined;
    const headers = { 'Content-Type': mediaType(path ?? ''), 'Content-Length': String(bytes.length) };
    return new Response(method === 'HEAD' ? null : bytes.slice(), { headers });
  }

  #route({ method, headers, body }: PageRequest, url: URL, signal: AbortSignal): Promise<Response> {
    const init: RequestInit = {
      method,
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      signal,
    };
    if (body) init.body = body;
    return this.#options.fetch(new Request(routeUrl(url, pluginPath(this.#options.plugin)), init));
  }
}

/**
 * `fetch('./status')` in `assets/index.html` asks for `assets/status`. Where no asset has that name, the page means the
 * route.
 */
function routeUrl(url: URL, path: string): URL {
  const assets = `${path}assets/`;
  const route = new URL(url);
  if (url.pathname.startsWith(assets)) route.pathname = path + url.pathname.slice(assets.length);
  return route;
}

/** @throws {Error} when it is larger than a page may get. */
async function readBody({ body }: Response, maxBytes: number, signal: AbortSignal): Promise<ArrayBuffer> {
  const chunks = await readCapped(body, maxBytes, { signal });
  if (!chunks) throw new Error(`the answer is larger than ${maxBytes} bytes`);
  return new Blob(chunks).arrayBuffer();
}
