// Which asset of a package a reference in its pages, styles and scripts means.

import { decodedPart } from '../util/text/decoded-part.ts';

/** A data URL of many MiB takes long to be parsed, to find that it is not a path. */
export const MOST_REFERENCE_LENGTH = 8_192;

/** Finds assets by URL; made once for each plugin. */
export class AssetFinder {
  /** URL of the plugin's assets, ending in a slash. */
  readonly root: string;
  readonly origin: string;
  readonly #pathname: string;
  readonly #paths: ReadonlySet<string>;
  /** The first path of each base name that has a dot. */
  readonly #byName = new Map<string, string>();

  constructor(root: string, paths: readonly string[]) {
    this.root = root;
    const { origin, pathname } = new URL(root);
    this.origin = origin;
    this.#pathname = pathname;
    this.#paths = new Set(paths);
    for (const path of paths) {
      const name = baseName(path);
      if (name.includes('.') && !this.#byName.has(name)) this.#byName.set(name, path);
    }
  }

  /**
   * The asset that `reference` means in a file at the URL `from`, or undefined. Bundlers write `/assets/x.js` and
   * `./img/x.png` where some hosts keep both as `x.js` and `x.png`: what is not there by its path is found by its name.
   */
  find(reference: string, from: string): string | undefined {
    if (reference.length > MOST_REFERENCE_LENGTH) return undefined;
    const url = URL.parse(reference, from);
    if (url?.origin !== this.origin) return undefined;
    const path = decodedPart(url.pathname);
    if (path.startsWith(this.#pathname)) return this.#at(path.slice(this.#pathname.length));
    // Below /api/ are routes, ours and others'.
    return path.startsWith('/api/') ? undefined : this.#at(path.slice(1), path.replace(/^\/assets\//, ''));
  }

  /** Where the asset stands, as far as the page knows. */
  url(path: string): string {
    return this.root + path.split('/').map(encodeURIComponent).join('/');
  }

  #at(...paths: string[]): string | undefined {
    return paths.find((path) => this.#paths.has(path)) ?? this.#byName.get(baseName(paths[0] ?? ''));
  }
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
