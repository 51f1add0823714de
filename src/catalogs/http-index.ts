// Plugins by an index on a server: JSON that says where each is, and which hash it has.
//
//   { "plugins": [{ "id": "harpoon", "url": "harpoon.zip", "sha256": "64 hex digits", "name": "Harpoon" }] }

import { ClocheError, messageOf } from '../errors.ts';
import { Fields } from '../manifest/fields.ts';
import { type Bytes, fetchBytes } from '../package/fetch-bytes.ts';
import type { KeysOf } from '../util/given-options.ts';
import { sha256 } from '../util/hash/sha256.ts';
import { copyData } from '../util/json/untrusted-json.ts';
import type { ListedPlugin, PluginCatalog } from './catalog.ts';
import { givenCatalog, requiredText } from './catalog-options.ts';
import { poll } from './poll.ts';
import { checkedList, invalid, missing } from './read-listed.ts';

export interface HttpCatalogOptions {
  /** Of the index; addresses in it are relative to it. */
  readonly url: string;
  /** @default the URL */
  readonly name?: string;
  /** Of one plugin, in bytes. @default 64 MiB */
  readonly mostBytes?: number;
  /** How often it is asked for changes where somebody watches, in ms. @default 60000 */
  readonly everyMs?: number;
}

interface IndexedPlugin extends ListedPlugin {
  readonly url: string;
  readonly revision: string;
}

const MOST_INDEX_BYTES = 8 << 20;
const MOST_BYTES = 64 << 20;
const EVERY_MS = 60_000;
const LINE = { max: 200 };
const KEYS: KeysOf<HttpCatalogOptions> = { url: true, name: true, mostBytes: true, everyMs: true };

/** @throws {ClocheError} OPTION_INVALID */
export function httpCatalog(given: HttpCatalogOptions): PluginCatalog {
  const options = givenCatalog<HttpCatalogOptions>('httpCatalog', given, KEYS);
  const url = requiredText('httpCatalog', 'url', options.url);
  const { name = url, mostBytes = MOST_BYTES, everyMs = EVERY_MS } = options;

  const index = async (signal?: AbortSignal): Promise<readonly IndexedPlugin[]> => {
    const found = await fetchBytes(url, { maxBytes: MOST_INDEX_BYTES, signal });
    return checkedList(name, readIndex(name, found));
  };
  const list: PluginCatalog['list'] = async (signal) => (await index(signal)).map(({ url: _, ...listed }) => listed);

  return {
    name,
    list,
    async read(id, signal) {
      const found = (await index(signal)).find((one) => one.id === id);
      if (!found) throw missing(name, id);
      const { bytes } = await fetchBytes(found.url, { maxBytes: mostBytes, signal });
      const hash = await sha256(bytes);
      if (hash === found.revision) return new File([bytes], fileName(found.url));
      const message = `Plugin "${id}" of catalog "${name}" should have the SHA-256 ${found.revision}, and has ${hash}`;
      throw new ClocheError('HASH_MISMATCH', message);
    },
    watch: (changed) => poll(() => list(), everyMs, changed),
  };
}

function readIndex(name: string, { bytes, url }: { readonly bytes: Bytes; readonly url: string }): IndexedPlugin[] {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    const top = new Fields(copyData(parsed), [], Object.keys(Object(parsed)));
    return (top.required('plugins', top.list('plugins', 10_000)) ?? []).map((item, i) => {
      const fields = new Fields(item, ['plugins', i], Object.keys(Object(item)));
      const text = (key: string): string => fields.required(key, fields.text(key, { max: 2_000 }));
      const hash = text('sha256');
      if (!/^[0-9a-f]{64}$/.test(hash)) throw fields.wrong('sha256', '64 lower-case hex digits');
      const address = URL.canParse(text('url'), url) ? new URL(text('url'), url) : undefined;
      if (!address || !/^https?:$/.test(address.protocol)) throw fields.wrong('url', 'an http or https URL');
      return { id: text('id'), url: address.href, revision: hash, name: fields.text('name', LINE) };
    });
  } catch (cause) {
    throw invalid(name, `has an index that cannot be read: ${messageOf(cause)}`);
  }
}

function fileName(url: string): string {
  const { pathname } = new URL(url);
  return pathname.slice(pathname.lastIndexOf('/') + 1);
}
