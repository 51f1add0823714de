// The folder of a running database: a limit on its size, and all of it at once.

import type { PGlite } from '@electric-sql/pglite';
import type { FileChanges, WrittenFile } from './change-record.ts';

export const DATA_FOLDER = '/pglite/data';

/** `ENOSPC`, as Emscripten numbers it. */
const DISK_FULL = 51;
const ANY_FILE = `${DATA_FOLDER}/PG_VERSION`;

interface FileNode {
  usedBytes: number;
}

interface StreamOps {
  write(stream: { node: FileNode }, buffer: Uint8Array, offset: number, length: number, position: number): number;
}

/** What is used of Emscripten's file system. */
interface Files {
  readonly ErrnoError: new (errno: number) => Error;
  lookupPath(path: string): { node: { stream_ops: StreamOps } };
  readdir(path: string): string[];
  stat(path: string): { mode: number; size: number };
  isDir(mode: number): boolean;
  readFile(path: string): Uint8Array;
}

/** What would make all files together larger is refused, as by a disk that is full. */
export function limitData(pg: PGlite, mostBytes: number): void {
  const fs = filesOf(pg);
  // All files have the same object.
  const ops = fs.lookupPath(ANY_FILE).node.stream_ops;
  const write = ops.write.bind(ops);
  let bytes = sizeOf(fs, DATA_FOLDER);
  ops.write = (stream, buffer, offset, length, position) => {
    const growth = Math.max(0, position + length - stream.node.usedBytes);
    if (growth > 0 && bytes + growth > mostBytes) {
      // Some may have been deleted since.
      bytes = sizeOf(fs, DATA_FOLDER);
      if (bytes + growth > mostBytes) throw new fs.ErrnoError(DISK_FULL);
    }
    bytes += growth;
    return write(stream, buffer, offset, length, position);
  };
}

export function wholeFolder(pg: PGlite): FileChanges {
  const fs = filesOf(pg);
  const ops: { op: 'mkdir'; path: string }[] = [];
  const files: WrittenFile[] = [];
  for (const { path, isDir } of walk(fs, DATA_FOLDER)) {
    const name = path.slice(DATA_FOLDER.length);
    if (isDir) {
      ops.push({ op: 'mkdir', path: name });
      continue;
    }
    const data = fs.readFile(path);
    files.push({ path: name, size: data.length, full: true, truncate: true, chunks: [{ at: 0, data }] });
  }
  return { ops, files };
}

function sizeOf(fs: Files, folder: string): number {
  let bytes = 0;
  for (const { size } of walk(fs, folder)) bytes += size;
  return bytes;
}

function* walk(fs: Files, folder: string): Generator<{ path: string; isDir: boolean; size: number }> {
  for (const name of fs.readdir(folder)) {
    if (name === '.' || name === '..') continue;
    const path = `${folder}/${name}`;
    const { mode, size } = fs.stat(path);
    const isDir = fs.isDir(mode);
    yield { path, isDir, size: isDir ? 0 : size };
    if (isDir) yield* walk(fs, path);
  }
}

function filesOf(pg: PGlite): Files {
  return pg.Module.FS as unknown as Files;
}
