// A plugin at an address, as of the server that somebody writes it on: a catalog of that one plugin, which is watched.

import { ClocheError } from '../errors.ts';
import { fetchBytes, throwIfAborted, unlessStalled } from '../package/fetch-bytes.ts';
import type { KeysOf } from '../util/given-options.ts';
import { sha256 } from '../util/hash/sha256.ts';
import type { PluginCatalog } from './catalog.ts';
import { givenCatalog, requiredText } from './catalog-options.ts';
import { poll } from './poll.ts';
import { checkedList, invalid, missing } from './read-listed.ts';

export interface UrlCatalogOptions {
  /** Of a package, a module or a manifest, as `host.install` takes it. */
  readonly url: string;
  /** What it is to be installed as. */
  readonly id: string;
  /** @default the URL */
  readonly name?: string;
  /** How often it is asked for where somebody watches, in ms. @default 2000 */
  readonly everyMs?: number;
  /** Of one file, in bytes. @default 64 MiB */
  readonly mostBytes?: number;
}

const KEYS: KeysOf<UrlCatalogOptions> = { url: true, id: true, name: true, everyMs: true, mostBytes: true };
const EVERY_MS = 2_000;
const MOST_BYTES = 64 << 20;
const MOST_MANIFEST_BYTES = 1 << 20;
/** Modules that one manifest names. */
const MOST_FILES = 32;
/** Addresses in a manifest, whatever system it is of: what else it says changes with its own bytes. */
const MODULE = /"([^"\\\n]{1,500}\.(?:wasm|wat))"/g;

/**
 * A file has changed where its `ETag`, or its `Last-Modified` and its length, are others; of a server that says neither, its hash.
 * @throws {ClocheError} CATALOG_INVALID for what is no address, and no id; OPTION_INVALID
 */
export function urlCatalog(given: UrlCatalogOptions): PluginCatalog {
  const options = givenCatalog<UrlCatalogOptions>('urlCatalog', given, KEYS);
  const url = requiredText('urlCatalog', 'url', options.url);
  const id = requiredText('urlCatalog', 'id', options.id);
  const { name = url, everyMs = EVERY_MS, mostBytes = MOST_BYTES } = options;
  const base = (globalThis.document as Document | undefined)?.baseURI;
  if (!URL.canParse(url, base)) throw invalid(name, 'has an address that is none');
  checkedList(name, [{ id }]);
  const address = new URL(url, base);

  /** Of the plugin, and of the modules beside a manifest. */
  const files = async (signal?: AbortSignal): Promise<readonly URL[]> => {
    if (!address.pathname.endsWith('.json')) return [address];
    const { bytes } = await fetchBytes(address.href, { maxBytes: MOST_MANIFEST_BYTES, signal, cache: 'reload' });
    const named = [...new TextDecoder().decode(bytes).matchAll(MODULE)].map(([, path = '']) => path);
    const beside = named.filter((path) => URL.canParse(path, address)).map((path) => new URL(path, address));
    // Other servers are no part of what is written here.
    return [address, ...beside.filter(({ origin }) => origin === address.origin).slice(0, MOST_FILES)];
  };
  const list: PluginCatalog['list'] = async (signal) => {
    const found = await files(signal);
    const revisions = await Promise.all(found.map((file) => revisionOf(file.href, mostBytes, signal)));
    return [{ id, revision: revisions.join('\n') }];
  };

  return {
    name,
    list,
    async read(asked, signal) {
      if (asked !== id) throw missing(name, asked);
      // The browser may keep what is older, and would hand that to whoever installs it.
      for (const { href } of await files(signal))
        await fetchBytes(href, { maxBytes: mostBytes, signal, cache: 'reload' });
      return address.href;
    },
    watch: (changed) => poll(() => list(), everyMs, changed),
  };
}

async function revisionOf(url: string, maxBytes: number, signal?: AbortSignal): Promise<string> {
  const { status, headers } = await head(url, signal);
  const [etag, modified, length] = ['etag', 'last-modified', 'content-length'].map((header) => headers.get(header));
  if (status < 400 && etag) return etag;
  if (status < 400 && modified) return `${modified} ${length}`;
  const { bytes } = await fetchBytes(url, { maxBytes, signal, cache: 'no-store' });
  return sha256(bytes);
}

/** @throws {ClocheError} FETCH_FAILED, ABORTED */
async function head(url: string, signal?: AbortSignal): Promise<Response> {
  throwIfAborted(signal);
  const stalled = new AbortController();
  try {
    const request = fetch(url, {
      method: 'HEAD',
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal: signal ? AbortSignal.any([signal, stalled.signal]) : stalled.signal,
    });
    return await unlessStalled(request, url);
  } catch (cause) {
    stalled.abort(cause);
    throwIfAborted(signal);
    if (cause instanceof ClocheError) throw cause;
    throw new ClocheError('FETCH_FAILED', `${url} could not be asked for; check the URL, CORS and the server`, {
      cause,
    });
  }
}
