// What a signature covers: the list of a package's files, as bytes that every implementation makes alike.
// docs/signatures.md says the same byte for byte.

import { ClocheError } from '../errors.ts';
import { sha256 } from '../util/hash/sha256.ts';

/**
 * `archive`: the files of a zip or a folder. `module`: a file without a manifest. `manifest`: a manifest with modules beside it.
 * It is signed too: what its paths mean depends on it.
 */
export type PackageForm = 'archive' | 'module' | 'manifest';

export interface ListedFile {
  readonly path: string;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
}

export interface PackageContents {
  readonly form: PackageForm;
  readonly files: readonly ListedFile[];
}

/**
 * The list as text: the hash and the size have no spaces, and a path runs to the end of its line.
 * @throws {ClocheError} PACKAGE_REJECTED for a path that is given twice, or would not stay in its line
 */
export function contentsText({ form, files }: PackageContents): string {
  const lines = files
    .map((file) => ({ ...file, key: new TextEncoder().encode(checkedPath(file.path)) }))
    .sort((a, b) => byBytes(a.key, b.key))
    .map(({ path, sha256: hash, size }) => `${hash} ${size} ${path}\n`);
  if (new Set(files.map(({ path }) => path)).size < files.length) throw rejected('lists a file twice');
  return `cloche-package-v1\n${form}\n${files.length}\n${lines.join('')}`;
}

/** The SHA-256 of the list. @throws {ClocheError} PACKAGE_REJECTED; START_FAILED outside secure contexts */
export function packageDigest(contents: PackageContents): Promise<string> {
  return sha256(new TextEncoder().encode(contentsText(contents)));
}

/** The very bytes that a key signs. They name what they are for: nothing else that is signed with that key can be taken for them. */
export function signedMessage(digest: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`cloche-signature-v1\nsha256:${digest}\n`);
}

/** UTF-8 bytes sort as code points do, and not as the UTF-16 units of JavaScript. */
function byBytes(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < a.length && at < b.length; at++) {
    const difference = (a[at] as number) - (b[at] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function checkedPath(path: string): string {
  // A lone surrogate would become U+FFFD, as in another path.
  if (/^[^\p{Cc}\p{Cs}]+$/u.test(path)) return path;
  throw rejected('has a file whose name cannot be signed');
}

function rejected(problem: string): ClocheError {
  return new ClocheError('PACKAGE_REJECTED', `The package ${problem}`);
}
