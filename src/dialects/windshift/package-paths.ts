// Where in a zip the files of a Windshift plugin are: its host looks into any folder.

/** Manifests in the order of preference: one among the assets is a web app's, which may have a name too, where there is another. */
export function manifestsIn(paths: readonly string[]): string[] {
  return [...new Set([...paths.filter((path) => !isAsset(path)), ...paths])];
}

/** Whether pages may load a file of this path (WS5). */
export function isAsset(path: string): boolean {
  return /\.(?:js|css)$/.test(path) || (path.startsWith('assets') && path.includes('/'));
}
