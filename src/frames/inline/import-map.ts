// The import maps of a page: its own is read, and one is written that has the modules of the package too.

import { parseJson } from '../../manifest/json.ts';

/** What a page itself maps, by name; taken out of the page, which may have only one map. */
export function takeImportMap(page: Document, warn: (text: string) => void): Map<string, string> {
  const names = new Map<string, string>();
  for (const script of page.querySelectorAll('script[type="importmap" i]')) {
    script.remove();
    try {
      const { imports, scopes } = parseJson(script.textContent) as Record<string, unknown>;
      for (const [name, target] of Object.entries(imports ?? {}))
        if (typeof target === 'string') names.set(name, target);
      if (scopes) warn('The scopes of an import map were left out: scripts in a frame have no path');
    } catch {
      // As a browser does with a map that it cannot read.
      warn('An import map is no valid JSON');
    }
  }
  return names;
}

export function importMap(page: Document, imports: ReadonlyMap<string, string>): HTMLScriptElement {
  const script = page.createElement('script');
  // As an attribute and a node: Trusted Types guard the properties of a script.
  script.setAttribute('type', 'importmap');
  script.append(JSON.stringify({ imports: Object.fromEntries(imports) }).replaceAll('<', '\\u003c'));
  return script;
}
