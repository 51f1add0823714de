// UTF-8 on the way of every call: an encoder or decoder of its own takes as long as the rest of a short text.

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const jsonDecoder = new TextDecoder();

export function toUtf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** What is no UTF-8 becomes U+FFFD; a byte order mark stays, as it is a character of a plugin's. */
export function fromUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** A byte order mark before it is no part of JSON, and goes. @throws {SyntaxError} */
export function parseUtf8Json(bytes: Uint8Array): unknown {
  return JSON.parse(jsonDecoder.decode(bytes));
}
