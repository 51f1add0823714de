// From the files that a user dropped to a source that a host installs.

import { ClocheError } from '../../src/errors.ts';

/** The sources that the playground passes, of those that a host takes. */
export type PluginSource = File | URL | { readonly wasm: Uint8Array | URL; readonly manifest: unknown };

/**
 * One file goes to the host as it is; it tells a package, a module and a manifest apart by their bytes.
 * A module and its manifest, dropped together, become one source.
 * @throws {ClocheError} SOURCE_INVALID for anything else
 */
export async function sourceOf(files: readonly File[]): Promise<PluginSource> {
  const [file] = files;
  if (files.length === 1 && file) return file;
  const wasm = files.find((one) => one.name.endsWith('.wasm'));
  const manifest = files.find((one) => one.name.endsWith('.json'));
  if (files.length !== 2 || !wasm || !manifest) {
    throw new ClocheError('SOURCE_INVALID', `Expected one file, or a .wasm and its .json, got ${files.length} files`);
  }
  // As text: what stands in a file is read by the rules of whoever's file it is.
  return { wasm: new Uint8Array(await wasm.arrayBuffer()), manifest: await manifest.text() };
}
