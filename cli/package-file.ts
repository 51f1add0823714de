// Packages on disk: told apart, read by the code of the page, and written with a signature in them.

import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type ZippableFile, zipSync } from 'fflate';
import { DEFAULT_DIALECTS } from '../src/dialects/index.ts';
import type { PluginSource } from '../src/package/package-source.ts';
import { textOf } from '../src/package/package-source.ts';
import { type OpenedPackage, openPackage, type PackageOptions } from '../src/package/read-package.ts';
import { unzip, ZIP_CAPS } from '../src/package/zip.ts';
import { signatureFileIn } from '../src/package/zip-package.ts';
import { splitSignature, withSignature } from '../src/trust/signed-module.ts';
import { isCoreModule } from '../src/util/wasm-header.ts';

type Bytes = Uint8Array<ArrayBuffer>;
type Files = ReadonlyMap<string, Bytes>;

/** What an app may allow at most is its own affair. */
const MOST_BYTES = 1 << 30;
const LIMITS = { moduleBytes: MOST_BYTES, packageBytes: MOST_BYTES };
export const PACKAGE_OPTIONS: PackageOptions = {
  dialects: DEFAULT_DIALECTS,
  limits: LIMITS,
  // Few packages hold text, and its assembler takes a while to load.
  assemble: async (...asked) => (await import('./assemble.ts')).assemble(...asked),
};

export interface PackageFile {
  readonly source: PluginSource;
  /** The same with a signature in it; undefined where there is no room for one. */
  readonly signed: ((signature: Bytes) => Promise<SignedFile>) | undefined;
}

export interface SignedFile {
  /** As it would be read again. */
  readonly source: PluginSource;
  save(): Promise<void>;
}

/** @param wasm file of the main module, beside a manifest */
export async function readPackageFile(path: string, wasm: string | undefined): Promise<PackageFile> {
  if ((await stat(path)).isDirectory()) return folder(path, await filesIn(path));
  const bytes: Bytes = new Uint8Array(await readFile(path));
  if (wasm !== undefined) {
    const source = { wasm: new Uint8Array(await readFile(wasm)), manifest: textOf(bytes) };
    return { source, signed: undefined };
  }
  if (isCoreModule(bytes)) return module(path, bytes);
  return bytes[0] === 0x50 && bytes[1] === 0x4b ? zip(path, bytes) : { source: bytes, signed: undefined };
}

export function opened(source: PluginSource): Promise<OpenedPackage> {
  return openPackage(source, PACKAGE_OPTIONS);
}

function module(path: string, bytes: Bytes): PackageFile {
  return {
    source: bytes,
    async signed(signature) {
      const source = withSignature(splitSignature(bytes).bytes, signature);
      return { source, save: () => replace(path, source) };
    },
  };
}

function zip(path: string, bytes: Bytes): PackageFile {
  return {
    source: bytes,
    async signed(signature) {
      const files = await unzip(bytes, { ...ZIP_CAPS, maxBytes: MOST_BYTES });
      const source = packed(new Map([...files, [signatureFileIn(files), signature]]));
      return { source, save: () => replace(path, source) };
    },
  };
}

function folder(path: string, files: Files): PackageFile {
  const place = signatureFileIn(files);
  return {
    source: packed(files),
    async signed(signature) {
      const source = packed(new Map([...files, [place, signature]]));
      return { source, save: () => replace(join(path, place), signature) };
    },
  };
}

/** The same for the same files: sorted, and all of the first moment that a zip knows. */
function packed(files: Files): Bytes {
  const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
  const mtime = new Date(1980, 0, 1);
  const entries = sorted.map(([path, bytes]): [string, ZippableFile] => [
    path,
    [bytes, { mtime, level: levelOf(bytes) }],
  ]);
  return new Uint8Array(zipSync(Object.fromEntries(entries)));
}

/** What shrinks too well would be taken for a zip bomb, and is stored. */
function levelOf(bytes: Bytes): 0 | 9 {
  if (bytes.length < ZIP_CAPS.ratioFrom) return 9;
  return zipSync({ file: [bytes, { level: 9 }] }).length * ZIP_CAPS.maxRatio > bytes.length * 2 ? 9 : 0;
}

/** Files of a folder by path, with `/` between folders. @throws for what is neither file nor folder, such as a link */
async function filesIn(path: string): Promise<Map<string, Bytes>> {
  const files = new Map<string, Bytes>();
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) {
      for (const [name, bytes] of await filesIn(inner)) files.set(`${entry.name}/${name}`, bytes);
    } else if (entry.isFile()) {
      files.set(entry.name, new Uint8Array(await readFile(inner)));
    } else {
      throw new Error(
        `${inner} is neither a file nor a folder, which is all that a package may hold: put a copy there`,
      );
    }
  }
  return files;
}

/** Whole or not at all. */
export async function replace(path: string, bytes: Bytes): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    await writeFile(beside, bytes, { flag: 'wx' });
    await rename(beside, path);
  } catch (thrown) {
    await rm(beside, { force: true });
    throw thrown;
  }
}
