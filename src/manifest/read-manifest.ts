// From any manifest to a draft of the one plugin model. A new dialect is one file and one line here.

import { ClocheError } from '../errors.ts';
import { part } from '../part.ts';
import { readCloche } from './cloche.ts';
import { readExtism } from './extism.ts';
import { copyData, invalid, isJsonObject, type JsonObject, parseJson } from './json.ts';
import type { ManifestDraft, ReadOptions } from './manifest-draft.ts';
import type { Dialect, PluginManifest } from './plugin-manifest.ts';

interface DialectReader {
  readonly name: Dialect;
  /** Whether a manifest is of this dialect, from a key that no other has. */
  tells(manifest: JsonObject): boolean;
  read(manifest: JsonObject, options: ReadOptions): ManifestDraft | Promise<ManifestDraft>;
  /** Where plugins say more of themselves once they run. @default nothing is added */
  complete?(manifest: PluginManifest, ask: Ask, note: Note): Promise<PluginManifest>;
}

/** Calls an export without input; undefined where it is missing or fails. */
export type Ask = (name: string) => Promise<Uint8Array | undefined>;

/** Takes one sentence for the plugin's log. */
export type Note = (text: string) => void;

/** The first that tells wins; Extism has no mark of its own and comes last. */
const DIALECTS: readonly DialectReader[] = [
  { name: 'cloche', tells: (manifest) => Object.hasOwn(manifest, 'cloche'), read: readCloche },
  {
    name: 'windshift',
    // Cloche's own manifest has a name too, and says so by another key; Extism's has none.
    tells: (manifest) =>
      !Object.hasOwn(manifest, 'wasm') && Object.keys(manifest).some((key) => key.toLowerCase() === 'name'),
    read: async (...given) => (await part(() => import('./windshift.ts'))).readWindshift(...given),
    complete: async (...given) => (await part(() => import('./windshift-metadata.ts'))).completeWindshift(...given),
  },
  { name: 'extism', tells: () => true, read: readExtism },
];

/**
 * Reads a manifest of any dialect, from JSON text or from an object, which is copied.
 * @throws {ClocheError} MANIFEST_INVALID with the path of the field; SOURCE_INVALID for a compiled module; FETCH_FAILED
 * when the part of Cloche that reads it cannot be loaded
 */
export async function readManifest(input: string | object, options: ReadOptions = {}): Promise<ManifestDraft> {
  const size = options.maxLength === undefined ? {} : { maxLength: options.maxLength };
  const manifest = asObject(typeof input === 'string' ? parseJson(input, size) : copyData(input, { ...size, isLeaf }));
  return readerOf(manifest).read(manifest, options);
}

/** The dialect of a manifest, read no further than that. @throws {ClocheError} MANIFEST_INVALID for what is no JSON object */
export function dialectOf(json: string): Dialect {
  return readerOf(asObject(parseJson(json))).name;
}

function asObject(manifest: unknown): JsonObject {
  if (isJsonObject(manifest)) return manifest;
  throw invalid([], 'is no object');
}

function readerOf(manifest: JsonObject): DialectReader {
  const dialect = DIALECTS.find(({ tells }) => tells(manifest));
  if (dialect) return dialect;
  throw new ClocheError('MANIFEST_INVALID', 'The manifest is of no known dialect');
}

/** Asks a plugin that has been started what its manifest does not say. */
export async function completeManifest(
  manifest: PluginManifest,
  ask: Ask,
  note: Note = () => undefined,
): Promise<PluginManifest> {
  const dialect = DIALECTS.find(({ name }) => name === manifest.dialect);
  return (await dialect?.complete?.(manifest, ask, note)) ?? manifest;
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
