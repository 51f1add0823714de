// A plugin in a zip: where its manifest is, and which files are its own.

import { type OpenManifest, openManifest, readManifest, readOpened } from '../dialects/read-manifest.ts';
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
  const found = await findManifest(files, new Pauses(signal));
  const draft = await (found ? readOpened(found.open, { paths: 'package' }) : draftOfOnlyModule(files));
  const isWindshift = draft.dialect === 'windshift';
  return {
    draft: { ...draft, hint: draft.hint ?? hint },
    packed: isWindshift ? withModules(files, draft) : files,
    assets: isWindshift ? windshiftAssets(files) : assetsOf(files, draft, found?.path),
  };
}

function manifestAtRoot(files: ReadonlyMap<string, Bytes>): string | undefined {
  const found = MANIFESTS.filter((name) => files.has(name));
  if (found.length > 1) throw rejected(`has both ${MANIFESTS.join(' and ')}`);
  return found[0];
}

interface FoundManifest {
  readonly path: string;
  readonly open: OpenManifest;
}

/**
 * The one at the root, unless it is Windshift's, or none: then the first in the archive, in whatever folder. One among the
 * assets is a web app's, which may have a name too, where there is another.
 */
async function findManifest(files: ReadonlyMap<string, Bytes>, pauses: Pauses): Promise<FoundManifest | undefined> {
  const path = manifestAtRoot(files);
  const atRoot = path === undefined ? undefined : { path, open: await opened(files, path) };
  if (atRoot && atRoot.open.dialect?.name !== 'windshift') return atRoot;
  const found = [...files.keys()].filter((one) => baseName(one) === 'manifest.json');
  for (const one of [...found.filter((other) => !isAsset(other)), ...found.filter(isAsset)]) {
    const open = one === path && atRoot ? atRoot.open : await opened(files, one);
    if (open.dialect?.name === 'windshift') return { path: one, open };
    if (pauses.due) await pauses.take();
  }
  return atRoot;
}

function opened(files: ReadonlyMap<string, Bytes>, path: string): Promise<OpenManifest> {
  return openManifest(manifestText(files, path), placeOf(files, path));
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
