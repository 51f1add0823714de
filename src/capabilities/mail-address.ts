// Reads a recipient, so strictly that no mail server finds another one in the same text.

// No part of an address may hold what would end it in a header: brackets, commas, quotes.
const ADDRESS = /^[^\s@<>()[\]\\,;:"\p{Cc}]{1,64}@(?=.{1,253}$)[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*$/u;
const NAMED = /^(?:"[^"\\\p{Cc}]*" *|[^<>()[\]\\,;:"@\p{Cc}]*)<([^<>]*)>$/u;

/** The address in `ann@example.com` or `Ann <ann@example.com>`, in lower case; undefined for anything else. */
export function addressIn(text: string): string | undefined {
  const address = lowered((NAMED.exec(text)?.[1] ?? text).trim());
  return ADDRESS.test(address) ? address : undefined;
}

/** `ann@example.com`, or `*@example.com` for everybody there: in canonical form, or undefined. */
export function patternIn(text: string): string | undefined {
  const address = lowered(text);
  const isRead = ADDRESS.test(address.startsWith('*@') ? `any${address.slice(1)}` : address);
  // Elsewhere an asterisk is part of a name, and would be taken for more than that.
  return isRead && !address.slice(1).includes('*') && (address[0] !== '*' || address[1] === '@') ? address : undefined;
}

/** @param pattern as {@link patternIn} returned it. @param address as {@link addressIn} did */
export function covers(pattern: string, address: string): boolean {
  return pattern.startsWith('*@') ? address.endsWith(pattern.slice(1)) : address === pattern;
}

/** ASCII only: other letters may become one that is somebody else's. */
function lowered(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
