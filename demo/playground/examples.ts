// The example plugins that the build lays beside the page, found through plugins/index.json.

import { ClocheError } from '../../src/errors.ts';

export interface Example {
  /** Name of its folder; also how it is told from the others. */
  readonly folder: string;
  readonly hostile: boolean;
  /** What it shows, in one sentence. */
  readonly sentence: string;
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** The manifest as it was fetched. The host reads it with its own checks. */
  readonly manifest: unknown;
  readonly wasm: URL;
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
  const { folder, hostile, sentence } = record(entry, 'plugins/index.json');
  if (typeof folder !== 'string' || typeof sentence !== 'string') {
    throw unexpected('plugins/index.json', 'a folder and a sentence in each entry');
  }
  const url = new URL(`${folder}/manifest.json`, base);
  const manifest = await fetchJson(url);
  const { id, name, version, wasm } = record(manifest, url.pathname);
  if (typeof id !== 'string' || typeof wasm !== 'string') throw unexpected(url.pathname, '`id` and `wasm`');
  return {
    folder,
    hostile: hostile === true,
    sentence,
    id,
    name: typeof name === 'string' ? name : id,
    version: typeof version === 'string' ? version : '',
    manifest,
    wasm: new URL(wasm, url),
  };
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
