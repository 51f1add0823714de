// What may be installed, told apart by its content: servers and file systems are often wrong about types.

import { ClocheError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { compiledModule } from '../manifest/compiled-module.ts';
import { fileStem } from '../manifest/manifest-draft.ts';
import { didYouMean } from '../util/given-options.ts';
import { loadChunk } from '../util/load-chunk.ts';
import { shown } from '../util/text/shown.ts';
import { visibleText } from '../util/text/visible-text.ts';
import { isCoreModule, isModule, startsWith } from '../util/wasm-header.ts';
import { type Bytes, fetchBytes, readResponse, shownUrl, throwIfAborted } from './fetch-bytes.ts';
import { type Folder, isFolder } from './folder/folder.ts';
import { copyOf, mostBytes, type OwnSource, tooLarge } from './own-source.ts';

/** Bytes, or where they are. A string is a URL, absolute or relative to the document. */
export type ByteSource = Blob | ArrayBuffer | ArrayBufferView | Response | URL | string;

/**
 * A plugin: a module, a zip package or a manifest as bytes; the folder that a zip would be made of; a manifest as JSON text or as an object; or a
 * module with a manifest beside it, in which `wasm` stands for the main module. An object there is Cloche's own manifest,
 * unless it has a mark of another dialect; text is a file's, and without a mark it is the dialect's whose files stand there.
 */
export type PluginSource =
  | ByteSource
  | Folder
  | { readonly wasm: ByteSource; readonly manifest?: string | object | undefined }
  | { readonly wasm?: unknown; readonly [key: string]: unknown };

/** A source after its first bytes were looked at. */
export type OpenedSource =
  /** Bytes that are neither a zip nor a manifest. */
  | {
      readonly kind: 'module';
      readonly bytes: Bytes;
      readonly hint: string | undefined;
      readonly manifest?: string | object | undefined;
      /** Why it does not run, unless a dialect can read it; undefined for a core module. */
      readonly refusal?: ClocheError | undefined;
    }
  | { readonly kind: 'zip'; readonly bytes: Bytes; readonly hint: string | undefined }
  | { readonly kind: 'folder'; readonly folder: Folder }
  | {
      readonly kind: 'manifest';
      readonly manifest: string | object;
      /** Where the manifest was fetched from; undefined for one that the page has. */
      readonly url: string | undefined;
    };

export interface SourceOptions {
  limits: Pick<Limits, 'moduleBytes' | 'packageBytes'>;
  signal?: AbortSignal | undefined;
}

interface Found {
  readonly bytes: Bytes;
  /** Where it came from, if that is a URL; a manifest's modules are relative to it. */
  readonly url: string | undefined;
  readonly hint: string | undefined;
}

/**
 * @throws {ClocheError} SOURCE_INVALID for what is not a source, FETCH_FAILED, PACKAGE_REJECTED over a cap,
 * MODULE_REJECTED for other versions of WebAssembly, MANIFEST_INVALID for text that is not UTF-8
 */
export async function openSource({ value: source }: OwnSource, options: SourceOptions): Promise<OpenedSource> {
  throwIfAborted(options.signal);
  if (typeof source === 'string' && isManifestText(source)) {
    return { kind: 'manifest', manifest: source, url: undefined };
  }
  if (isFolder(source)) return { kind: 'folder', folder: source };
  const found = await foundIn(source, options);
  if (found) return detectFormat(found, options);
  if (typeof source !== 'object' || source === null) throw unknownSource(shown(source));
  if (!isPair(source)) return { kind: 'manifest', manifest: source, url: undefined };
  return openPair(source.wasm, source.manifest, options);
}

/** What is its own is not copied again. */
async function foundIn(source: unknown, options: SourceOptions): Promise<Found | undefined> {
  if (source instanceof Uint8Array) return { bytes: source as Bytes, url: undefined, hint: undefined };
  return findBytes(source, options);
}

const PAIR = ['wasm', 'manifest'];

/**
 * Anything else with a `wasm` is a manifest, where that is a list, or a file and not alone.
 * @throws {ClocheError} SOURCE_INVALID for a module with something beside it that is not read there
 */
function isPair(source: object): source is { wasm: unknown; manifest?: unknown } {
  const others = Object.keys(source).filter((key) => !PAIR.includes(key));
  if ('manifest' in source) refuseOthers(others);
  else if (!('wasm' in source) || Array.isArray(source.wasm) || 'cloche' in source) return false;
  else if (typeof source.wasm === 'string' && others.length > 0) return false;
  else refuseOthers(others);
  return true;
}

function refuseOthers([other]: readonly string[]): void {
  if (other === undefined) return;
  const key = visibleText(other, 60);
  const problem = `has \`${key}\`, which is not read there: what a manifest says goes into \`manifest\``;
  throw new ClocheError('SOURCE_INVALID', `The source \`{ wasm, manifest }\` ${problem}.${didYouMean(key, PAIR)}`);
}

async function openPair(wasm: unknown, manifest: unknown, options: SourceOptions): Promise<OpenedSource> {
  const found = await foundIn(wasm, options);
  if (!found) throw unknownSource(`${shown(wasm)} as \`wasm\``);
  const opened = await detectFormat(found, options);
  if (opened.kind !== 'module') {
    throw new ClocheError('SOURCE_INVALID', '`wasm` of `{ wasm, manifest }` should be a WebAssembly module');
  }
  if (manifest === undefined) return opened;
  if (!isManifest(manifest)) {
    throw new ClocheError(
      'SOURCE_INVALID',
      `Expected \`manifest\` to be an object or JSON text, got ${shown(manifest)}`,
    );
  }
  return { ...opened, manifest };
}

function isManifest(value: unknown): value is string | object {
  return typeof value === 'string' ? isManifestText(value) : typeof value === 'object' && value !== null;
}

export async function findBytes(source: unknown, options: SourceOptions): Promise<Found | undefined> {
  const maxBytes = mostBytes(options.limits);
  if (typeof source === 'string' || source instanceof URL) {
    const url = installUrl(source);
    const found = await fetchBytes(url, { maxBytes, signal: options.signal });
    return { ...found, hint: hintOfUrl(found.url) };
  }
  if (source instanceof Response) {
    const bytes = await readResponse(source, { maxBytes, signal: options.signal });
    return { bytes, url: source.url || undefined, hint: hintOfUrl(source.url) };
  }
  if (source instanceof Blob) {
    if (source.size > maxBytes) throw tooLarge('The file', maxBytes);
    const hint = source instanceof File ? fileStem(source.name) : undefined;
    return { bytes: await bytesOfBlob(source), url: undefined, hint };
  }
  if (source instanceof WebAssembly.Module) throw compiledModule('The source');
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source) || isShared(source)) {
    return { bytes: copyOf(source, maxBytes), url: undefined, hint: undefined };
  }
  return undefined;
}

function isShared(source: unknown): source is SharedArrayBuffer {
  return typeof SharedArrayBuffer === 'function' && source instanceof SharedArrayBuffer;
}

async function bytesOfBlob(blob: Blob): Promise<Bytes> {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch (cause) {
    throw new ClocheError('FETCH_FAILED', 'The file cannot be read; it may have changed since it was chosen', {
      cause,
    });
  }
}

const ZIP_ENTRY = [0x50, 0x4b, 0x03, 0x04];
/** Bytes in which a manifest must begin, comments before it included. */
const LONGEST_PREFACE = 4_096;
const ZIP_EMPTY = [0x50, 0x4b, 0x05, 0x06];

async function detectFormat(found: Found, { limits }: SourceOptions): Promise<OpenedSource> {
  const { bytes, hint } = found;
  const place = /^https?:/.test(found.url ?? '') ? shownUrl(found.url ?? '') : 'The source';
  if (isModule(bytes)) {
    if (bytes.length > limits.moduleBytes) throw tooLarge(shownUrl(place), limits.moduleBytes);
    const refusal = await moduleProblem(bytes, place);
    return { kind: 'module', bytes, hint, ...(refusal && { refusal }) };
  }
  if (bytes.length > limits.packageBytes) throw tooLarge('The package', limits.packageBytes);
  if (startsWith(bytes, ZIP_ENTRY) || startsWith(bytes, ZIP_EMPTY)) return { kind: 'zip', bytes, hint };
  if (isManifestText(textOf(bytes.subarray(0, LONGEST_PREFACE), false))) {
    return { kind: 'manifest', manifest: textOf(bytes), url: found.url };
  }
  return { kind: 'module', bytes, hint, refusal: (await noPlugin()).sourceProblem(bytes, place) };
}

const noPlugin = () => loadChunk(() => import('./no-plugin.ts'));

/** @throws {ClocheError} MODULE_REJECTED unless the bytes begin as a core module; PACKAGE_REJECTED over the cap */
export async function checkModule(bytes: Bytes, what: string, maxBytes: number): Promise<void> {
  if (bytes.length > maxBytes) throw tooLarge(shownUrl(what), maxBytes);
  const problem = await moduleProblem(bytes, what);
  if (problem) throw problem;
}

async function moduleProblem(bytes: Bytes, what: string): Promise<ClocheError | undefined> {
  return isCoreModule(bytes) ? undefined : (await noPlugin()).moduleProblem(bytes, what);
}

/** @throws {ClocheError} MANIFEST_INVALID when the bytes are not UTF-8 */
export function textOf(bytes: Uint8Array, fatal = true): string {
  try {
    return new TextDecoder('utf-8', { fatal }).decode(bytes);
  } catch (cause) {
    throw new ClocheError('MANIFEST_INVALID', 'The manifest is not UTF-8', { cause });
  }
}

/** White space, comments and a byte order mark may come before it: whether they may is the dialect's to say. */
export function isManifestText(text: string): boolean {
  return /^\uFEFF?(?:[ \t\r\n]|\/\/[^\r\n]*[\r\n]|\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/)*\{/.test(
    text.slice(0, LONGEST_PREFACE),
  );
}

const SCHEMES: ReadonlySet<string> = new Set(['https:', 'http:', 'blob:', 'data:']);

function installUrl(source: string | URL): string {
  const text = String(source);
  if (!URL.canParse(text, documentUrl())) throw unknownSource(shown(text));
  const url = new URL(text, documentUrl());
  if (!SCHEMES.has(url.protocol) || url.username !== '' || url.password !== '') {
    throw new ClocheError(
      'SOURCE_INVALID',
      `Expected an https, http, blob or data URL without a user name, got ${shown(text)}`,
    );
  }
  return url.href;
}

/** What URLs that the page itself wrote are relative to. */
export function documentUrl(): string | undefined {
  return typeof document === 'undefined' ? undefined : document.baseURI;
}

function hintOfUrl(url: string): string | undefined {
  return /^https?:/.test(url) ? fileStem(url) : undefined;
}

function unknownSource(what: string): ClocheError {
  return new ClocheError(
    'SOURCE_INVALID',
    `Expected a File, Blob, a folder, ArrayBuffer, Uint8Array, Response, URL, { wasm, manifest } or a manifest, got ${what}`,
  );
}
