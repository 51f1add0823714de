// The records that WASI preview 1 has for a descriptor, a file and an entry of a folder.
// https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#filestat

import type { Node } from '../volume/nodes.ts';

/** https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#filetype */
const FILE_TYPES = { folder: 3, file: 4, link: 7 } as const;

const FILESTAT_BYTES = 64;
const FDSTAT_BYTES = 24;
const DIRENT_BYTES = 24;

/** @param device number of the volume */
export function filestat(node: Node, device: number): Uint8Array<ArrayBuffer> {
  const { bytes, view } = record(FILESTAT_BYTES);
  view.setBigUint64(0, BigInt(device), true);
  view.setBigUint64(8, BigInt(node.id), true);
  view.setUint8(16, FILE_TYPES[node.kind]);
  view.setBigUint64(24, BigInt(node.names), true);
  view.setBigUint64(32, BigInt(sizeOf(node)), true);
  view.setBigUint64(40, node.times.accessed, true);
  view.setBigUint64(48, node.times.modified, true);
  view.setBigUint64(56, node.times.changed, true);
  return bytes;
}

export function fdstat(node: Node, flags: number, base: bigint, inheriting: bigint): Uint8Array<ArrayBuffer> {
  const { bytes, view } = record(FDSTAT_BYTES);
  view.setUint8(0, FILE_TYPES[node.kind]);
  view.setUint16(2, flags, true);
  view.setBigUint64(8, base, true);
  view.setBigUint64(16, inheriting, true);
  return bytes;
}

/** @param next where a listing goes on behind it */
export function dirent(name: string, { id, kind }: Node, next: number): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(name);
  const { bytes, view } = record(DIRENT_BYTES + text.length);
  view.setBigUint64(0, BigInt(next), true);
  view.setBigUint64(8, BigInt(id), true);
  view.setUint32(16, text.length, true);
  view.setUint8(20, FILE_TYPES[kind]);
  bytes.set(text, DIRENT_BYTES);
  return bytes;
}

function sizeOf(node: Node): number {
  if (node.kind === 'file') return node.size;
  return node.kind === 'link' ? new TextEncoder().encode(node.target).length : 0;
}

function record(length: number): { bytes: Uint8Array<ArrayBuffer>; view: DataView } {
  const bytes = new Uint8Array(length);
  return { bytes, view: new DataView(bytes.buffer) };
}
