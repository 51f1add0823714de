// Reads a recipient, so strictly that no mail server finds another one in the same text.

// No part of an address may hold what would end it in a header, as brackets, commas and quotes do, or what some servers take
// for the way to another server, program or file: `evil%evil.example@`, `evil.example!evil@`, `|program@`, `/file@`, `-option@`.
const ADDRESS =
  /^(?=.{1,64}@)(?!-)[\p{L}\p{N}#$&'*+=?^_`{}~-]+(?:\.[\p{L}\p{N}#$&'*+=?^_`{}~-]+)*@(?=.{1,253}$)[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*$/u;
const NAMED = /^(?:"[^"\\\p{Cc}]*" *|[^<>()[\]\\,;:"@\p{Cc}]*)<([^<>]*)>$/u;

/** The address in `ann@example.com` or `Ann <ann@example.com>`, in lower case; undefined for anything else. */
export function addressIn(text: string): string | undefined {
  const address = lowered((NAMED.exec(text)?.[1] ?? text).trim());
  return isAddress(address) ? address : undefined;
}

/** `ann@example.com`, or `*@example.com` for everybody there: in canonical form, or undefined. */
export function patternIn(text: string): string | undefined {
  const address = lowered(text);
  const isRead = isAddress(address.startsWith('*@') ? `any${address.slice(1)}` : address);
  // Elsewhere an asterisk is part of a name, and would be taken for more than that.
  return isRead && !address.slice(1).includes('*') && (address[0] !== '*' || address[1] === '@') ? address : undefined;
}

/** @param pattern as {@link patternIn} returned it. @param address as {@link addressIn} did */
export function covers(pattern: string, address: string): boolean {
  return pattern.startsWith('*@') ? address.endsWith(pattern.slice(1)) : address === pattern;
}

/** Compatible forms of letters may become others on the way, or brackets. */
function isAddress(text: string): boolean {
  return ADDRESS.test(text) && text.normalize('NFKC') === text;
}

/** ASCII only: other letters may become one that is somebody else's. */
function lowered(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
