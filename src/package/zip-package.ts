// A plugin in a zip or a folder: where its manifest is, and which files are its own.

import type { Files, PluginFormat } from '../manifest/dialect.ts';
import { fileStem, type ManifestDraft, type Place } from '../manifest/manifest-draft.ts';
import { Pauses } from '../util/pauses.ts';
import { isModule } from '../util/wasm-header.ts';
import type { Bytes } from './fetch-bytes.ts';
import type { Folder } from './folder/folder.ts';
import { readFolder } from './folder/read-folder.ts';
import type { LoadOptions } from './load-modules.ts';
import type { PackageDraft } from './package-draft.ts';
import { checkModule, textOf } from './package-source.ts';
import { type OpenManifest, openManifest } from './read-manifest.ts';
import { type ReadManifest, readBy, recognised } from './recognised.ts';
import { unzip, ZIP_CAPS } from './zip.ts';
import { rejected } from './zip-directory.ts';

/** Lies beside the manifest, and is no file of the plugin's. */
const SIGNATURE_FILE = 'cloche-signature.json';
const MANIFEST = 'manifest.json';
const MAX_MANIFEST_BYTES = 1 << 20;

interface FilesOptions extends LoadOptions {
  readonly dialects: readonly PluginFormat[];
}

/** @throws {ClocheError} PACKAGE_REJECTED, and what {@link readFiles} throws */
export async function readZipPackage(
  bytes: Bytes,
  hint: string | undefined,
  options: FilesOptions,
): Promise<PackageDraft> {
  const caps = { ...ZIP_CAPS, maxBytes: options.limits.packageBytes };
  return readFiles(await unzip(bytes, caps, options.signal), hint, options);
}

/** @throws {ClocheError} what reading the folder, and {@link readFiles}, throw */
export async function readFolderPackage(folder: Folder, options: FilesOptions): Promise<PackageDraft> {
  const { limits, signal } = options;
  return readFiles(await readFolder(folder, { maxBytes: limits.packageBytes, signal }), folder.name, options);
}

/**
 * Reads `manifest.json`, or the file that a dialect has in its place, at the root of the files, or in the one folder that holds
 * all. Without either, a single `.wasm` file is the plugin. Some dialects have their manifest in any folder.
 * @returns as assets every file but the manifest and the modules, unless the dialect says otherwise
 * @throws {ClocheError} PACKAGE_REJECTED, MANIFEST_INVALID, ABORTED
 */
async function readFiles(
  all: Files,
  hint: string | undefined,
  { limits, signal, dialects }: FilesOptions,
): Promise<PackageDraft> {
  const own = withoutLeavings(all);
  const folder = topFolder(own).slice(0, -1) || hint;
  const files = withoutTopFolder(own);
  const signature = files.get(SIGNATURE_FILE);
  files.delete(SIGNATURE_FILE);
  const found = await findManifest(files, dialects, new Pauses(signal));
  const { draft, reader } = await (found
    ? readBy(found.open.dialect, dialects, found.open.evidence, { paths: 'package', folder })
    : readOnlyModule(files, dialects, limits.moduleBytes));
  const parts = reader.files?.(files, draft) ?? { packed: files, assets: assetsOf(files, draft, found?.path) };
  return { draft: { ...draft, hint: draft.hint ?? hint }, reader, ...parts, archive: files, signature };
}

/** Where the signature of a package lies, or is to lie, among all its files. */
export function signatureFileIn(files: Files): string {
  return `${topFolder(withoutLeavings(files))}${SIGNATURE_FILE}`;
}

interface FoundManifest {
  readonly path: string;
  readonly open: OpenManifest;
}

/** The one at the root says whose the package is, and a dialect whose manifests lie in any folder which of them counts. */
async function findManifest(
  files: Files,
  dialects: readonly PluginFormat[],
  pauses: Pauses,
): Promise<FoundManifest | undefined> {
  const opened = async (path: string): Promise<FoundManifest> => {
    const place = { place: placeOf(files, path), file: baseName(path) };
    return { path, open: await openManifest(manifestText(files, path), dialects, place) };
  };
  const path = manifestAtRoot(files, dialects);
  const atRoot = path === undefined ? undefined : await opened(path);
  const paths = [...files.keys()].filter((one) => baseName(one) === MANIFEST);
  for (const dialect of atRoot ? [atRoot.open.dialect] : dialects) {
    for (const one of dialect?.manifestsIn?.(paths) ?? []) {
      const found = one === path && atRoot ? atRoot : await opened(one);
      if (found.open.dialect === dialect) return found;
      if (pauses.due) await pauses.take();
    }
  }
  return atRoot;
}

function manifestAtRoot(files: Files, dialects: readonly PluginFormat[]): string | undefined {
  const found = manifestNames(dialects).filter((name) => files.has(name));
  if (found.length > 1) throw rejected(`has both ${found.join(' and ')}`);
  return found[0];
}

function manifestNames(dialects: readonly PluginFormat[]): string[] {
  return [MANIFEST, ...dialects.flatMap(({ manifestFile }) => manifestFile ?? [])];
}

/** Without a module a package is none of a plugin, unless its manifest says so. */
function placeOf(files: Files, path: string): Place {
  const folder = path.slice(0, -baseName(path).length);
  if (!hasModule(files, '')) return 'alone';
  return folder === '' || hasModule(files, folder) ? 'package' : 'nested';
}

function hasModule(files: Files, folder: string): boolean {
  return [...files].some(
    ([path, bytes]) => path.startsWith(folder) && (path.toLowerCase().endsWith('.wasm') || isModule(bytes)),
  );
}

function manifestText(files: Files, name: string): string {
  const bytes = files.get(name) ?? new Uint8Array();
  if (bytes.length > MAX_MANIFEST_BYTES) throw rejected(`is larger than ${MAX_MANIFEST_BYTES} bytes`, name);
  return textOf(bytes);
}

/** Whose it is its bytes say. */
async function readOnlyModule(
  files: Files,
  dialects: readonly PluginFormat[],
  maxBytes: number,
): Promise<ReadManifest> {
  const [path, ...others] = [...files.keys()].filter((file) => file.toLowerCase().endsWith('.wasm'));
  const bytes = path === undefined ? undefined : files.get(path);
  if (path === undefined || !bytes || others.length > 0) {
    throw rejected(`has no ${manifestNames(dialects).join(' or ')} at its root, and not exactly one .wasm file`);
  }
  const evidence = { kind: 'bytes', bytes } as const;
  const dialect = recognised(dialects, evidence);
  if (!dialect) await checkModule(bytes, `Module ${JSON.stringify(path)}`, maxBytes);
  const { draft, reader } = await readBy(dialect, dialects, evidence, {
    mainGiven: true,
    paths: 'package',
    stem: fileStem(path),
  });
  const modules = draft.modules.map((module) =>
    module.origin.kind === 'given' ? { ...module, origin: { kind: 'path', path } as const } : module,
  );
  return { draft: { ...draft, modules, hint: fileStem(path) }, reader };
}

function assetsOf(packed: Files, draft: ManifestDraft, manifest: string | undefined) {
  const assets = new Map(packed);
  if (manifest !== undefined) assets.delete(manifest);
  for (const { origin } of draft.modules) {
    if (origin.kind === 'path') assets.delete(origin.path);
  }
  return assets;
}

/** What the Finder of macOS adds to every zip it makes. */
function withoutLeavings(files: Files): Map<string, Bytes> {
  const kept = [...files].filter(([path]) => !path.startsWith('__MACOSX/') && !/(^|\/)\.DS_Store$/.test(path));
  return new Map(kept);
}

function withoutTopFolder(files: Files): Map<string, Bytes> {
  const top = topFolder(files);
  return new Map([...files].map(([path, bytes]) => [path.slice(top.length), bytes]));
}

/** The one folder that holds all, with a `/` at its end; empty where there is none. */
function topFolder(files: Files): string {
  const [first = ''] = files.keys();
  const top = first.slice(0, first.indexOf('/') + 1);
  return [...files.keys()].every((path) => path.startsWith(top)) ? top : '';
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
