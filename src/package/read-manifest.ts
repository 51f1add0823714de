// From any manifest to a draft of the one plugin model, by the reader of its dialect. Comes late: a module alone has none.

import { ClocheError } from '../errors.ts';
import type { Evidence, PluginFormat } from '../manifest/dialect.ts';
import type { Place, ReadOptions } from '../manifest/manifest-draft.ts';
import { type JsonOptions, parseJson } from '../util/json/parse-json.ts';
import { copyData, invalid, isJsonObject, type JsonObject } from '../util/json/untrusted-json.ts';
import { type ReadManifest, readBy, recognised } from './recognised.ts';

/** Longest text that is read again where it is not strict JSON. */
const MAX_LENIENT = 1 << 20;
/** Real ones have some hundreds. What is installed is copied and checked in one go when its record is written. */
const MAX_VALUES = 20_000;

/** Where a manifest was found. */
interface Found {
  readonly place: Place;
  /** Name of its file in a package. */
  readonly file?: string;
  readonly maxLength?: number | undefined;
}

/**
 * Reads a manifest of any of the dialects, from JSON text or from an object, which is copied.
 * @throws {ClocheError} MANIFEST_INVALID with the path of the field; SOURCE_INVALID for a compiled module; FETCH_FAILED
 * when the part of Cloche that reads it cannot be loaded
 */
export async function readManifest(
  input: string | object,
  dialects: readonly PluginFormat[],
  options: ReadOptions = {},
): Promise<ReadManifest> {
  const found = { place: options.place ?? placeOf(options), maxLength: options.maxLength };
  const { dialect, evidence } = await openManifest(input, dialects, found);
  return readBy(dialect, dialects, evidence, options);
}

/** A manifest that was parsed, and read no further than to know its dialect. */
export interface OpenManifest {
  readonly evidence: Evidence;
  /** Undefined where it is of none. */
  readonly dialect: PluginFormat | undefined;
}

function placeOf({ paths, mainGiven }: ReadOptions): Place {
  if (paths === 'package') return 'package';
  return mainGiven ? 'beside' : 'alone';
}

/** @throws {ClocheError} MANIFEST_INVALID for what is not a JSON object by the rules of its dialect */
export async function openManifest(
  input: string | object,
  dialects: readonly PluginFormat[],
  { place, file, maxLength }: Found,
): Promise<OpenManifest> {
  const { manifest, problem } = await readObject(input, maxLength);
  const evidence: Evidence = { kind: 'manifest', manifest, place, file };
  const dialect = recognised(dialects, evidence);
  if (problem && !dialect?.lenient) throw problem;
  return { evidence, dialect };
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
