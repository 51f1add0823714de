// The import maps of a page: its own is read, and one is written that has the modules of the package too.
// https://html.spec.whatwg.org/multipage/webappapis.html#import-maps

import { parseShortJson } from '../../util/json/parse-json.ts';
import { isImportMap } from './document.ts';
import type { Spot } from './outline.ts';

/** Longest map that is read, in characters: a longer one would hold the page for a tenth of a second and more. */
const MOST_CHARACTERS = 65_536;

/** What a page itself maps, by name. */
export function readImportMaps(
  spots: readonly Spot[],
  html: string,
  warn: (text: string) => void,
): Map<string, string> {
  const names = new Map<string, string>();
  for (const { tag, text } of spots) {
    if (!text || !isImportMap(tag)) continue;
    if (text.end - text.start > MOST_CHARACTERS) {
      warn(`An import map was left out: it is longer than ${MOST_CHARACTERS} characters`);
      continue;
    }
    try {
      const { imports, scopes } = parseShortJson(html.slice(text.start, text.end)) as Record<string, unknown>;
      for (const [name, target] of Object.entries(imports ?? {}))
        if (typeof target === 'string') names.set(name, target);
      if (scopes) warn('The scopes of an import map were left out: scripts in a frame have no path');
    } catch {
      // As a browser does with a map that it cannot read.
      warn('An import map is not valid JSON');
    }
  }
  return names;
}

export function importMap(imports: ReadonlyMap<string, string>): string {
  return JSON.stringify({ imports: Object.fromEntries(imports) });
}
