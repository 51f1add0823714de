// What is kept of a plugin besides its manifest.

import type { Limits } from '../../limits.ts';
import type { MissingImports } from '../../manifest/missing-imports.ts';
import type { AcceptedRequest, Grant } from '../../permissions/grants.ts';
import type { StagedUpdate } from '../../registry/record.ts';
import type { PluginIsolation } from '../../runtime/environment.ts';
import type { PackageSignature } from '../../trust/package-signature.ts';

/** What a user has set, and what outlives the page. */
export interface PluginSettings {
  readonly grant: Grant;
  /** Optional requests that were accepted for good. */
  readonly accepted: readonly AcceptedRequest[];
  readonly config: ReadonlyMap<string, string>;
  /** Secrets of its config by name, encrypted. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly limits: Partial<Limits>;
  /** Where it lives. */
  readonly isolation: PluginIsolation;
  readonly missing: MissingImports;
  readonly enabled: boolean;
  readonly quarantined: boolean;
  /** When it was first installed, in ms since 1970; undefined for one that is only open. */
  readonly installedAt: number | undefined;
  /** Whom its stored data belongs to; see `installation-id.ts`. */
  readonly installation: string;
  /** What it stores goes when it is closed. */
  readonly temporary: boolean;
  /** What its package was signed with. */
  readonly signature: PackageSignature;
  /** SHA-256 of its package, where the host keeps that: see `Trust.keepsHash`. */
  readonly sha256: string | undefined;
  readonly pending: StagedUpdate | undefined;
}

/** What changes, by the newest of what is stored: another tab, or another call, may have changed that a moment ago. */
export type ChangeOfNewest = (newest: Pick<PluginSettings, 'grant' | 'accepted' | 'secrets'>) => SettingsChange;

export type SettingsChange = Partial<Omit<PluginSettings, 'installedAt' | 'installation' | 'temporary' | 'pending'>>;
