// What stands in for `location` and `history`: `location` itself cannot be replaced, and in a `srcdoc` document it says
// `about:srcdoc` (https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-location-interface).
// The scripts of the page are rewritten to ask here, see `inline/rewrite-location.ts`.

import type { AssetFinder } from '../asset-finder.ts';
import { HELPER } from '../references.ts';
import type { VirtualHistory } from './virtual-history.ts';

/** Other specifiers are names, as for packages. */
const IS_PATH = /^(?:\.{0,2}\/|https?:)/;

export function locationStandIn(virtualHistory: VirtualHistory, origin: string): object {
  const standIn = {
    assign: (to: string) => virtualHistory.navigate(String(to)),
    replace: (to: string) => virtualHistory.navigate(String(to), 'replace'),
    reload: () => virtualHistory.reload(),
    toString: () => virtualHistory.url.href,
    // The real one starts with the outer frame, and pages compare the origin of messages with it (WS33).
    ancestorOrigins: Object.assign([origin], {
      item: (index: number) => (index === 0 ? origin : null),
      contains: (other: string) => other === origin,
    }),
  };
  for (const part of ['href', 'protocol', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'] as const) {
    Object.defineProperty(standIn, part, {
      enumerable: true,
      get: () => virtualHistory.url[part],
      set: (value: unknown) => {
        const { url } = virtualHistory;
        if (part !== 'href') url[part] = String(value);
        virtualHistory.navigate(part === 'href' ? String(value) : url.href);
      },
    });
  }
  Object.defineProperty(standIn, 'origin', { enumerable: true, value: origin });
  return standIn;
}

/** Gives rewritten scripts what they call: for `location`, `import.meta`, and imports by a name that only they know. */
export function installHelper(standIn: object, virtualHistory: VirtualHistory, finder: AssetFinder): void {
  const accessor = {
    get: () => standIn,
    set: (value: unknown) => virtualHistory.navigate(String(value)),
  };
  const stands = (owner: Window | Document): object =>
    new Proxy(owner, {
      get: (target, key) => (key === 'location' ? standIn : Reflect.get(target, key)),
      set: (target, key, value) => {
        if (key !== 'location') return Reflect.set(target, key, value);
        accessor.set(value);
        return true;
      },
    });
  const ofWindow = stands(window);
  const ofDocument = stands(document);
  const helper = (owner: unknown): unknown => {
    if (owner === window) return ofWindow;
    return owner === document ? ofDocument : owner;
  };
  Object.defineProperty(helper, 'location', accessor);
  const resolve = (specifier: unknown, from: string): string => {
    const name = String(specifier);
    const path = IS_PATH.test(name) ? finder.find(name, from) : undefined;
    return path === undefined ? name : finder.url(path);
  };
  helper.resolve = resolve;
  helper.meta = importMetas(resolve);
  Object.defineProperty(window, HELPER, { value: helper });
}

/** In a module that comes from a data URL, `import.meta` knows neither where it would stand nor what is beside it. */
function importMetas(resolve: (specifier: unknown, from: string) => string): (url: string) => object {
  const known = new Map<string, object>();
  return (url) => {
    const meta = known.get(url) ?? {
      url,
      resolve(specifier: unknown): string {
        const name = resolve(specifier, url);
        if (IS_PATH.test(name)) return new URL(name, url).href;
        throw new TypeError(`Failed to resolve module specifier "${name}"`);
      },
    };
    known.set(url, meta);
    return meta;
  };
}

/** The methods of `history` throw in a `srcdoc` document, or move the host's own page. */
export function installHistory(virtualHistory: VirtualHistory): void {
  Object.defineProperties(history, {
    pushState: {
      value: (state: unknown, _: unknown, url?: string | URL | null) => virtualHistory.record('push', state, url),
    },
    replaceState: {
      value: (state: unknown, _: unknown, url?: string | URL | null) => virtualHistory.record('replace', state, url),
    },
    back: { value: () => virtualHistory.go(-1) },
    forward: { value: () => virtualHistory.go(1) },
    go: { value: (delta = 0) => virtualHistory.go(Number(delta)) },
    state: { get: () => virtualHistory.state },
    length: { get: () => virtualHistory.length },
  });
  for (const name of ['URL', 'documentURI'] as const) {
    Object.defineProperty(document, name, { get: () => virtualHistory.url.href, configurable: true });
  }
}
