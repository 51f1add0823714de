// The files of a folder that somebody has chosen or dropped, under the caps of a package.

import { ClocheError } from '../../errors.ts';
import { foldedPath, pathProblem } from '../../manifest/safe-path.ts';
import { visibleText } from '../../util/text/visible-text.ts';
import { type Bytes, throwIfAborted } from '../fetch-bytes.ts';
import { tooLarge } from '../own-source.ts';
import { ZIP_CAPS } from '../zip.ts';
import type { Folder } from './folder.ts';

interface FolderOptions {
  /** All files together. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

type FoundFile = readonly [path: string, file: () => Promise<File>];

const MOST_LEVELS = 32;

/**
 * By their paths in the folder. What is hidden is left out: a folder that is worked in has its history there.
 * @throws {ClocheError} PACKAGE_REJECTED for too much, and for a name that no package may have; FETCH_FAILED where a file cannot
 * be read; ABORTED
 */
export async function readFolder(folder: Folder, { maxBytes, signal }: FolderOptions): Promise<Map<string, Bytes>> {
  const files = new Map<string, Bytes>();
  let left = maxBytes;
  for await (const [path, open] of entriesIn(folder)) {
    throwIfAborted(signal);
    const file = await open();
    if (file.size > left) throw tooLarge('The folder', maxBytes);
    const bytes = new Uint8Array(await read(path, () => file.arrayBuffer()));
    left -= bytes.length;
    if (left < 0) throw tooLarge('The folder', maxBytes);
    files.set(path, bytes);
  }
  return files;
}

/**
 * Its files, none of which is read yet.
 * @throws {ClocheError} as {@link readFolder} does
 */
export async function* entriesIn(folder: Folder): AsyncGenerator<FoundFile> {
  const seen = new Set<string>();
  for await (const [path, open] of filesIn(folder, '', MOST_LEVELS)) {
    if (seen.size >= ZIP_CAPS.maxEntries) throw rejected(`has more than ${ZIP_CAPS.maxEntries} files`);
    const problem = pathProblem(path);
    if (problem !== undefined) throw rejected(`has a file "${visibleText(path, 120)}", whose path ${problem}`);
    const known = seen.size;
    if (seen.add(foldedPath(path)).size === known) {
      throw rejected(`has "${visibleText(path, 120)}" twice, up to case and accents`);
    }
    yield [path, () => read(path, open)];
  }
}

async function* filesIn(folder: Folder, path: string, levels: number): AsyncGenerator<FoundFile> {
  if (levels === 0) throw rejected(`has folders in more than ${MOST_LEVELS} others`);
  for await (const entry of entriesOf(folder)) {
    const below = `${path}${entry.name}`;
    if (entry.name.startsWith('.')) continue;
    if ('isDirectory' in entry ? entry.isDirectory : entry.kind === 'directory') {
      yield* filesIn(entry as Folder, `${below}/`, levels - 1);
    } else yield [below, () => fileOf(entry as FileSystemFileHandle | FileSystemFileEntry)];
  }
}

/** What lies in it, in no order. */
export async function* entriesOf(folder: Folder): AsyncGenerator<FileSystemHandle | FileSystemEntry> {
  if ('values' in folder) {
    yield* folder.values();
    return;
  }
  const reader = folder.createReader();
  // A hundred at a time, until there are none: https://wicg.github.io/entries-api/#dom-filesystemdirectoryreader-readentries
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    yield* some;
  }
}

export function fileOf(entry: FileSystemFileHandle | FileSystemFileEntry): Promise<File> {
  if ('getFile' in entry) return entry.getFile();
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

async function read<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const message = `File "${visibleText(path, 120)}" of the folder cannot be read; it may have changed since it was chosen`;
    throw new ClocheError('FETCH_FAILED', message, { cause });
  }
}

function rejected(problem: string): ClocheError {
  return new ClocheError('PACKAGE_REJECTED', `The folder ${problem}`);
}
