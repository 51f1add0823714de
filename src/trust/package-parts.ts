// From what was read of a package to the list that is signed. Comes late: only what is signed needs it.

import { ClocheError } from '../errors.ts';
import { isJsonObject } from '../util/json/untrusted-json.ts';
import type { PackageContents, PackageForm } from './package-contents.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** All that is used of a package, and nothing else. */
export interface PackageParts {
  /** Of a zip: all its files by path, whatever they are for, without the signature. */
  readonly archive?: ReadonlyMap<string, Bytes> | undefined;
  /** Undefined for a zip, and for a single file. */
  readonly manifest?: string | object | undefined;
  /** Those of the modules, in the order in which the manifest lists them. */
  readonly modules: readonly Bytes[];
}

/**
 * @param hash SHA-256 of bytes that do not change any more, in hex
 * @throws {ClocheError} SIGNATURE_UNREADABLE for a manifest that is no JSON
 */
export async function contentsOf(
  parts: PackageParts,
  hash: (bytes: Bytes) => Promise<string>,
): Promise<PackageContents> {
  const [form, named] = namedParts(parts);
  const files = [];
  for (const [path, bytes] of named) files.push({ path, sha256: await hash(bytes), size: bytes.length });
  return { form, files };
}

function namedParts({ archive, manifest, modules }: PackageParts): [PackageForm, Iterable<readonly [string, Bytes]>] {
  if (archive) return ['archive', archive];
  const files = modules.map((bytes, index) => [`modules/${index}`, bytes] as const);
  return manifest === undefined
    ? ['module', files]
    : ['manifest', [['manifest.json', manifestBytes(manifest)], ...files]];
}

/** Text as it stands, but for a byte order mark; an object as its canonical JSON, by RFC 8785. */
function manifestBytes(manifest: string | object): Bytes {
  const text = typeof manifest === 'string' ? manifest.replace(/^\uFEFF/, '') : canonicalJson(manifest);
  const bytes = new TextEncoder().encode(text);
  if (new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) === text) return bytes;
  throw unsignable('it has half a surrogate pair');
}

/** https://www.rfc-editor.org/rfc/rfc8785 */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
  if (isJsonObject(value)) {
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`).join()}}`;
  }
  if (typeof value === 'object' && value !== null) throw unsignable('it holds something that is no JSON');
  return JSON.stringify(value);
}

function unsignable(why: string): ClocheError {
  const message = `The signature of a manifest cannot be checked, since ${why}; give it as JSON text`;
  return new ClocheError('SIGNATURE_UNREADABLE', message);
}
