// Plugins in a bucket that speaks the protocol of Amazon S3: each a zip, a module or a folder below a prefix.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html

import { ClocheError } from '../errors.ts';
import { isPluginId } from '../manifest/plugin-id.ts';
import { type Bytes, readResponse, throwIfAborted, unlessStalled } from '../package/fetch-bytes.ts';
import { folderOf } from '../package/folder/object-folder.ts';
import type { PluginSource } from '../package/package-source.ts';
import { checkType, type KeysOf, wholeNumber } from '../util/given-options.ts';
import type { ListedPlugin, PluginCatalog } from './catalog.ts';
import { givenCatalog, requiredText } from './catalog-options.ts';
import { poll } from './poll.ts';
import { checkedList, invalid, missing } from './read-listed.ts';
import { type ObjectPage, readPage, type StoredObject } from './s3-list.ts';

export interface S3CatalogOptions {
  /** Of the bucket, such as `https://bucket.s3.eu-central-1.amazonaws.com` or `https://s3.example.com/bucket`. */
  readonly url: string;
  /** What the names of its plugins begin with, such as `plugins/`. @default '' */
  readonly prefix?: string;
  /** @default the URL and the prefix */
  readonly name?: string;
  /** Sends a request, signed where the bucket is not public. @default the page's `fetch`, without credentials */
  readonly fetch?: (request: Request) => Promise<Response>;
  /** Of one object, in bytes. @default 64 MiB */
  readonly mostBytes?: number;
  /** Objects of one page of the list. @default 1000 */
  readonly pageSize?: number;
  /** How often it is asked for changes where somebody watches, in ms. @default 60000 */
  readonly everyMs?: number;
}

const MOST_BYTES = 64 << 20;
const EVERY_MS = 60_000;
/** Of one page of the list, and of all of them. */
const MOST_PAGE_BYTES = 8 << 20;
const MOST_LIST_BYTES = 64 << 20;
/** More are a mistake, or a list without an end. */
const MOST_OBJECTS = 100_000;
const MOST_PAGES = 1_000;
/** S3 gives no more. */
const MOST_PAGE_SIZE = 1_000;
const MANIFEST = 'manifest.json';
const KEYS: KeysOf<S3CatalogOptions> = {
  url: true,
  prefix: true,
  name: true,
  fetch: true,
  mostBytes: true,
  pageSize: true,
  everyMs: true,
};
const FILE = /\.(?:zip|wasm|wat)$/;

/** Of the objects of one plugin: the file that it is, or the files of its folder, by their paths in it. */
interface StoredPlugin extends ListedPlugin {
  readonly objects: ReadonlyMap<string, StoredObject>;
}

/** @throws {ClocheError} OPTION_INVALID */
export function s3Catalog(given: S3CatalogOptions): PluginCatalog {
  const options = givenCatalog<S3CatalogOptions>('s3Catalog', given, KEYS);
  const url = requiredText('s3Catalog', 'url', options.url);
  const { prefix = '', pageSize = MOST_PAGE_SIZE, mostBytes = MOST_BYTES, everyMs = EVERY_MS } = options;
  checkType('prefix', prefix, 'string');
  checkType('fetch', options.fetch, 'function');
  wholeNumber('pageSize', pageSize, 1, MOST_PAGE_SIZE);
  const { name = `${url}/${prefix}`, fetch: send = (request) => fetch(request) } = options;
  const bucket = url.replace(/\/+$/, '');

  const get = async (address: string, maxBytes: number, signal?: AbortSignal): Promise<Bytes> => {
    throwIfAborted(signal);
    const stalled = new AbortController();
    const request = new Request(address, {
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal: signal ? AbortSignal.any([signal, stalled.signal]) : stalled.signal,
    });
    try {
      return await readResponse(await unlessStalled(send(request), address), { maxBytes, signal });
    } catch (cause) {
      stalled.abort(cause);
      throwIfAborted(signal);
      if (cause instanceof ClocheError) throw cause;
      throw new ClocheError('FETCH_FAILED', `Catalog "${name}" could not be asked`, { cause });
    }
  };

  const page = async (
    token: string | undefined,
    maxBytes: number,
    signal?: AbortSignal,
  ): Promise<ObjectPage & { readonly bytes: number }> => {
    const query = new URLSearchParams({ 'list-type': '2', 'max-keys': String(pageSize), prefix });
    if (token !== undefined) query.set('continuation-token', token);
    const bytes = await get(`${bucket}?${query}`, Math.min(maxBytes, MOST_PAGE_BYTES), signal);
    const read = readPage(new TextDecoder().decode(bytes));
    if (!read) throw invalid(name, 'has answered with something other than a list of objects');
    return { ...read, bytes: bytes.length };
  };

  const plugins = async (signal?: AbortSignal): Promise<readonly StoredPlugin[]> => {
    const objects: StoredObject[] = [];
    let token: string | undefined;
    let pages = 0;
    let left = MOST_LIST_BYTES;
    do {
      if (++pages > MOST_PAGES) throw invalid(name, `has a list of more than ${MOST_PAGES} pages`);
      const { found, next, bytes } = await page(token, left, signal);
      left -= bytes;
      // A list that does not go on would never end.
      if (next !== undefined && (next === token || found.length === 0))
        throw invalid(name, 'has a list without an end');
      for (const object of found) objects.push(object);
      if (objects.length > MOST_OBJECTS) throw invalid(name, `has more than ${MOST_OBJECTS} objects`);
      token = next;
    } while (token !== undefined);
    return checkedList(name, usable(pluginsIn(objects, prefix)));
  };

  const list: PluginCatalog['list'] = async (signal) => (await plugins(signal)).map(({ objects: _, ...rest }) => rest);
  const read = async (id: string, signal?: AbortSignal): Promise<PluginSource> => {
    const found = (await plugins(signal)).find((one) => one.id === id);
    if (!found) throw missing(name, id);
    const fileOf = async (path: string, { key }: StoredObject): Promise<File> => {
      const address = `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
      return new File([await get(address, mostBytes, signal)], path.slice(path.lastIndexOf('/') + 1));
    };
    const [only] = found.objects;
    if (only && !found.objects.has(MANIFEST)) return fileOf(...only);
    return folderOf(id, new Map([...found.objects].map(([path, object]) => [path, () => fileOf(path, object)])));
  };
  return { name, list, read, watch: (changed) => poll(() => list(), everyMs, changed) };
}

/** Loose files first, then folders with a manifest; other objects are nobody's. */
function pluginsIn(objects: readonly StoredObject[], prefix: string): StoredPlugin[] {
  const loose: StoredPlugin[] = [];
  const folders = new Map<string, Map<string, StoredObject>>();
  for (const object of objects) {
    if (!object.key.startsWith(prefix)) continue;
    const path = object.key.slice(prefix.length);
    const [folder = '', ...below] = path.split('/');
    if (below.length === 0) {
      if (FILE.test(path)) loose.push({ id: idOf(path), revision: object.etag, objects: new Map([[path, object]]) });
    } else {
      const files = folders.get(folder) ?? new Map<string, StoredObject>();
      folders.set(folder, files);
      if (below.at(-1) !== '') files.set(below.join('/'), object);
    }
  }
  const inFolders = [...folders]
    .filter(([, files]) => files.has(MANIFEST))
    .map(([id, files]) => ({ id, revision: [...files.values()].map(({ etag }) => etag).join(), objects: files }));
  return [...loose, ...inFolders];
}

/**
 * Whoever may put an object there must not keep others from being found: one whose name makes no id is nobody's, and of two with
 * one id the first counts.
 */
function usable(plugins: readonly StoredPlugin[]): readonly StoredPlugin[] {
  const byId = new Map<string, StoredPlugin>();
  for (const plugin of plugins) if (isPluginId(plugin.id) && !byId.has(plugin.id)) byId.set(plugin.id, plugin);
  return [...byId.values()];
}

function idOf(file: string): string {
  return file.replace(/(?:\.m)?\.[a-z]+$/, '').replace(/[^A-Za-z0-9_-]+/g, '-');
}
