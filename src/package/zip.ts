// Unpacks a zip in memory. What comes out is counted as it comes, so a false size costs one step at most.

import { ClocheError, messageOf } from '../errors.ts';
import { crc32 } from '../util/hash/crc32.ts';
import { withPauses } from '../util/pauses.ts';
import { type Bytes, throwIfAborted } from './fetch-bytes.ts';
import { rejected, type ZipCaps, type ZipEntry, zipDirectorySteps } from './zip-directory.ts';

export { crc32 };

export const ZIP_CAPS = { maxEntries: 2_000, maxRatio: 200, ratioFrom: 1 << 20 } as const;

/**
 * Deflate makes at most 1,032 bytes of one (https://zlib.net/zlib_tech.html), so a step makes at most 4 MiB more than
 * is allowed.
 */
const INFLATE_STEP = 4_096;
const COPY_STEP = 1 << 18;
/** Work between two pauses, so that the web page stays responsive. */
const BUSY_MS = 12;

type Pause = () => Promise<void>;

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
  for (const entry of await withPauses(zipDirectorySteps(bytes, caps))) {
    await pause();
    if (entry.isFolder) continue;
    const packed = bytes.subarray(entry.dataOffset, entry.dataOffset + entry.packedSize);
    const file = new UnpackedFile(entry);
    if (entry.method === 'stored') await copy(packed, file, pause);
    else await inflate(packed, file, pause);
    files.set(entry.path, file.finish());
  }
  return files;
}

async function copy(packed: Bytes, file: UnpackedFile, pause: Pause): Promise<void> {
  for (let at = 0; at < packed.length; at += COPY_STEP) {
    file.add(packed.subarray(at, at + COPY_STEP));
    await pause();
  }
}

/** By the browser's own inflater, fed in steps as its output is taken, so that it never runs ahead. */
async function inflate(packed: Bytes, file: UnpackedFile, pause: Pause): Promise<void> {
  const reader = stepsOf(packed).pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      file.add(step.value);
      await pause();
    }
  } catch (cause) {
    // Whatever is still to come is not wanted; a stream that failed has said why already.
    await reader.cancel().catch(() => undefined);
    throw cause instanceof ClocheError ? cause : file.error(`cannot be unpacked (${messageOf(cause)})`);
  }
}

function stepsOf(packed: Bytes): ReadableStream<Bytes> {
  let at = 0;
  return new ReadableStream<Bytes>(
    {
      pull(controller) {
        if (at >= packed.length) return controller.close();
        controller.enqueue(packed.slice(at, at + INFLATE_STEP));
        at += INFLATE_STEP;
      },
    },
    { highWaterMark: 0 },
  );
}

/** A file of the size and checksum that the directory gives, and of no other. */
class UnpackedFile {
  readonly #entry: ZipEntry;
  readonly #bytes: Bytes;
  #length = 0;
  #crc = 0;

  constructor(entry: ZipEntry) {
    this.#entry = entry;
    this.#bytes = new Uint8Array(entry.size);
  }

  add(chunk: Uint8Array): void {
    if (this.#length + chunk.length > this.#bytes.length) throw this.error('is larger than it says');
    this.#bytes.set(chunk, this.#length);
    this.#length += chunk.length;
    this.#crc = crc32(chunk, this.#crc);
  }

  finish(): Bytes {
    if (this.#length < this.#bytes.length) throw this.error('is smaller than it says');
    if (this.#crc !== this.#entry.crc32) throw this.error('has another checksum than it says');
    return this.#bytes;
  }

  error(problem: string): ClocheError {
    return rejected(problem, this.#entry.path);
  }
}

/** Waits for a task of the page whenever a while of work has passed. */
function pauses(signal: AbortSignal | undefined): Pause {
  let since = performance.now();
  return async () => {
    throwIfAborted(signal);
    if (performance.now() - since < BUSY_MS) return;
    await new Promise((resolve) => setTimeout(resolve));
    throwIfAborted(signal);
    since = performance.now();
  };
}
