// Names of files inside a package (M9). An allow-list: what is not plainly a name is refused.

const SEGMENT = /^[\p{L}\p{N}._@+=,()-](?:[\p{L}\p{M}\p{N}._@+=,() -]*[\p{L}\p{M}\p{N}_@+=,()-])?$/u;
const MAX_LENGTH = 255;

/**
 * What is wrong with a path, or undefined if it may name a file of a package: segments of letters, digits,
 * inner spaces and `._-@+=,()`, as in `logo@2x.png`, with `/` between them, relative, without `.` and `..`.
 */
export function pathProblem(path: string): string | undefined {
  if (path === '') return 'is empty';
  if (path.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  for (const segment of path.split('/')) {
    if (segment === '.' || !SEGMENT.test(segment)) {
      return 'is not a relative path of letters, digits, inner spaces and any of ._-@+=,()';
    }
  }
  return undefined;
}

/**
 * Two paths that some file system, or some reader, would take for one have the same folded form.
 * Normalised before and after, since marks change order with case (Unicode 16, D145:
 * https://www.unicode.org/versions/Unicode16.0.0/core-spec/chapter-3/).
 */
export function foldedPath(path: string): string {
  return path.normalize('NFC').toLowerCase().toUpperCase().normalize('NFC');
}
