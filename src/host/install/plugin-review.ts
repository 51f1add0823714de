// What a person looks at before a version of a plugin is installed, and what may be done with the versions of one that is.

import type { PluginManifest } from '../../manifest/plugin-manifest.ts';
import type { PermissionChange } from '../../permissions/changes.ts';
import type { PluginRequest } from '../../permissions/describe-requests.ts';
import type { HistoryEntry } from '../../registry/versions.ts';
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

/** The version that another one has replaced, beside that one: what going back would change. */
export interface PreviousReview extends PluginReview {
  /** When it was replaced, in ms since 1970. */
  readonly replacedAt: number;
}

/** The versions of one plugin. */
export interface PluginVersions {
  /** See the methods of `Plugin`. */
  review(): Promise<PluginReview | undefined>;
  accept(sha256: string): Promise<void>;
  dismiss(): Promise<void>;
  previous(): Promise<PreviousReview | undefined>;
  rollBack(sha256: string | undefined): Promise<void>;
  history(): Promise<readonly HistoryEntry[]>;
}
