// The list of files in a zip, from its central directory, checked against every local header (M8, M9).
// Nothing is unpacked here. A zip that two readers could understand differently is refused.
// Format: APPNOTE.TXT 6.3, sections 4.3.7 (local header), 4.3.9 (descriptor), 4.3.12 (central), 4.3.16 (end).
// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT

import { ClocheError } from '../errors.ts';
import { foldedPath, pathProblem } from '../manifest/safe-path.ts';
import type { Steps } from '../util/pauses.ts';
import { visibleText } from '../util/text/visible-text.ts';
import type { Bytes } from './fetch-bytes.ts';
import { extraProblem } from './zip-extra.ts';

export interface ZipEntry {
  /** Without the final `/` of a folder. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly method: 'stored' | 'deflated';
  readonly crc32: number;
  readonly packedSize: number;
  readonly size: number;
  /** Where the packed bytes start. */
  readonly dataOffset: number;
}

export interface ZipCaps {
  /** Most bytes of all files together, unpacked. */
  maxBytes: number;
  /** Most entries, folders included. */
  maxEntries: number;
  /** Most unpacked bytes for each packed one, in files above {@link ratioFrom}. */
  maxRatio: number;
  ratioFrom: number;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const DESCRIPTOR = 0x08074b50;
const END = 0x06054b50;
const END_SIZE = 22;
const ZIP64_LOCATOR = 0x07064b50;
const ZIP64_LOCATOR_SIZE = 20;
const ENCRYPTED = 0x2041; // bits 0, 6 and 13: encryption, strong encryption, masked headers
const HAS_DESCRIPTOR = 0x0008;
const KNOWN_FLAGS = 0x080e; // and bits 1 and 2, which say how it was deflated, and 11: the name is UTF-8
const DOS_FOLDER = 0x10;
const METHODS = new Map<number, ZipEntry['method']>([
  [0, 'stored'],
  [8, 'deflated'],
]);

interface Central extends Omit<ZipEntry, 'dataOffset'> {
  readonly flags: number;
  readonly rawMethod: number;
  readonly rawName: Bytes;
  readonly offset: number;
}

/**
 * In steps: each entry may have some 100 KiB of extra fields, and a long name.
 * @throws {ClocheError} PACKAGE_REJECTED, with the name of the entry that is odd
 */
export function* zipDirectorySteps(bytes: Bytes, caps: ZipCaps): Steps<ZipEntry[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const { start, entries } = yield* readCentral(bytes, view, end, caps);
  checkSizes(entries, caps);
  yield* checkPaths(entries);
  return yield* withData(bytes, view, entries, start);
}

/**
 * The end record, whose comment must reach exactly to the end of the file. Readers differ on which of several counts, so
 * nothing that looks like one may follow, not even in the comment.
 */
function findEnd(view: DataView): number {
  const last = view.byteLength - END_SIZE;
  let at = view.byteLength - 4;
  while (at > Math.max(0, last - 0xffff) && view.getUint32(at, true) !== END) at--;
  const isEnd = at >= 0 && at <= last && view.getUint32(at, true) === END;
  if (!isEnd || at + END_SIZE + view.getUint16(at + 20, true) !== view.byteLength) {
    throw rejected('has no end record at its end: it is cut off, has something after it, or is not a zip');
  }
  return at;
}

interface Directory {
  readonly start: number;
  readonly entries: readonly Central[];
}

function* readCentral(bytes: Bytes, view: DataView, end: number, caps: ZipCaps): Steps<Directory> {
  const count = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  const start = view.getUint32(end + 16, true);
  // Some readers look for the locator whatever the end record says, so it may not even stand in a comment.
  const hasLocator = end >= ZIP64_LOCATOR_SIZE && view.getUint32(end - ZIP64_LOCATOR_SIZE, true) === ZIP64_LOCATOR;
  if (hasLocator || count === 0xffff || size === 0xffffffff || start === 0xffffffff) {
    throw rejected('is a Zip64, which only packages over 4 GiB need');
  }
  if (view.getUint32(end + 4, true) !== 0 || view.getUint16(end + 8, true) !== count) {
    throw rejected('is one of several volumes');
  }
  if (count > caps.maxEntries) throw rejected(`has ${count} entries, more than ${caps.maxEntries}`);
  const entries: Central[] = [];
  let at = start;
  for (let index = 0; index < count; index++) {
    if (at + 46 > end || view.getUint32(at, true) !== CENTRAL) throw rejected('has a broken directory');
    const next =
      at + 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end) throw rejected('has a broken directory');
    entries.push(readCentralEntry(bytes, view, at));
    at = next;
    yield;
  }
  if (at !== end || start + size !== end) throw rejected('has a directory of another size than it says');
  return { start, entries };
}

function readCentralEntry(bytes: Bytes, view: DataView, at: number): Central {
  const rawName = bytes.subarray(at + 46, at + 46 + view.getUint16(at + 28, true));
  const name = decodedName(rawName);
  const rawMethod = view.getUint16(at + 10, true);
  const method = METHODS.get(rawMethod);
  const flags = view.getUint16(at + 8, true);
  const attributes = view.getUint32(at + 38, true);
  const isFolder = name.endsWith('/');
  const extraAt = at + 46 + rawName.length;
  const oddExtra = extraProblem(bytes.subarray(extraAt, extraAt + view.getUint16(at + 30, true)), rawName);
  if (oddExtra !== undefined) throw rejected(oddExtra, name);
  if (flags & ENCRYPTED) throw rejected('is encrypted', name);
  if (flags & ~KNOWN_FLAGS) throw rejected('has unknown flags', name);
  if (!method) throw rejected(`has the unknown compression method ${rawMethod}`, name);
  // The upper half holds Unix modes: 0 for none, 8 a file, 4 a folder; 10 is a symbolic link.
  const fileType = attributes >>> 28;
  if (attributes & DOS_FOLDER && !isFolder) throw rejected('is a folder by its attributes, and not by its name', name);
  if (fileType !== 0 && fileType !== (isFolder ? 4 : 8)) throw rejected('is a link or a special file', name);
  return {
    path: isFolder ? name.slice(0, -1) : name,
    isFolder,
    method,
    flags,
    rawMethod,
    rawName,
    crc32: view.getUint32(at + 16, true),
    packedSize: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
  };
}

function decodedName(raw: Bytes): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
  } catch (cause) {
    throw new ClocheError('PACKAGE_REJECTED', 'The package has an entry whose name is not UTF-8', {
      cause,
    });
  }
}

function checkSizes(entries: readonly Central[], caps: ZipCaps): void {
  let total = 0;
  for (const { path, isFolder, method, size, packedSize } of entries) {
    total += size;
    // Some tools deflate the nothing that a folder is.
    if (isFolder && (size !== 0 || packedSize > 2)) throw rejected('is a folder with content', path);
    if (method === 'stored' && size !== packedSize) throw rejected('is stored and has two sizes', path);
    if (size > caps.ratioFrom && size > packedSize * caps.maxRatio) {
      throw rejected(`grows more than ${caps.maxRatio} times when unpacked`, path);
    }
    if (total > caps.maxBytes) throw rejected(`is larger than ${caps.maxBytes} bytes unpacked`);
  }
}

/** No two entries may be one file to anybody, and no file may also be a folder. */
function* checkPaths(entries: readonly Central[]): Steps<void> {
  const kinds = new Map<string, 'file' | 'folder' | 'parent'>();
  for (const { path, isFolder } of entries) {
    const problem = pathProblem(path);
    if (problem !== undefined) throw rejected(problem, path);
    const folded = foldedPath(path);
    const before = kinds.get(folded);
    if (before && !(before === 'parent' && isFolder)) throw rejected('is there twice, up to case and accents', path);
    kinds.set(folded, isFolder ? 'folder' : 'file');
    for (let slash = folded.indexOf('/'); slash !== -1; slash = folded.indexOf('/', slash + 1)) {
      const parent = folded.slice(0, slash);
      if (kinds.get(parent) === 'file') throw rejected('lies in a file', path);
      if (!kinds.has(parent)) kinds.set(parent, 'parent');
    }
    yield;
  }
}

/** Local headers must repeat the directory, and fill the file without gaps or overlaps up to it. */
function* withData(bytes: Bytes, view: DataView, entries: readonly Central[], directory: number): Steps<ZipEntry[]> {
  let at = 0;
  for (const entry of entries.toSorted((a, b) => a.offset - b.offset)) {
    if (entry.offset !== at) throw rejected('does not follow the one before it', entry.path);
    at = localEnd(bytes, view, entry, directory);
    yield;
  }
  if (at !== directory) throw rejected('has bytes that belong to no entry');
  return entries.map(({ flags: _, rawMethod: __, rawName, offset, ...entry }) => ({
    ...entry,
    dataOffset: offset + 30 + rawName.length + view.getUint16(offset + 28, true),
  }));
}

function localEnd(bytes: Bytes, view: DataView, entry: Central, directory: number): number {
  const { offset: at, rawName, path } = entry;
  const data = at + 30 + rawName.length;
  if (data > directory || view.getUint32(at, true) !== LOCAL) throw rejected('has no header', path);
  const described = (entry.flags & HAS_DESCRIPTOR) !== 0;
  const agrees =
    view.getUint16(at + 6, true) === entry.flags &&
    view.getUint16(at + 8, true) === entry.rawMethod &&
    view.getUint16(at + 26, true) === rawName.length &&
    rawName.every((byte, index) => bytes[at + 30 + index] === byte) &&
    sizesAgree(view, at + 14, entry, described);
  if (!agrees) throw rejected('differs from what the directory says about it', path);
  const packedAt = data + view.getUint16(at + 28, true);
  const end = packedAt + entry.packedSize;
  if (end > directory) throw rejected('reaches beyond the package', path);
  const oddExtra = extraProblem(bytes.subarray(data, packedAt), rawName);
  if (oddExtra !== undefined) throw rejected(oddExtra, path);
  return described ? descriptorEnd(view, end, entry, directory) : end;
}

/** With a descriptor the header may leave CRC and sizes at 0. */
function sizesAgree(view: DataView, at: number, entry: Central, mayBeZero: boolean): boolean {
  return [entry.crc32, entry.packedSize, entry.size].every((expected, index) => {
    const actual = view.getUint32(at + index * 4, true);
    return actual === expected || (mayBeZero && actual === 0);
  });
}

function descriptorEnd(view: DataView, at: number, entry: Central, directory: number): number {
  const signed = at + 4 <= directory && view.getUint32(at, true) === DESCRIPTOR;
  for (const start of signed ? [at + 4, at] : [at]) {
    if (start + 12 <= directory && sizesAgree(view, start, entry, false)) return start + 12;
  }
  throw rejected('differs from what follows it', entry.path);
}

export function rejected(problem: string, path?: string): ClocheError {
  const what = path === undefined ? 'The package' : `Entry "${visibleText(path, 120)}" of the package`;
  return new ClocheError('PACKAGE_REJECTED', `${what} ${problem}`);
}
