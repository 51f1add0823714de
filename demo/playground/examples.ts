// The example plugins that the build lays beside the page, found through plugins/index.json.

import { ClocheError } from '../../src/errors.ts';
import type { PluginSource } from './sources.ts';

export interface Example {
  /** Name of its folder; also how it is told from the others. */
  readonly folder: string;
  readonly hostile: boolean;
  /** What it shows, in one sentence. */
  readonly sentence: string;
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** What is downloaded to install it; undefined where the list does not say. */
  readonly bytes?: number | undefined;
  /** Whether it uses an SQL database, whose program is loaded with its first transaction. */
  readonly usesDatabase?: boolean;
  /** Where its folder is, ending in a slash. */
  readonly url: URL;
  /** What the host installs. It reads all of it with its own checks. */
  readonly source: PluginSource;
}

/**
 * Fetches the list and each manifest.
 * @param base - URL that `plugins/` is relative to.
 * @throws {ClocheError} FETCH_FAILED when a file is absent, MANIFEST_INVALID when one is not what the build writes.
 */
export async function fetchExamples(base: string | URL): Promise<readonly Example[]> {
  const folder = new URL('plugins/', base);
  const list = await fetchJson(new URL('index.json', folder));
  if (!Array.isArray(list)) throw unexpected('plugins/index.json', 'a list');
  return Promise.all(list.map((entry: unknown) => fetchExample(folder, entry)));
}

async function fetchExample(base: URL, entry: unknown): Promise<Example> {
  const listed = record(entry, 'plugins/index.json');
  const { folder, hostile, sentence } = listed;
  if (typeof folder !== 'string' || typeof sentence !== 'string') {
    throw unexpected('plugins/index.json', 'a folder and a sentence in each entry');
  }
  const url = new URL(`${folder}/`, base);
  const bytes = typeof listed.bytes === 'number' ? listed.bytes : undefined;
  const shown = { folder, hostile: hostile === true, sentence, bytes, usesDatabase: listed.database === true, url };
  const { id: told, package: file } = listed;
  if (typeof told === 'string') {
    const { name = told, version = '' } = listed;
    return { ...shown, id: told, name: String(name), version: String(version), source: fileOf(file, url) };
  }
  const read = await fetchJson(new URL('manifest.json', url));
  const manifest = record(read, `${folder}/manifest.json`);
  // In Windshift's manifests `name` is the id.
  const id = manifest.id ?? manifest.name;
  if (typeof id !== 'string') throw unexpected(`${folder}/manifest.json`, 'an id');
  return {
    ...shown,
    id,
    name: [listed.name, manifest.name].find((name) => typeof name === 'string') ?? id,
    version: typeof manifest.version === 'string' ? manifest.version : '',
    source: typeof file === 'string' ? fileOf(file, url) : { wasm: fileOf(manifest.wasm, url), manifest },
  };
}

function fileOf(file: unknown, url: URL): URL {
  if (typeof file === 'string') return new URL(file, url);
  throw unexpected(url.pathname, 'a package, or a manifest with `wasm`');
}

async function fetchJson(url: URL): Promise<unknown> {
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`status ${response.status}`);
    return await response.json();
  } catch (cause) {
    throw new ClocheError('FETCH_FAILED', `Expected JSON at ${url.pathname}; run \`npm run build\` for the examples`, {
      cause,
    });
  }
}

function record(value: unknown, place: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unexpected(place, 'an object');
  return value as Record<string, unknown>;
}

function unexpected(place: string, what: string): ClocheError {
  return new ClocheError('MANIFEST_INVALID', `Expected ${place} to hold ${what}`);
}
