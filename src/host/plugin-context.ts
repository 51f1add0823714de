// What a plugin needs of its host, and nothing more of it.

import type { Capability } from '../capabilities/capability.ts';
import type { PluginChange } from '../events.ts';
import type { Limits } from '../limits.ts';
import type { AssetEntry } from '../manifest/plugin-manifest.ts';
import type { Grant } from '../permissions/grants.ts';
import type { StagedUpdate } from '../registry/record.ts';
import type { Runner } from '../runtime/runner.ts';
import type { LogLevel } from '../runtime/wire/protocol.ts';
import type { Plugin } from './plugin.ts';

/** What a user has set, and what outlives the page. */
export interface PluginSettings {
  readonly grant: Grant;
  readonly config: ReadonlyMap<string, string>;
  readonly limits: Partial<Limits>;
  readonly enabled: boolean;
  readonly quarantined: boolean;
  /** When it was first installed, in ms since 1970; undefined for one that is only open. */
  readonly installedAt: number | undefined;
  /** Whom its stored data belongs to; see `installation-id.ts`. */
  readonly installation: string;
  /** What it stores goes when it is closed. */
  readonly temporary: boolean;
  readonly pending: StagedUpdate | undefined;
}

export type SettingsChange = Partial<Omit<PluginSettings, 'installedAt' | 'installation' | 'temporary' | 'pending'>>;

export interface PluginContext {
  readonly limits: Limits;
  readonly capabilities: readonly Capability[];
  readonly policy: ReadonlyMap<string, unknown>;
  /** The plugin system as a whole is switched off. */
  readonly disabled: boolean;
  makeRunner(plugin: Plugin): Runner;
  /** @throws {ClocheError} STORAGE_FAILED, CLOSED */
  asset(plugin: Plugin, entry: AssetEntry): Promise<Uint8Array>;
  /**
   * Stores changed settings, where the plugin is installed.
   * @returns all that is stored now; undefined for a plugin that is not kept
   * @throws {ClocheError} STORAGE_FAILED
   */
  save(plugin: Plugin, changes: SettingsChange): Promise<PluginSettings | undefined>;
  /** @param wiping its data is about to be wiped */
  remove(plugin: Plugin, wiping: boolean): Promise<void>;
  /** Deletes what capabilities have stored for one that is removed, where `wipe` says so or there is nothing of it. */
  tidy(plugin: Plugin, wipe: boolean): Promise<void>;
  /** Swaps in the update that waits. @throws {ClocheError} UPDATE_CHANGED, and what `host.install` throws */
  accept(plugin: Plugin, sha256: string): Promise<void>;
  /** Drops it. @throws {ClocheError} STORAGE_FAILED */
  dismiss(plugin: Plugin): Promise<void>;
  closed(plugin: Plugin): void;
  changed(id: string, change: PluginChange): void;
  /** Writes a line of the host's own to its log. */
  say(id: string, level: LogLevel, text: string): void;
}
