// Which version of Nev's API a plugin was built for: its binary does not show that.

import { invalid } from '../../util/json/untrusted-json.ts';

/** 0 is the moving one, 1 the stable one. */
export const API_VERSIONS: readonly number[] = [0, 1];

/**
 * By the manifest, else by the number at the end of the file's name, else 0.
 * @param given of the manifest; below 0 for none
 * @param file of the module, such as `plugin.1.m.wasm`
 * @throws {ClocheError} MANIFEST_INVALID for a version that is not served
 */
export function apiVersionOf(given: number | undefined, file: string): number {
  const [, number] = /\.(-?\d+)\.m\.wasm$/.exec(file) ?? [];
  const version = given !== undefined && given >= 0 ? given : Number(number ?? 0);
  if (API_VERSIONS.includes(version)) return version;
  const served = `versions ${API_VERSIONS.join(' and ')} are served`;
  if (given === version) throw invalid(['apiVersion'], `is ${version}; ${served}`);
  throw invalid(['wasm'], `is for version ${version} of the API, by the number in its name; ${served}`);
}
