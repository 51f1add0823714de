// The files of a Windshift plugin: its zips may have any folders, and its host keeps only base names of them (WS4).

import type { Bytes, Files } from '../../manifest/dialect.ts';
import type { ManifestDraft } from '../../manifest/manifest-draft.ts';
import { isAsset } from './package-paths.ts';

/**
 * What pages may load: the files that lie in a folder which begins with `assets`, and scripts and style sheets from
 * anywhere. Of two with one base name the later in the archive wins.
 */
export function windshiftAssets(files: Files): Files {
  return new Map([...files].filter(([path]) => isAsset(path)).map(([path, bytes]) => [baseName(path), bytes]));
}

/** The licence of later revisions, wherever it lies; undefined where there is none. Pages cannot load it. */
export function licenseIn(files: Files): Bytes | undefined {
  return [...files].findLast(([path]) => baseName(path) === 'license.token' && !isAsset(path))?.[1];
}

/** The files by path, and each that a module names by another folder than it lies in. */
export function withModules(files: Files, { modules }: ManifestDraft): Files {
  const byName = new Map([...files].map(([path, bytes]) => [baseName(path), bytes]));
  const found = new Map(files);
  for (const { origin } of modules) {
    if (origin.kind !== 'path' || files.has(origin.path)) continue;
    const bytes = byName.get(baseName(origin.path));
    if (bytes) found.set(origin.path, bytes);
  }
  return found;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
