// The dialects that manifests are written in, and the marks by which each is told. A new dialect is one entry here.

import type { ManifestDraft, Place, ReadOptions } from '../manifest/manifest-draft.ts';
import type { Dialect } from '../manifest/plugin-manifest.ts';
import { isJsonObject, type JsonObject } from '../util/json/untrusted-json.ts';
import { loadChunk } from '../util/load-chunk.ts';
import { isExtismKey, readExtism } from './extism/manifest.ts';

export interface DialectEntry {
  readonly name: Dialect | 'nev' | 'navidrome';
  /** As its makers write it. */
  readonly label: string;
  /** What tells it, for messages. */
  readonly marks: string;
  /** Whether a manifest has a mark of this dialect. The first that tells wins. */
  tells(manifest: JsonObject, place: Place): boolean;
  /** Whether a manifest without anybody's marks is of this dialect, for the place where it stands. @default no */
  fits?(manifest: JsonObject, place: Place): boolean;
  /** Comments, trailing commas and repeated keys are not errors. @default false */
  readonly lenient?: boolean;
  /** @default this version knows the dialect, so as not to take it for another, and does not run its plugins */
  read?(manifest: JsonObject, options: ReadOptions): ManifestDraft | Promise<ManifestDraft>;
}

const WINDSHIFT_MARKS = ['entrypoint', 'routes', 'webhooks', 'extensions'];
const WINDSHIFT_KEYS = [...WINDSHIFT_MARKS, 'name', 'version', 'description', 'author', 'capabilities', 'schedules'];

export const DIALECTS: readonly DialectEntry[] = [
  {
    name: 'cloche',
    label: 'Cloche',
    marks: '`cloche`: 1',
    tells: (manifest) => 'cloche' in manifest,
    // What the page itself wrote beside a module is for Cloche, whether it says so or not.
    fits: (manifest, place) => place === 'inline' && !Object.keys(manifest).every(isExtismKey),
    read: async (manifest, options) =>
      'cloche' in manifest
        ? (await loadChunk(() => import('./cloche/manifest.ts'))).readCloche(manifest, options)
        : (await loadChunk(() => import('./cloche/inline.ts'))).readInline(manifest, options),
  },
  {
    name: 'nev',
    label: 'Nev',
    marks: '`wasm`, a file that ends in .m.wasm or .wat',
    tells: ({ wasm }) => typeof wasm === 'string' && /\.(?:m\.wasm|wat)$/.test(wasm),
    lenient: true,
  },
  {
    name: 'extism',
    label: 'Extism',
    marks: '`wasm`, a list',
    // Beside a module Cloche's own form may list more modules, too.
    tells: ({ wasm }, place) => wasm !== undefined && typeof wasm !== 'string' && place !== 'inline',
    fits: (manifest, place) => place === 'extism.json' || fitsExtism(Object.keys(manifest), place),
    read: readExtism,
  },
  {
    name: 'windshift',
    label: 'Windshift',
    marks: '`entryPoint`, `routes`, `webhooks` or `extensions`',
    tells: (manifest) => !('wasm' in manifest) && lowerKeys(manifest).some((key) => WINDSHIFT_MARKS.includes(key)),
    fits: (manifest, place) => !('wasm' in manifest) && fitsWindshift(lowerKeys(manifest), place),
    read: async (...given) => (await loadChunk(() => import('./windshift/manifest.ts'))).readWindshift(...given),
  },
  {
    name: 'navidrome',
    label: 'Navidrome',
    marks: '`permissions` with a `reason`',
    tells: (manifest, place) =>
      !('wasm' in manifest) &&
      hasReasons(manifest) &&
      (place !== 'inline' || 'website' in manifest || 'experimental' in manifest),
  },
];

/** The entry of the dialect that a manifest is written in, or undefined when it is of none. */
export function recognised(manifest: JsonObject, place: Place): DialectEntry | undefined {
  return (
    DIALECTS.find((dialect) => dialect.tells(manifest, place)) ??
    DIALECTS.find((dialect) => dialect.fits?.(manifest, place))
  );
}

/** Everything in an Extism manifest is optional, where its module is given. */
function fitsExtism(keys: readonly string[], place: Place): boolean {
  return keys.every(isExtismKey) && (keys.length > 0 || place === 'inline' || place === 'beside');
}

/** Its keys are free and none is required to be read. Alone, unknown ones make it somebody else's, as a web app's. */
function fitsWindshift(keys: readonly string[], place: Place): boolean {
  if (place === 'package' || place === 'beside') return true;
  return keys.includes('name') && (place === 'nested' || keys.every((key) => WINDSHIFT_KEYS.includes(key)));
}

/** Go takes keys in any case. */
function lowerKeys(manifest: JsonObject): string[] {
  return Object.keys(manifest).map((key) => key.toLowerCase());
}

function hasReasons({ permissions }: JsonObject): boolean {
  return (
    isJsonObject(permissions) && Object.values(permissions).some((asked) => isJsonObject(asked) && 'reason' in asked)
  );
}
