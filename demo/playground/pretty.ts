// JSON text laid out for reading.

/** Deeper levels keep this indent: with one for each level, 10 kB of brackets would become 50 MB of spaces. */
const DEEPEST_INDENT = 24;

/**
 * Lays out JSON that is known to be valid. It moves the text and never its meaning, so numbers beyond what
 * JavaScript can hold and repeated keys stay visible, which `JSON.stringify(JSON.parse(…))` would hide.
 * @param longest - Stops after about that many characters.
 */
export function layOut(json: string, longest: number): string {
  let out = '';
  let depth = 0;
  const newLine = (): string => `\n${'  '.repeat(Math.min(depth, DEEPEST_INDENT))}`;
  for (const [token] of json.matchAll(TOKEN)) {
    if (out.length > longest) break;
    switch (token[0]) {
      case '{':
      case '[':
        // The regular expression takes an empty pair as one token.
        if (token.length > 1) {
          out += token[0] === '{' ? '{}' : '[]';
        } else {
          depth++;
          out += token + newLine();
        }
        break;
      case '}':
      case ']':
        depth--;
        out += newLine() + token;
        break;
      case ',':
        out += token + newLine();
        break;
      case ':':
        out += ': ';
        break;
      default:
        out += token;
    }
  }
  return out;
}

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|\{\s*\}|\[\s*\]|[{}[\],:]|[^\s{}[\],:"]+/g;
