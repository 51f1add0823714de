// Reads a body up to a cap. What counts are decoded bytes, so that a small compressed body cannot become a large one.

type Step = ReadableStreamReadResult<Uint8Array<ArrayBuffer>>;

export interface ReadOptions {
  /** Ends the reading, with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Waits for a chunk in place of this, and may refuse it. */
  readonly next?: (step: Promise<Step>) => Promise<Step>;
}

/**
 * @returns its chunks, none for a body that is null; undefined for one of more than `maxBytes`. What is left of it is cancelled
 * @throws the reason of the signal, what `next` throws, and what the stream fails with
 */
export async function readCapped(
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
  maxBytes: number,
  { signal, next = (step) => step }: ReadOptions = {},
): Promise<Uint8Array<ArrayBuffer>[] | undefined> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const reader = body?.getReader();
  if (!reader) return chunks;
  const cancel = (): void => void reader.cancel(signal?.reason).catch(() => undefined);
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    for (let length = 0; ; ) {
      signal?.throwIfAborted();
      const { done, value } = await next(reader.read());
      signal?.throwIfAborted();
      if (done) return chunks;
      length += value.byteLength;
      if (length > maxBytes) return undefined;
      chunks.push(value);
    }
  } finally {
    signal?.removeEventListener('abort', cancel);
    cancel();
  }
}

/** At once, where a `Blob` would take its time. */
export function joined(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
