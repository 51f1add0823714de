// The bytes of each module of a draft: fetched or taken, checked, hashed.

import { ClocheError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { PluginReader } from '../manifest/dialect.ts';
import type { ModuleSource } from '../manifest/manifest-draft.ts';
import type { ModuleEntry } from '../manifest/plugin-manifest.ts';
import type { FileHasher } from '../util/hash/hashed-files.ts';
import { shown } from '../util/text/shown.ts';
import { isWatText } from '../util/text/wat-text.ts';
import { isModule } from '../util/wasm-header.ts';
import { type Bytes, fetchBytes, readResponse, shownUrl } from './fetch-bytes.ts';
import { copyOf } from './own-source.ts';
import { checkModule } from './package-source.ts';

export interface ModuleFiles {
  /** The `wasm` of `{ wasm, manifest }`. */
  readonly given?: Bytes;
  /** Files of the package by path, for `path`. */
  readonly packed?: ReadonlyMap<string, Bytes>;
  /** Of the dialect whose modules they are. */
  readonly reader: PluginReader;
}

/**
 * Makes a module of its text.
 * @param what for messages
 * @throws {ClocheError} MODULE_REJECTED with the place of the mistake
 */
export type Assemble = (text: Bytes, what: string) => Promise<Bytes>;

export interface LoadOptions {
  limits: Pick<Limits, 'moduleBytes' | 'packageBytes'>;
  signal?: AbortSignal | undefined;
  /** @default text of WebAssembly is refused */
  assemble?: Assemble | undefined;
}

export interface LoadedModules {
  readonly entries: readonly ModuleEntry[];
  /** As they came, in the order of the draft. */
  readonly files: readonly Bytes[];
}

/**
 * Loads one module after the other, so that all together stay under `packageBytes`.
 * @param hasher keeps the bytes of each
 * @throws {ClocheError} FETCH_FAILED, PACKAGE_REJECTED, MODULE_REJECTED, HASH_MISMATCH, MANIFEST_INVALID, ABORTED
 */
export async function loadModules(
  sources: readonly ModuleSource[],
  available: ModuleFiles,
  { limits, signal, assemble }: LoadOptions,
  hasher: FileHasher,
): Promise<LoadedModules> {
  const entries: ModuleEntry[] = [];
  const files: Bytes[] = [];
  const names = new Set<string>();
  let left = Math.max(limits.packageBytes, limits.moduleBytes);
  for (const source of sources) {
    const maxBytes = Math.min(left, limits.moduleBytes);
    const what = source.name === undefined ? 'A module without a name' : `Module ${shown(source.name)}`;
    const file = await bytesOf(source, available, maxBytes, signal);
    const place = `${what}${placeOf(source)}`;
    const bytes = await moduleOf(file, isWat(source, file) ? assemble : undefined, available.reader, place);
    if (!available.reader.takes?.(bytes)) await checkModule(bytes, place, maxBytes);
    const digest = await hasher.add(bytes);
    // Of the file as it came, whatever is made of it.
    const given = source.hash && (await hasher.hash(file));
    if (source.hash !== given) {
      throw new ClocheError('HASH_MISMATCH', `${what} should have the SHA-256 ${source.hash}, and has ${given}`);
    }
    const name = source.name ?? digest;
    if (names.size === names.add(name).size) {
      throw new ClocheError('MANIFEST_INVALID', `Two modules have the name ${shown(name)}`);
    }
    left -= bytes.length;
    entries.push({ name, sha256: digest, size: bytes.length });
    files.push(file);
  }
  return { entries, files };
}

async function moduleOf(
  file: Bytes,
  assemble: Assemble | undefined,
  { module }: PluginReader,
  place: string,
): Promise<Bytes> {
  if (module) return new Uint8Array(await module(file));
  return assemble ? assemble(file, place) : file;
}

/** The name of a file counts as well: text may leave out that it is a module. */
function isWat({ origin }: ModuleSource, file: Bytes): boolean {
  const name = origin.kind === 'url' ? new URL(origin.url).pathname : origin.kind === 'path' ? origin.path : '';
  return !isModule(file) && (name.endsWith('.wat') || isWatText(file));
}

/** Where a file was fetched from: whoever finds a wrong one there looks there first. */
function placeOf({ origin }: ModuleSource): string {
  if (origin.kind === 'url') return ` (${shownUrl(origin.url)})`;
  return origin.kind === 'path' ? ` (${shown(origin.path)})` : '';
}

async function bytesOf(
  { origin }: ModuleSource,
  available: ModuleFiles,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<Bytes> {
  switch (origin.kind) {
    case 'bytes':
      return copyOf(origin.bytes, maxBytes);
    case 'url':
      return (await fetchBytes(origin.url, { ...origin, maxBytes, signal })).bytes;
    case 'response':
      return readResponse(origin.response, { maxBytes, signal });
    case 'path':
      return present(available.packed?.get(origin.path), `The package has no file ${shown(origin.path)}`);
    case 'given':
      return present(available.given, 'The manifest lists no main module');
  }
}

function present(bytes: Bytes | undefined, problem: string): Bytes {
  if (bytes) return bytes;
  throw new ClocheError('MANIFEST_INVALID', problem);
}
