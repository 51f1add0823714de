// A lease: data of a capability that a running call may use in its worker for a short time, instead of asking the page for each
// key. The page writes it behind the answer of a host call, as bytes in any way of waiting, and the worker reads it.
//
// Six f64: what the fields of `LeaseTerms` say, in their order. Then for each key: u32 bytes of the key, u32 bytes of the value,
// the key in UTF-8, the value. Little-endian.

export interface LeaseTerms {
  /** How long it may be believed, in ms, from when the worker asked. */
  readonly trustMs: number;
  /** Bytes of keys and values together, now and at most. */
  readonly bytes: number;
  readonly mostBytes: number;
  /** How many keys there may be. */
  readonly mostKeys: number;
  /** Longest key that may be written, in bytes. */
  readonly mostKeyBytes: number;
  /** Longest value that may be answered, in bytes. */
  readonly mostValueBytes: number;
}

export interface Lease {
  readonly terms: LeaseTerms;
  readonly values: Map<string, Uint8Array>;
}

/** What one lease lets a worker write before it has to ask again, in bytes of all arguments. */
export const LEASED_WRITE_BYTES = 1 << 20;

const TERMS = ['trustMs', 'bytes', 'mostBytes', 'mostKeys', 'mostKeyBytes', 'mostValueBytes'] as const;
const TERMS_BYTES = TERMS.length * 8;
const SIZES_BYTES = 8;

/** @param lease with keys that are well-formed text: no other would be found again */
export function writeLease({ terms, values }: Lease): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const entries = Array.from(values, ([key, value]) => [encoder.encode(key), value] as const);
  const size = entries.reduce((sum, [key, value]) => sum + SIZES_BYTES + key.length + value.length, TERMS_BYTES);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  for (const [i, term] of TERMS.entries()) view.setFloat64(i * 8, terms[term], true);
  let at = TERMS_BYTES;
  for (const [key, value] of entries) {
    view.setUint32(at, key.length, true);
    view.setUint32(at + 4, value.length, true);
    bytes.set(key, at + SIZES_BYTES);
    bytes.set(value, at + SIZES_BYTES + key.length);
    at += SIZES_BYTES + key.length + value.length;
  }
  return bytes;
}

/** Read in the worker, which believes the page. The values are views of `bytes`. */
export function readLease(bytes: Uint8Array): Lease {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [trustMs = 0, used = 0, mostBytes = 0, mostKeys = 0, mostKeyBytes = 0, mostValueBytes = 0] = TERMS.map((_, i) =>
    view.getFloat64(i * 8, true),
  );
  // A key may begin with a byte order mark.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const values = new Map<string, Uint8Array>();
  for (let at = TERMS_BYTES; at < bytes.length; ) {
    const keyAt = at + SIZES_BYTES;
    const valueAt = keyAt + view.getUint32(at, true);
    at = valueAt + view.getUint32(at + 4, true);
    values.set(decoder.decode(bytes.subarray(keyAt, valueAt)), bytes.subarray(valueAt, at));
  }
  return { terms: { trustMs, bytes: used, mostBytes, mostKeys, mostKeyBytes, mostValueBytes }, values };
}
