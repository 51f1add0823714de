// `directory-entry-stream`: what is in a folder, one entry after the other.

import { fileTypeOf } from './file-stat.ts';
import { bytesOf, type OpenFiles } from './open-files.ts';

export interface DirectoryEntry {
  readonly type: string;
  readonly name: string;
}

/** `dirent` of preview 1. */
const HEAD_BYTES = 24;
const ROOM = 65_536n;

export class DirectoryEntryStream {
  readonly #entries: Iterator<DirectoryEntry>;

  constructor(entries: Iterator<DirectoryEntry>) {
    this.#entries = entries;
  }

  /** Undefined at the end. */
  readDirectoryEntry(): DirectoryEntry | undefined {
    const { value, done } = this.#entries.next();
    return done ? undefined : value;
  }
}

/** Without `.` and `..`, which preview 2 does not list. The first page is read at once, so that whoever may not list hears so. */
export function entriesOf(files: OpenFiles, fd: bigint): Iterator<DirectoryEntry> {
  let page = pageOf(files, fd, 0n);
  return (function* (): Generator<DirectoryEntry> {
    for (;;) {
      yield* page.entries.filter(({ name }) => name !== '.' && name !== '..');
      if (page.next === undefined) return;
      page = pageOf(files, fd, page.next);
    }
  })();
}

/** @returns where it goes on behind them; undefined at the end */
function pageOf(files: OpenFiles, fd: bigint, cookie: bigint): { entries: DirectoryEntry[]; next: bigint | undefined } {
  const bytes = bytesOf(files.run('fd_readdir', [fd, ROOM, cookie]));
  const view = new DataView(bytes.buffer);
  const entries: DirectoryEntry[] = [];
  let next = cookie;
  let at = 0;
  while (at + HEAD_BYTES <= bytes.length) {
    const end = at + HEAD_BYTES + view.getUint32(at + 16, true);
    // The last may be cut: it is the first of the next page.
    if (end > bytes.length) break;
    next = view.getBigUint64(at, true);
    const name = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.slice(at + HEAD_BYTES, end));
    entries.push({ type: fileTypeOf(view.getUint8(at + 20)), name });
    at = end;
  }
  return { entries, next: BigInt(bytes.length) < ROOM ? undefined : next };
}
