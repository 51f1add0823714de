// Encoded words of mail headers, `=?utf-8?Q?Gr=C3=BC=C3=9Fe?=`. Mail programs show what they stand for
// (https://www.rfc-editor.org/rfc/rfc2047), and some go on with that as if it had come in the header, so it has to be as
// harmless as what can be seen (N12).

/** Charsets in which a byte below 0x80 is what it is in ASCII, wherever it stands. */
const LIKE_ASCII =
  /^(?:utf-?8|(?:us-)?ascii|latin-?1|iso-8859-\d{1,2}|(?:windows|cp)-?125\d|koi8-[ru]|euc-(?:jp|kr)|gb2312)$/;

/** Looks ahead, since what begins as one word may hold the beginning of another. */
const BEGINNING = /(?==\?([^?]*)\?([^?]*)\?)/g;

const HARMFUL = /[^\P{Cc}\t]|[\u2028\u2029]|=\?/u;

/** Whether an encoded word in the text stands for control characters, for another encoded word, or for nobody knows what. */
export function hidesControls(text: string): boolean {
  return [...text.matchAll(BEGINNING)].some(({ index, 1: charset = '', 2: encoding = '' }) => {
    const rest = text.slice(index + charset.length + encoding.length + 4);
    // A language may follow the charset.
    return isHarmful(charset.replace(/\*.*$/, '').trim().toLowerCase(), encoding.trim().toLowerCase(), rest);
  });
}

function isHarmful(charset: string, encoding: string, rest: string): boolean {
  if (encoding !== 'q' && encoding !== 'b') return false;
  const word = rest.replace(/\?.*$/s, '');
  const binary = encoding === 'q' ? fromQ(word) : fromB(word);
  if (binary === undefined || !LIKE_ASCII.test(charset)) return true;
  // Some take the last end of a word for it, and some need none.
  if (encoding === 'q' && /=(?:0[0-8a-f]|1[\da-f]|7f)/i.test(rest)) return true;
  const shown = charset.startsWith('utf') ? fromUtf8(binary) : binary;
  return shown === undefined || HARMFUL.test(shown);
}

/** One character a byte, as `atob` gives it. */
function fromQ(word: string): string {
  const bytes = new TextEncoder().encode(word);
  const ascii = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return ascii.replace(/=([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Undefined for what decoders read in different ways. */
function fromB(word: string): string | undefined {
  const letters = word.replace(/ |=+ *$/g, '');
  return /^[A-Za-z0-9+/]*$/.test(letters) && letters.length % 4 !== 1 ? atob(letters) : undefined;
}

/** Undefined for what is not UTF-8: decoders that do not look closely may see a line break in it. */
function fromUtf8(binary: string): string | undefined {
  try {
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
