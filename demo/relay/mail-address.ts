// Reads one mail address, and decides whether a pattern covers it. Addresses go on in their parts only,
// so that nobody after this file parses them again and finds something else in them.

export interface MailAddress {
  readonly name: string;
  /** The domain in lower case and ASCII. */
  readonly address: string;
}

const NAMED = /^([^<>]*)<([^<>]*)>$/;
/**
 * Without what some servers take for the way to another server, program or file: `evil%evil.example@`, `evil.example!evil@`,
 * `|program@`, `/file@`, `-option@`.
 */
const LOCAL = /^(?!-)[\p{L}\p{N}#$&'*+=?^_`{}~-]+(?:\.[\p{L}\p{N}#$&'*+=?^_`{}~-]+)*$/u;
/** They turn text around: what is shown would not be what is meant. */
const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const DOMAIN = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** RFC 5321, 4.5.3.1.1. */
const LONGEST_LOCAL = 64;

/** Of `ann@example.com` or `Ann <ann@example.com>`; undefined when the text is anything else, a list for example. */
export function readMailAddress(text: string): MailAddress | undefined {
  if (hasControls(text) || TURNS.test(text)) return undefined;
  const named = NAMED.exec(text.trim());
  const name = (named?.[1] ?? '').trim().replace(/^"(.*)"$/, '$1');
  const address = (named?.[2] ?? text).trim();
  const at = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(at, 0));
  const domain = asciiDomain(address.slice(at + 1));
  if (at < 1 || local.length > LONGEST_LOCAL || !isLocal(local) || domain === undefined) return undefined;
  return { name, address: `${local}@${domain}` };
}

/** Compatible forms of letters may become others on the way, or brackets. */
function isLocal(text: string): boolean {
  return LOCAL.test(text) && text.normalize('NFKC') === text;
}

/** Whether the text has what would start another line or header: CR, LF, NUL and their like; a tab is fine. */
export function hasControls(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\0-\x08\x0a-\x1f\x7f\u0085\u2028\u2029]/.test(text);
}

/**
 * The canonical form of `ann@example.com`, `*@example.com` or `*`; undefined for anything else. Local parts are compared
 * in lower case too: no server in use tells `Ann@` from `ann@`.
 */
export function readMailPattern(text: string): string | undefined {
  if (text === '*') return text;
  const anyone = text.startsWith('*@');
  const read = readMailAddress(anyone ? `any${text.slice(1)}` : text);
  // Anywhere else an asterisk is a letter like any other, and surely not meant as one.
  if (read === undefined || read.name !== '' || read.address.includes('*')) return undefined;
  return lowered(anyone ? read.address.replace('any', '*') : read.address);
}

/** @param pattern As {@link readMailPattern} returned it. */
export function matchesMailPattern(pattern: string, { address }: MailAddress): boolean {
  const given = lowered(address);
  return pattern === '*' || (pattern.startsWith('*@') ? given.endsWith(pattern.slice(1)) : given === pattern);
}

/** ASCII only: other letters may become one that is somebody else's. */
function lowered(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function asciiDomain(domain: string): string | undefined {
  // Unlike a URL's host, nothing may be left out, decoded or read as a number here.
  if (!/^[\p{L}\p{N}.-]+$/u.test(domain)) return undefined;
  const host = URL.canParse(`http://${domain}`) ? new URL(`http://${domain}`).hostname : '';
  if (!DOMAIN.test(host) || /^[\d.]+$/.test(host)) return undefined;
  return host;
}
