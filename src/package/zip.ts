// Unpacks a zip in memory. What comes out is counted as it comes, so a false size costs one step at most.

import { ClocheError, messageOf } from '../errors.ts';
import { type Bytes, throwIfAborted } from './fetch-bytes.ts';
import { readZipDirectory, rejected, type ZipCaps, type ZipEntry } from './zip-directory.ts';

/** Deflate grows a byte to 1,032 at most, so one step makes at most 4 MiB more than is allowed. */
const STEP = 4_096;
/** Work between two pauses, so that the web page stays responsive. */
const STEP_MS = 12;

export const ZIP_CAPS = { maxEntries: 2_000, maxRatio: 200, ratioFrom: 1 << 20 } as const;

/**
 * The files of a zip by path; folders are left out, zips inside stay zips.
 * @throws {ClocheError} PACKAGE_REJECTED with the entry that is odd, ABORTED
 */
export async function unzip(
  bytes: Bytes,
  caps: ZipCaps,
  signal?: AbortSignal | undefined,
): Promise<Map<string, Bytes>> {
  if (bytes.length > caps.maxBytes) throw rejected(`is larger than ${caps.maxBytes} bytes`);
  const files = new Map<string, Bytes>();
  const pause = pauses(signal);
  for (const entry of readZipDirectory(bytes, caps)) {
    if (entry.isFolder) continue;
    const packed = bytes.subarray(entry.dataOffset, entry.dataOffset + entry.packedSize);
    const file = entry.method === 'stored' ? packed.slice() : await inflated(packed, entry, pause);
    await pause();
    if (crc32(file) !== entry.crc32) throw rejected('has another checksum than it says', entry.path);
    files.set(entry.path, file);
  }
  return files;
}

async function inflated(packed: Bytes, entry: ZipEntry, pause: () => Promise<void>): Promise<Bytes> {
  const { Inflate } = await import('fflate');
  const file = new Uint8Array(entry.size);
  let length = 0;
  const stream = new Inflate((chunk) => {
    if (length + chunk.length > file.length) throw rejected('is larger than it says', entry.path);
    file.set(chunk, length);
    length += chunk.length;
  });
  try {
    for (let at = 0; at === 0 || at < packed.length; at += STEP) {
      stream.push(packed.subarray(at, at + STEP), at + STEP >= packed.length);
      await pause();
    }
  } catch (cause) {
    if (cause instanceof ClocheError) throw cause;
    throw rejected(`cannot be unpacked (${messageOf(cause)})`, entry.path);
  }
  if (length !== file.length) throw rejected('is smaller than it says', entry.path);
  return file;
}

/** Waits for a task of the page whenever a while of work has passed. */
function pauses(signal: AbortSignal | undefined): () => Promise<void> {
  let since = performance.now();
  return async () => {
    throwIfAborted(signal);
    if (performance.now() - since < STEP_MS) return;
    await new Promise((resolve) => setTimeout(resolve));
    throwIfAborted(signal);
    since = performance.now();
  };
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 0xff] as number);
  return (crc ^ 0xffffffff) >>> 0;
}
