// A URL as Go takes it apart: https://pkg.go.dev/net/url#Parse. Browsers mend many a text that is none, so that they would
// ask for something else than is written, and they do not agree on which.

interface GoUrl {
  /** In lower case; empty where there is none. */
  readonly scheme: string;
  /** With its port, and whoever is named before it left out. */
  readonly host: string;
  /** Why Go takes it for none. */
  readonly problem: string | undefined;
}

const PARTS = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/]*))?(.*)$/s;

export function readGoUrl(url: string): GoUrl {
  const written = url.split('#', 1)[0] ?? '';
  const [, scheme = '', authority = '', path = ''] = PARTS.exec(written.split('?', 1)[0] ?? '') ?? [];
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return { scheme: scheme.toLowerCase(), host, problem: problemWith(written, { scheme, host, path }) };
}

function problemWith(
  written: string,
  { scheme, host, path }: { readonly scheme: string; readonly host: string; readonly path: string },
): string | undefined {
  // By bytes: those of U+0080 to U+009F are none of them.
  if (/[^\P{Cc}\u0080-\u009f]/u.test(written)) return 'net/url: invalid control character in URL';
  if (written.startsWith(':')) return 'missing protocol scheme';
  if (scheme === '' && /^[^/]*:/.test(path)) return 'first path segment in URL cannot contain colon';
  const character = /[ \\^`{|}]/.exec(host)?.[0];
  if (character !== undefined) return `invalid character ${JSON.stringify(character)} in host name`;
  const broken = /%(?![0-9A-Fa-f]{2}).{0,2}/su.exec(path)?.[0];
  return broken === undefined ? undefined : `invalid URL escape "${broken}"`;
}
