// Keeps the changes of one database in files of the browser's own file system (OPFS), whose handles block, and so belong into a worker.
// It is of the page's origin, and runs nothing of anybody: bytes come from the page, and are written or read.
//
// A file has a head of 16 bytes (a mark, a number that grows with each file, two words of nothing), then records: length, CRC-32, bytes.
// A record that was not written to its end is told by these, and is not there: only the last can be one, and a first record is on the
// disk before its head. Whatever else is not as it was written is damage, and an error: what looked empty would be written over.
// Of two files the one with the higher number counts, so all records are replaced at once, or not at all.

import { messageOf } from '../../errors.ts';
import { crc32 } from '../../util/hash/crc32.ts';
import {
  type ChangesAnswer,
  type ChangesRequest,
  FILE_SUFFIXES,
  HEAD_BYTES,
  isHead,
  MARK,
} from './changes-protocol.ts';

/** What is used of `FileSystemSyncAccessHandle`. */
interface Handle {
  getSize(): number;
  read(bytes: Uint8Array, options: { at: number }): number;
  write(bytes: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

const RECORD_HEAD_BYTES = 8;

interface OpenFile {
  readonly handle: Handle;
  /** 0 for a file that holds nothing. */
  number: number;
  /** Behind its last whole record. */
  end: number;
}

let files: readonly [OpenFile, OpenFile] | undefined;
let current: OpenFile | undefined;
let turn: Promise<void> = Promise.resolve();

addEventListener('message', ({ data }: MessageEvent<ChangesRequest>) => {
  turn = turn.then(async () => {
    let answer: ChangesAnswer;
    try {
      answer = { id: data.id, ok: true, records: await done(data), bytes: current?.end ?? 0 };
    } catch (thrown) {
      const busy = thrown instanceof DOMException && thrown.name === 'NoModificationAllowedError';
      answer = { id: data.id, ok: false, busy, message: messageOf(thrown) };
    }
    postMessage(answer);
  });
});

async function done(request: ChangesRequest): Promise<readonly Uint8Array[]> {
  switch (request.type) {
    case 'OPEN':
      return open(request.path, request.name);
    case 'APPEND':
      append(request.records);
      return [];
    case 'REPLACE':
      replace(request.records);
      return [];
    case 'CLOSE':
      for (const { handle } of files ?? []) handle.close();
      files = undefined;
      current = undefined;
      return [];
  }
}

async function open(path: readonly string[], name: string): Promise<readonly Uint8Array[]> {
  let folder = await navigator.storage.getDirectory();
  for (const part of path) folder = await folder.getDirectoryHandle(part, { create: true });
  const handles: Handle[] = [];
  try {
    for (const suffix of FILE_SUFFIXES) {
      const file = await folder.getFileHandle(`${name}.${suffix}`, { create: true });
      handles.push(await (file as unknown as { createSyncAccessHandle(): Promise<Handle> }).createSyncAccessHandle());
    }
  } catch (thrown) {
    for (const handle of handles) handle.close();
    throw thrown;
  }
  let found: readonly Found[];
  try {
    found = handles.map(readFile);
  } catch (thrown) {
    for (const handle of handles) handle.close();
    throw thrown;
  }
  const [first, second] = found as [Found, Found];
  files = [first.file, second.file];
  const best = first.file.number >= second.file.number ? first : second;
  current = best.file;
  return best.records;
}

interface Found {
  readonly file: OpenFile;
  readonly records: readonly Uint8Array[];
}

/** @throws {Error} for what could not be read, or is damaged */
function readFile(handle: Handle): Found {
  const bytes = new Uint8Array(handle.getSize());
  if (handle.read(bytes, { at: 0 }) < bytes.length) throw new Error('a file could not be read to its end');
  const view = new DataView(bytes.buffer);
  // A head of zeros is one that was not written any more.
  if (bytes.subarray(0, HEAD_BYTES).every((byte) => byte === 0))
    return { file: { handle, number: 0, end: 0 }, records: [] };
  if (!isHead(bytes)) throw damaged();
  const records: Uint8Array[] = [];
  let end = HEAD_BYTES;
  while (end + RECORD_HEAD_BYTES <= bytes.length) {
    const length = view.getUint32(end);
    const next = end + RECORD_HEAD_BYTES + length;
    const record = bytes.subarray(end + RECORD_HEAD_BYTES, next);
    if (length === 0 || record.length < length || crc32(record) !== view.getUint32(end + 4)) {
      // Nothing is written behind a record that is not there yet.
      if (records.length === 0 || (length > 0 && next < bytes.length)) throw damaged();
      break;
    }
    records.push(record);
    end = next;
  }
  if (records.length === 0) throw damaged();
  // What is left of a record that was cut off must not stand behind the next one.
  if (end < bytes.length) handle.truncate(end);
  return { file: { handle, number: view.getUint32(4), end }, records };
}

function damaged(): Error {
  return new Error('a file is damaged, and is left as it is');
}

function append(records: readonly Uint8Array[]): void {
  if (!current) throw new Error('it is not open');
  if (current.end === 0) {
    begin(current, 1, records);
    return;
  }
  write(current, current.end, records);
}

function replace(records: readonly Uint8Array[]): void {
  if (!files || !current) throw new Error('it is not open');
  if (records.length === 0) {
    empty(files, current);
    return;
  }
  const { number } = current;
  const other = files[0] === current ? files[1] : files[0];
  const fresh: OpenFile = { handle: other.handle, number: 0, end: 0 };
  files = files[0] === current ? [files[0], fresh] : [fresh, files[1]];
  begin(fresh, number + 1, records);
  const before = current;
  current = fresh;
  // Its number is lower by now.
  before.handle.truncate(0);
  before.handle.flush();
}

/** The one that counts goes last: else what it has replaced would count again. */
function empty([one, other]: readonly [OpenFile, OpenFile], last: OpenFile): void {
  for (const { handle } of [one === last ? other : one, last]) {
    handle.truncate(0);
    handle.flush();
  }
  last.end = 0;
}

/** The head comes last: without it there is nothing. */
function begin(file: OpenFile, number: number, records: readonly Uint8Array[]): void {
  file.handle.truncate(0);
  write(file, HEAD_BYTES, records);
  const head = new Uint8Array(HEAD_BYTES);
  const view = new DataView(head.buffer);
  view.setUint32(0, MARK);
  view.setUint32(4, number);
  if (file.handle.write(head, { at: 0 }) < HEAD_BYTES) throw new Error('the disk is full');
  file.handle.flush();
  file.number = number;
}

function write(file: OpenFile, at: number, records: readonly Uint8Array[]): void {
  const length = records.reduce((sum, record) => sum + RECORD_HEAD_BYTES + record.length, 0);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  let next = 0;
  for (const record of records) {
    view.setUint32(next, record.length);
    view.setUint32(next + 4, crc32(record));
    bytes.set(record, next + RECORD_HEAD_BYTES);
    next += RECORD_HEAD_BYTES + record.length;
  }
  try {
    if (file.handle.write(bytes, { at }) < length) throw new Error('the disk is full');
    file.handle.flush();
  } catch (thrown) {
    // What is there of it would be read as a record by chance, or be in the way of the next.
    file.handle.truncate(at);
    throw thrown;
  }
  file.end = at + length;
}
