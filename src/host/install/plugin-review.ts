// What a person looks at before a version of a plugin is installed.

import type { PluginManifest } from '../../manifest/plugin-manifest.ts';
import type { PermissionChange } from '../../permissions/changes.ts';
import type { PluginRequest } from '../../permissions/requests.ts';
import type { PluginSignature } from '../../trust/trust.ts';

/** A version of a plugin that is not installed, beside the one that is. */
export interface PluginReview {
  /** Its words are the plugin's: show them as text. */
  readonly manifest: PluginManifest;
  /** Of its package, 64 lower-case hex digits: for `install(source, { sha256 })` and `accept`. */
  readonly sha256: string;
  readonly signature: PluginSignature;
  /** What it asks for, riskiest first, and what of it it would be given. */
  readonly requests: readonly PluginRequest[];
  /** What it would be allowed and the installed one is not, or the other way round, riskiest first. Where none is installed, all. */
  readonly changes: readonly PermissionChange[];
  /** The version that is installed; undefined where none is, or all that is left of it goes. */
  readonly replaces: string | undefined;
}
