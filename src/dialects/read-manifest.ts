// From any manifest to a draft of the one plugin model, by the reader of its dialect. Comes late: a module alone has none.

import { ClocheError } from '../errors.ts';
import type { ManifestDraft, Place, ReadOptions } from '../manifest/manifest-draft.ts';
import { parseJson } from '../util/json/parse-json.ts';
import { copyData, invalid, isJsonObject, type JsonObject } from '../util/json/untrusted-json.ts';
import { loadChunk } from '../util/load-chunk.ts';
import { type DialectEntry, recognised } from './index.ts';

/** Longest text that is read again where it is not strict JSON. */
const MAX_LENIENT = 1 << 20;

/**
 * Reads a manifest of any dialect, from JSON text or from an object, which is copied.
 * @throws {ClocheError} MANIFEST_INVALID with the path of the field; SOURCE_INVALID for a compiled module; FETCH_FAILED
 * when the part of Cloche that reads it cannot be loaded
 */
export async function readManifest(input: string | object, options: ReadOptions = {}): Promise<ManifestDraft> {
  const place = options.place ?? placeOf(options);
  const { manifest, dialect } = await recognise(input, place, options.maxLength);
  if (dialect?.read) return dialect.read(manifest, options);
  throw (await loadChunk(() => import('./dialect-error.ts'))).dialectError(dialect);
}

function placeOf({ paths, mainGiven }: ReadOptions): Place {
  if (paths === 'package') return 'package';
  return mainGiven ? 'beside' : 'alone';
}

/**
 * The dialect of a manifest, read no further than that; undefined where it is of none.
 * @throws {ClocheError} MANIFEST_INVALID for what is not a JSON object by the rules of that dialect
 */
export async function dialectOf(json: string, place: Place = 'alone'): Promise<DialectEntry['name'] | undefined> {
  return (await recognise(json, place)).dialect?.name;
}

async function recognise(input: string | object, place: Place, maxLength?: number) {
  const { manifest, problem } = await readObject(input, maxLength);
  const dialect = recognised(manifest, place);
  if (problem && !dialect?.lenient) throw problem;
  return { manifest, dialect };
}

interface ReadObject {
  readonly manifest: JsonObject;
  /** What is wrong with it as strict JSON. */
  readonly problem?: ClocheError;
}

async function readObject(given: string | object, maxLength?: number): Promise<ReadObject> {
  const input = typeof given === 'string' ? given.replace(/^\uFEFF/, '') : given;
  const size = maxLength === undefined ? {} : { maxLength };
  if (typeof input !== 'string') return { manifest: asObject(copyData(input, { ...size, isLeaf })) };
  try {
    return { manifest: asObject(await parseJson(input, size)) };
  } catch (problem) {
    // Whose manifest it is decides whether that is wrong. What is large holds modules in base64, as only strict ones do.
    const manifest = input.length <= MAX_LENIENT ? await readLeniently(input) : undefined;
    if (!manifest || !(problem instanceof ClocheError)) throw problem;
    return { manifest, problem };
  }
}

/** Undefined where it is not JSON by anybody's rules: then the strict ones say why. */
async function readLeniently(text: string): Promise<JsonObject | undefined> {
  try {
    return asObject(await parseJson(text, { comments: true, repeats: true }));
  } catch {
    return undefined;
  }
}

function asObject(manifest: unknown): JsonObject {
  if (isJsonObject(manifest)) return manifest;
  throw invalid([], 'is not an object');
}

/** What a manifest given as an object may hold besides data; a dialect accepts each only where it belongs. */
function isLeaf(value: object): boolean {
  return (
    value instanceof Uint8Array ||
    value instanceof ArrayBuffer ||
    value instanceof URL ||
    value instanceof Response ||
    value instanceof WebAssembly.Module
  );
}
