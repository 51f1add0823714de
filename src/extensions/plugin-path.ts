// Takes the path of a request apart, so that no trick of spelling leads to another plugin than the one that is named.

import { climbs } from '../util/climbing-path.ts';

const ROOT = '/api/plugins';

/** `/api/plugins/<name>/<path>`, decoded. */
export interface PluginPath {
  readonly name: string;
  /** As the plugin sees it: begins with `/`. Undefined where nothing stands below the name, not even a slash. */
  readonly path: string | undefined;
}

/**
 * What stands below `/api/plugins`, still encoded: `''`, or text that begins with `/`. Undefined for any other place.
 * A parsed URL has no `..` left, and repeated slashes are one, as for a Go server
 * (https://pkg.go.dev/net/http#ServeMux).
 */
export function belowPlugins(url: URL): string | undefined {
  const path = url.pathname.replace(/\/{2,}/g, '/');
  if (path !== ROOT && !path.startsWith(`${ROOT}/`)) return undefined;
  return path.slice(ROOT.length);
}

/**
 * @param below what {@link belowPlugins} gives
 * @returns undefined for a path that is not sound: it does not decode, or may climb once it is decoded
 */
export function pluginPath(below: string): PluginPath | undefined {
  if (percentDecoded(below) === undefined || climbs(below, 'dots')) return undefined;
  // Parted before it was decoded: an encoded slash is a part of the name, and no plugin has such a one.
  const end = below.indexOf('/', 1);
  const name = percentDecoded(end === -1 ? below.slice(1) : below.slice(1, end));
  const path = end === -1 ? undefined : percentDecoded(below.slice(end));
  return name === undefined ? undefined : { name, path };
}

/** Undefined where `%` does not begin an encoded byte; bytes that are not UTF-8 become U+FFFD, as in Go's JSON. */
function percentDecoded(text: string): string | undefined {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return undefined;
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => {
    const bytes = Uint8Array.from(run.slice(1).split('%'), (hex) => Number.parseInt(hex, 16));
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  });
}
