// Standard base64 with padding, both ways, quick enough for bodies of many MiB.
// https://www.rfc-editor.org/rfc/rfc4648#section-4

// Looks for one bad character: matching the whole text would keep a backtracking step for each.
const NOT_BASE64 = /[^A-Za-z0-9+/=]/;

/** A multiple of 3, so that the pieces join; and few enough arguments for every engine. */
const PIECE = 0x6000;

interface Native {
  readonly fromBase64?: (text: string, options: { lastChunkHandling: 'loose' }) => Uint8Array<ArrayBuffer>;
}

/** Undefined for anything else: `atob` alone would also take white space and a missing end. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 !== 0) return undefined;
  const native = Uint8Array as Native;
  try {
    if (native.fromBase64) return whole(native.fromBase64(text, { lastChunkHandling: 'loose' }), text);
    if (NOT_BASE64.test(text)) return undefined;
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let index = 0; index < bytes.length; index++) bytes[index] = binary.charCodeAt(index);
    return bytes;
  } catch {
    return undefined; // `=` in the middle
  }
}

/** Passed over white space shows in the length; looking for it would take as long as decoding. */
function whole(bytes: Uint8Array<ArrayBuffer>, text: string): Uint8Array<ArrayBuffer> | undefined {
  const padding = text.endsWith('==') ? 2 : Number(text.endsWith('='));
  return bytes.length === (text.length / 4) * 3 - padding ? bytes : undefined;
}

export function toBase64(bytes: Uint8Array & { toBase64?: () => string }): string {
  if (bytes.toBase64) return bytes.toBase64();
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE) {
    // Spreading goes through an iterator, which takes ten times as long.
    text += btoa(String.fromCharCode.apply(null, bytes.subarray(at, at + PIECE) as unknown as number[]));
  }
  return text;
}
