// A plugin in a zip: where its manifest is, and which files are its own.

import { dialectOf, readManifest } from '../dialects/read-manifest.ts';
import { baseName, isAsset, windshiftAssets, withModules } from '../dialects/windshift/package-files.ts';
import { fileStem, type ManifestDraft, type Place } from '../manifest/manifest-draft.ts';
import { Pauses } from '../util/pauses.ts';
import type { Bytes } from './fetch-bytes.ts';
import type { LoadOptions } from './load-modules.ts';
import { isModule, textOf } from './package-source.ts';
import { unzip, ZIP_CAPS } from './zip.ts';
import { rejected } from './zip-directory.ts';

const MANIFESTS = ['manifest.json', 'extism.json'];
const MAX_MANIFEST_BYTES = 1 << 20;

export interface ZipPackage {
  readonly draft: ManifestDraft;
  readonly packed: ReadonlyMap<string, Bytes>;
  /** Every file but the manifest and the modules. */
  readonly assets: ReadonlyMap<string, Bytes>;
}

/**
 * Reads `manifest.json` or `extism.json` at the root of the zip, or in the one folder that holds all.
 * Without either, a single `.wasm` file is the plugin. A Windshift plugin's manifest may lie in any folder.
 * @throws {ClocheError} PACKAGE_REJECTED, MANIFEST_INVALID, ABORTED
 */
export async function readZipPackage(
  bytes: Bytes,
  hint: string | undefined,
  { limits, signal }: LoadOptions,
): Promise<ZipPackage> {
  const all = await unzip(bytes, { ...ZIP_CAPS, maxBytes: limits.packageBytes }, signal);
  const files = withoutTopFolder(withoutLeavings(all));
  const atRoot = manifestAtRoot(files);
  const name = (await windshiftManifest(files, atRoot, new Pauses(signal))) ?? atRoot;
  const draft = await (name === undefined ? draftOfOnlyModule(files) : draftOfManifest(files, name));
  const isWindshift = draft.dialect === 'windshift';
  return {
    draft: { ...draft, hint: draft.hint ?? hint },
    packed: isWindshift ? withModules(files, draft) : files,
    assets: isWindshift ? windshiftAssets(files) : assetsOf(files, draft, name),
  };
}

function manifestAtRoot(files: ReadonlyMap<string, Bytes>): string | undefined {
  const found = MANIFESTS.filter((name) => files.has(name));
  if (found.length > 1) throw rejected(`has both ${MANIFESTS.join(' and ')}`);
  return found[0];
}

/**
 * The first in the archive, in whatever folder, unless the one at the root says that it is another dialect's. One among
 * the assets is a web app's, which may have a name too, where there is another.
 */
async function windshiftManifest(files: ReadonlyMap<string, Bytes>, atRoot: string | undefined, pauses: Pauses) {
  const isOne = async (path: string): Promise<boolean> =>
    (await dialectOf(manifestText(files, path), placeOf(files, path))) === 'windshift';
  if (atRoot !== undefined && !(await isOne(atRoot))) return undefined;
  const found = [...files.keys()].filter((path) => baseName(path) === 'manifest.json');
  for (const path of new Set([...found.filter((one) => !isAsset(one)), ...found])) {
    if (await isOne(path)) return path;
    if (pauses.due) await pauses.take();
  }
  return undefined;
}

function draftOfManifest(files: ReadonlyMap<string, Bytes>, name: string): Promise<ManifestDraft> {
  return readManifest(manifestText(files, name), { paths: 'package', place: placeOf(files, name) });
}

/** Without a module a package is none of a plugin, unless its manifest says so. */
function placeOf(files: ReadonlyMap<string, Bytes>, path: string): Place {
  const folder = path.slice(0, -baseName(path).length);
  if (path === 'extism.json') return 'extism.json';
  if (!hasModule(files, '')) return 'alone';
  return folder === '' || hasModule(files, folder) ? 'package' : 'nested';
}

function hasModule(files: ReadonlyMap<string, Bytes>, folder: string): boolean {
  return [...files].some(
    ([path, bytes]) => path.startsWith(folder) && (path.toLowerCase().endsWith('.wasm') || isModule(bytes)),
  );
}

function manifestText(files: ReadonlyMap<string, Bytes>, name: string): string {
  const bytes = files.get(name) ?? new Uint8Array();
  if (bytes.length > MAX_MANIFEST_BYTES) throw rejected(`is larger than ${MAX_MANIFEST_BYTES} bytes`, name);
  return textOf(bytes);
}

async function draftOfOnlyModule(packed: ReadonlyMap<string, Bytes>): Promise<ManifestDraft> {
  const [path, ...others] = [...packed.keys()].filter((file) => file.toLowerCase().endsWith('.wasm'));
  if (path === undefined || others.length > 0) {
    throw rejected(`has no ${MANIFESTS.join(' or ')} at its root, and not exactly one .wasm file`);
  }
  const draft = await readManifest({ wasm: [{ path }] }, { paths: 'package' });
  return { ...draft, hint: fileStem(path) };
}

function assetsOf(packed: ReadonlyMap<string, Bytes>, draft: ManifestDraft, manifest: string | undefined) {
  const assets = new Map(packed);
  if (manifest !== undefined) assets.delete(manifest);
  for (const { origin } of draft.modules) {
    if (origin.kind === 'path') assets.delete(origin.path);
  }
  return assets;
}

/** What the Finder of macOS adds to every zip it makes. */
function withoutLeavings(files: ReadonlyMap<string, Bytes>): Map<string, Bytes> {
  const kept = [...files].filter(([path]) => !path.startsWith('__MACOSX/') && !/(^|\/)\.DS_Store$/.test(path));
  return new Map(kept);
}

function withoutTopFolder(files: ReadonlyMap<string, Bytes>): ReadonlyMap<string, Bytes> {
  const [first = ''] = files.keys();
  const top = first.slice(0, first.indexOf('/') + 1);
  if (top === '' || ![...files.keys()].every((path) => path.startsWith(top))) return files;
  return new Map([...files].map(([path, bytes]) => [path.slice(top.length), bytes]));
}
