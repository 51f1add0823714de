// HTML of anybody with nothing left of it but five tags without attributes, each closed again.

const KEPT: ReadonlySet<string> = new Set(['strong', 'em', 'b', 'i', 'br']);
/** Their content is no text. Each look ends at the next tag, so that many of them take no longer than their characters. */
const DROPPED = /<(script|style)\b[^<>]*>[\s\S]*?(?:<\/\1\s*>|$)/gi;
const TOKEN =
  /<!--[\s\S]*?(?:-->|$)|<(\/?)([a-z][a-z0-9-]*)\b[^>]*(?:>|$)|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});|[&<>]/gi;
const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

export function sanitizedHtml(html: string): string {
  const open: string[] = [];
  const close = (until: number): string =>
    open
      .splice(until)
      .reverse()
      .map((name) => `</${name}>`)
      .join('');
  const kept = html.replace(DROPPED, '').replace(TOKEN, (token: string, slash?: string, given?: string) => {
    if (token.startsWith('<!--')) return '';
    if (given === undefined) return ESCAPED[token] ?? token;
    const name = given.toLowerCase();
    if (!KEPT.has(name)) return '';
    if (name === 'br') return '<br>';
    if (slash === '') {
      open.push(name);
      return `<${name}>`;
    }
    const at = open.lastIndexOf(name);
    return at < 0 ? '' : close(at);
  });
  return kept + close(0);
}
