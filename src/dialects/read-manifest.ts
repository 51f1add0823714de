// From any manifest to a draft of the one plugin model, by the reader of its dialect. Comes late: a module alone has none.

import { ClocheError } from '../errors.ts';
import type { ManifestDraft, Place, ReadOptions } from '../manifest/manifest-draft.ts';
import { type JsonOptions, parseJson } from '../util/json/parse-json.ts';
import { copyData, invalid, isJsonObject, type JsonObject } from '../util/json/untrusted-json.ts';
import { loadChunk } from '../util/load-chunk.ts';
import { type DialectEntry, recognised } from './index.ts';

/** Longest text that is read again where it is not strict JSON. */
const MAX_LENIENT = 1 << 20;
/** Real ones have some hundreds. What is installed is copied and checked in one go when its record is written. */
const MAX_VALUES = 20_000;

/**
 * Reads a manifest of any dialect, from JSON text or from an object, which is copied.
 * @throws {ClocheError} MANIFEST_INVALID with the path of the field; SOURCE_INVALID for a compiled module; FETCH_FAILED
 * when the part of Cloche that reads it cannot be loaded
 */
export async function readManifest(input: string | object, options: ReadOptions = {}): Promise<ManifestDraft> {
  return readOpened(await openManifest(input, options.place ?? placeOf(options), options.maxLength), options);
}

/** The same of one that is open. */
export async function readOpened({ manifest, dialect }: OpenManifest, options: ReadOptions): Promise<ManifestDraft> {
  if (dialect?.read) return dialect.read(manifest, options);
  throw (await loadChunk(() => import('./dialect-error.ts'))).dialectError(dialect);
}

/** A manifest that was parsed, and read no further than to know its dialect. */
export interface OpenManifest {
  readonly manifest: JsonObject;
  /** Undefined where it is of none. */
  readonly dialect: DialectEntry | undefined;
}

function placeOf({ paths, mainGiven }: ReadOptions): Place {
  if (paths === 'package') return 'package';
  return mainGiven ? 'beside' : 'alone';
}

/** @throws {ClocheError} MANIFEST_INVALID for what is not a JSON object by the rules of its dialect */
export async function openManifest(input: string | object, place: Place, maxLength?: number): Promise<OpenManifest> {
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
  const rules = { maxValues: MAX_VALUES, ...(maxLength === undefined ? {} : { maxLength }) };
  if (typeof input !== 'string') return { manifest: asObject(copyData(input, { ...rules, isLeaf })) };
  const { value, problem } = await readText(input, rules);
  return { manifest: asObject(value), ...(problem && { problem }) };
}

async function readText(text: string, rules: JsonOptions): Promise<{ value: unknown; problem?: ClocheError }> {
  try {
    return { value: await parseJson(text, rules) };
  } catch (problem) {
    // Whose manifest it is decides whether that is wrong. What is large holds modules in base64, as only strict ones do.
    if (!(problem instanceof ClocheError) || text.length > MAX_LENIENT) throw problem;
    return { value: await readLeniently(text, problem), problem };
  }
}

/** @throws {ClocheError} what is wrong by the strict rules, where it is not JSON by anybody's */
async function readLeniently(text: string, problem: ClocheError): Promise<unknown> {
  try {
    return asObject(await parseJson(text, { maxValues: MAX_VALUES, comments: true, repeats: true }));
  } catch {
    throw problem;
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
