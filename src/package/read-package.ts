// From any source to a checked package: one manifest, the bytes of its modules, and the other files.

import { ClocheError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { PluginFormats } from '../manifest/dialect.ts';
import type { ManifestDraft, ReadOptions } from '../manifest/manifest-draft.ts';
import { ID_RULE, idFromName, isPluginId } from '../manifest/plugin-id.ts';
import type { AssetEntry, ModuleEntry, PluginManifest } from '../manifest/plugin-manifest.ts';
import { packageHash } from '../trust/package-hash.ts';
import type { PackageParts } from '../trust/package-parts.ts';
import { MOST_SIGNATURE_BYTES, type PackageSignature, SIGNATURE_SECTION } from '../trust/package-signature.ts';
import { type FileHasher, fileHasher, type HashedFiles } from '../util/hash/hashed-files.ts';
import { loadChunk } from '../util/load-chunk.ts';
import { shown } from '../util/text/shown.ts';
import { isWatText } from '../util/text/wat-text.ts';
import { type Bytes, throwIfAborted } from './fetch-bytes.ts';
import { type Assemble, loadModules } from './load-modules.ts';
import { OwnSource } from './own-source.ts';
import type { PackageDraft } from './package-draft.ts';
import { documentUrl, type OpenedSource, openSource, type PluginSource } from './package-source.ts';
import { type ReadManifest, readBytes, recognised } from './recognised.ts';

export interface PackageOptions {
  /** Those whose plugins are known here. */
  dialects: PluginFormats;
  limits: Pick<Limits, 'moduleBytes' | 'packageBytes'>;
  /** Aborts fetching and unpacking. */
  signal?: AbortSignal | undefined;
  /** @default text of WebAssembly is refused */
  assemble?: Assemble | undefined;
  /** @default the manifest's, else made from the name, else `plugin-` and the hash of `main` */
  id?: string | undefined;
  /** A signature beside the package, in place of one in it; see `signature-source.ts`. */
  signature?: unknown;
}

/** A package, with all that a signature of it is over. */
export interface OpenedPackage extends Omit<PluginPackage, 'signature' | 'sha256'> {
  readonly parts: PackageParts;
  /** The signature that was found, unread. */
  readonly signature: Bytes | undefined;
  readonly hash: FileHasher['hash'];
}

export interface PluginPackage {
  readonly manifest: PluginManifest;
  /** The bytes of the modules and assets. */
  readonly files: HashedFiles;
  /** What the manifest asks for and cannot get; one sentence each, for the log. */
  readonly warnings: readonly string[];
  /** Nobody said what it is called: its id was made up, from its name or its bytes. */
  readonly isIdMade: boolean;
  readonly signature: PackageSignature;
  /** The licence that lies in it, unread. */
  readonly license: Bytes | undefined;
  /** Of all of it, 64 lower-case hex digits; see `trust/package-hash.ts`. */
  readonly sha256: string;
}

const signedPackage = () => loadChunk(() => import('./signed-package.ts'));

/**
 * Reads a plugin and checks everything that can be checked without compiling.
 * A `WebAssembly.Module` is refused: memory limits are written into the bytes, so none would hold.
 * @throws {ClocheError} SOURCE_INVALID, FETCH_FAILED, PACKAGE_REJECTED, MANIFEST_INVALID, HASH_MISMATCH,
 * MODULE_REJECTED, SIGNATURE_UNREADABLE, ABORTED; OPTION_INVALID for `id` and `signature`; START_FAILED outside secure contexts
 */
export async function readPackage(source: PluginSource | OwnSource, options: PackageOptions): Promise<PluginPackage> {
  const { parts, hash, signature: found, ...read } = await openPackage(source, options);
  const signature = found && (await (await signedPackage()).verifyPackage(found, parts, hash));
  return { ...read, signature, sha256: await packageHash(parts, hash, read.manifest) };
}

/** As {@link readPackage}, and leaves its signature unread. */
export async function openPackage(source: PluginSource | OwnSource, options: PackageOptions): Promise<OpenedPackage> {
  checkId(options.id);
  const { signature: given, signal } = options;
  const own = OwnSource.of(source, options.limits);
  const [opened, beside] = await Promise.all([openSource(own, options), besides(given, signal)]);
  const found = await draftOf(opened, options);
  const hasher = fileHasher();
  const { entries: modules, files: raw } = await loadModules(found.draft.modules, found, options, hasher);
  const assets: AssetEntry[] = [];
  for (const [path, bytes] of found.assets) {
    assets.push({ path, sha256: await hasher.add(bytes), size: bytes.length });
  }
  throwIfAborted(signal);
  return {
    manifest: completed(found.draft, modules, assets, options),
    files: hasher.files,
    warnings: found.draft.warnings,
    isIdMade: options.id === undefined && found.draft.id === undefined,
    parts: { archive: found.archive, manifest: 'manifest' in opened ? opened.manifest : undefined, modules: raw },
    signature: beside ?? found.signature,
    license: found.license,
    hash: hasher.hash,
  };
}

async function besides(given: unknown, signal: AbortSignal | undefined): Promise<Bytes | undefined> {
  if (given === undefined) return undefined;
  return (await signedPackage()).readSignatureSource(given, signal);
}

type OpenedModule = Extract<OpenedSource, { kind: 'module' }>;

function checkId(id: string | undefined): void {
  if (id !== undefined && !isPluginId(id)) {
    throw new ClocheError('OPTION_INVALID', `Expected \`id\` to be ${ID_RULE}, got ${shown(id)}`);
  }
}

async function draftOf(opened: OpenedSource, options: PackageOptions): Promise<PackageDraft> {
  // A manifest can hold its modules in base64, so it may be as large as a package.
  const maxLength = options.limits.packageBytes;
  switch (opened.kind) {
    case 'zip': {
      const { readZipPackage } = await loadChunk(() => import('./zip-package.ts'));
      return readZipPackage(opened.bytes, opened.hint, { ...options, dialects: await options.dialects.all() });
    }
    case 'folder': {
      const { readFolderPackage } = await loadChunk(() => import('./zip-package.ts'));
      return readFolderPackage(opened.folder, { ...options, dialects: await options.dialects.all() });
    }
    case 'manifest': {
      const paths = opened.url === undefined ? 'none' : 'base';
      const rules = { baseUrl: opened.url ?? documentUrl(), paths, maxLength } as const;
      return { ...(await readManifest(opened.manifest, options, rules)), assets: new Map() };
    }
    case 'module': {
      const { bytes, signature } = await withoutSignature(opened);
      const module = await assembledIn(bytes, options);
      const evidence = module ? { ...opened, bytes: module, refusal: undefined } : { ...opened, bytes };
      const { draft, reader } = await readModule(evidence, options, maxLength);
      return {
        draft: { ...draft, hint: draft.hint ?? opened.hint },
        reader,
        given: bytes,
        assets: new Map(),
        signature,
      };
    }
  }
}

/**
 * Looks only where a whole one ends: in a module that is longer behind it there is none that could hold. With a manifest beside
 * it the signature of a module is none of both.
 */
async function withoutSignature({
  bytes,
  manifest,
}: OpenedModule): Promise<{ bytes: Bytes; signature?: Bytes | undefined }> {
  const end = String.fromCharCode(...bytes.subarray(-2 * MOST_SIGNATURE_BYTES));
  if (manifest !== undefined || !end.includes(SIGNATURE_SECTION)) return { bytes };
  return (await signedPackage()).splitSignature(bytes);
}

/** Whose text it is shows what it is assembled to, unless a dialect knows it as it is. */
async function assembledIn(bytes: Bytes, { assemble, dialects }: PackageOptions): Promise<Bytes | undefined> {
  if (!assemble || !isWatText(bytes)) return undefined;
  return recognised(await dialects.all(), { kind: 'bytes', bytes }) ? undefined : assemble(bytes, 'The source');
}

/** Bytes with a manifest beside them, or alone. */
async function readModule(
  { bytes, hint, manifest, refusal }: OpenedModule,
  options: PackageOptions,
  maxLength: number,
): Promise<ReadManifest> {
  const rules = { mainGiven: true, baseUrl: documentUrl(), maxLength, stem: hint } as const;
  if (manifest === undefined) {
    return readBytes(bytes, options.dialects, rules, refusal);
  }
  const place = typeof manifest === 'object' ? 'inline' : 'beside';
  const read = await readManifest(manifest, options, { ...rules, place });
  if (refusal && !read.reader.module) throw refusal;
  return read;
}

async function readManifest(
  manifest: string | object,
  { dialects }: PackageOptions,
  rules: ReadOptions,
): Promise<ReadManifest> {
  const { readManifest: read } = await loadChunk(() => import('./read-manifest.ts'));
  return read(manifest, await dialects.all(), rules);
}

function completed(
  draft: ManifestDraft,
  modules: readonly ModuleEntry[],
  assets: readonly AssetEntry[],
  options: PackageOptions,
): PluginManifest {
  const { id, name, hint, warnings: _, modules: __, ...rest } = draft;
  const hash = modules.find((module) => module.name === 'main')?.sha256 ?? '';
  const chosen = options.id ?? id ?? idFromName(name ?? hint, rest.dialect) ?? `plugin-${hash.slice(0, 12)}`;
  return {
    ...rest,
    id: chosen,
    name: name ?? hint ?? chosen,
    modules,
    assets,
  };
}
