// UTF-8 on the way of every call: an encoder or decoder of its own takes as long as the rest of a short text.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function toUtf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** What is no UTF-8 becomes U+FFFD; a byte order mark goes. */
export function fromUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
