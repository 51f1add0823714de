// Changes of the files of a database as bytes: the length of a head, the head as JSON, and all content one behind the other. Bytes
// of zeros at the end of a piece are left out, since most of a log of transactions is empty pages.

export interface WrittenPiece {
  readonly at: number;
  readonly data: Uint8Array;
}

export interface WrittenFile {
  readonly path: string;
  /** Of the file, afterwards. */
  readonly size: number;
  /** The pieces are all of it. */
  readonly full: boolean;
  /** It is cut or filled up to its size first. */
  readonly truncate: boolean;
  readonly chunks: readonly WrittenPiece[];
}

export interface FileChanges {
  /** In this order, before any file is written. */
  readonly ops: readonly { readonly op: 'remove' | 'mkdir'; readonly path: string }[];
  readonly files: readonly WrittenFile[];
}

type FileHead = readonly [
  path: string,
  size: number,
  full: boolean,
  truncate: boolean,
  pieces: readonly (readonly [at: number, length: number, kept: number])[],
];
type Head = readonly { readonly ops: FileChanges['ops']; readonly files: readonly FileHead[] }[];

export function encodeChanges(list: readonly FileChanges[]): Uint8Array<ArrayBuffer> {
  const contents: Uint8Array[] = [];
  const head: Head = list.map(({ ops, files }) => ({
    ops: ops.map(({ op, path }) => ({ op, path })),
    files: files.map(({ path, size, full, truncate, chunks }) => [
      path,
      size,
      full,
      truncate,
      chunks.map(({ at, data }) => {
        const kept = data.subarray(0, lengthWithoutZeros(data));
        contents.push(kept);
        return [at, data.length, kept.length] as const;
      }),
    ]),
  }));
  const text = new TextEncoder().encode(JSON.stringify(head));
  const bytes = new Uint8Array(contents.reduce((sum, { length }) => sum + length, 4 + text.length));
  new DataView(bytes.buffer).setUint32(0, text.length);
  bytes.set(text, 4);
  let at = 4 + text.length;
  for (const content of contents) {
    bytes.set(content, at);
    at += content.length;
  }
  return bytes;
}

/**
 * @param mostBytes of all content, zeros among it
 * @throws {Error} for what {@link encodeChanges} has not written, and for more
 */
export function decodeChanges(bytes: Uint8Array, mostBytes: number): FileChanges[] {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Head;
  let next = 4 + length;
  let left = mostBytes;
  return head.map(({ ops, files }) => ({
    ops,
    files: files.map(([path, size, full, truncate, pieces]) => ({
      path,
      size,
      full,
      truncate,
      chunks: pieces.map(([at, whole, kept]) => {
        const content = bytes.subarray(next, next + kept);
        next += kept;
        if (content.length < kept) throw new Error('a record of changes ends too early');
        left -= whole;
        if (left < 0) throw new Error(`a record of changes has more than ${mostBytes} bytes`);
        if (kept === whole) return { at, data: content };
        const data = new Uint8Array(whole);
        data.set(content);
        return { at, data };
      }),
    })),
  }));
}

function lengthWithoutZeros(data: Uint8Array): number {
  let length = data.length;
  while (length > 0 && data[length - 1] === 0) length--;
  return length;
}
