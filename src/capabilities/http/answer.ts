// The layout of an HTTP answer on its way to the worker, in this one place.
//
//   0      u32, little-endian: length n of the head in bytes
//   4      the head: UTF-8 JSON, {"status":200,"headers":{"content-type":"text/plain"}}
//   4 + n  the body, to the end
//
// Header names are in lower case, and several headers of one name are one, joined by ", ", as fetch
// gives them; by the relay it is the first of a name. `Set-Cookie` never appears from a page: browsers keep it to themselves.
// https://fetch.spec.whatwg.org/#forbidden-response-header-name

export interface HttpAnswerHead {
  readonly status: number;
  /** Absent where plugins may not see them. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpAnswer extends HttpAnswerHead {
  readonly body: Uint8Array;
}

const LENGTH_BYTES = 4;

/** Head and body in one block; `chunks` are copied. */
export function packHttpAnswer(head: HttpAnswerHead, chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(head));
  const bodyBytes = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  const packed = new Uint8Array(LENGTH_BYTES + json.byteLength + bodyBytes);
  new DataView(packed.buffer).setUint32(0, json.byteLength, true);
  packed.set(json, LENGTH_BYTES);
  let at = LENGTH_BYTES + json.byteLength;
  for (const chunk of chunks) {
    packed.set(chunk, at);
    at += chunk.byteLength;
  }
  return packed;
}

/**
 * The inverse of {@link packHttpAnswer}; `body` is a view.
 * @throws {RangeError} when the bytes are shorter than they say; {SyntaxError} when the head is not JSON.
 */
export function unpackHttpAnswer(packed: Uint8Array): HttpAnswer {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const end = LENGTH_BYTES + view.getUint32(0, true);
  if (end > packed.byteLength) throw new RangeError('HTTP answer is shorter than its head');
  const head = JSON.parse(new TextDecoder().decode(packed.subarray(LENGTH_BYTES, end))) as HttpAnswerHead;
  return { ...head, body: packed.subarray(end) };
}
