// What every source is read into, before its modules are loaded.

import type { PackageParts } from '../trust/package-parts.ts';
import type { Bytes } from './fetch-bytes.ts';
import type { ModuleFiles } from './load-modules.ts';
import type { ReadManifest } from './recognised.ts';

/** A draft, and what its modules may come from besides the network. */
export interface PackageDraft extends ModuleFiles, ReadManifest {
  /** What the plugin's pages may load, by path. */
  readonly assets: ReadonlyMap<string, Bytes>;
  /** Its licence, unread. */
  readonly license?: Bytes | undefined;
  readonly archive?: PackageParts['archive'];
  /** The signature that lies in it, unread. */
  readonly signature?: Bytes | undefined;
}
