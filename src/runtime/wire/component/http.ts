// The host function behind `wasi:http/outgoing-handler`. Takes a request as JSON, `{ url, method, headers }` and in milliseconds
// `timeoutMs`, and its body; gives the length of a head in four bytes, the head as JSON, and a body.

export const HTTP_NAMESPACE = 'wasi:http/outgoing-handler';
export const HTTP_FUNCTION = 'handle';

/** Of an answer, or of what kept it from coming. */
export type HttpHead =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly error: string; readonly code: string };

const LENGTH_BYTES = 4;

/** @throws {RangeError} for fewer bytes than they say; {SyntaxError} for a head that is no JSON */
export function readHttpAnswer(bytes: Uint8Array): { readonly head: HttpHead; readonly body: Uint8Array } {
  const end = LENGTH_BYTES + new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  if (end > bytes.length) throw new RangeError('the answer is shorter than its head');
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, end))) as HttpHead;
  return { head, body: bytes.subarray(end) };
}

export function writeHttpError(code: string, error: string): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(JSON.stringify({ code, error } satisfies HttpHead));
  const bytes = new Uint8Array(LENGTH_BYTES + head.length);
  new DataView(bytes.buffer).setUint32(0, head.length, true);
  bytes.set(head, LENGTH_BYTES);
  return bytes;
}
