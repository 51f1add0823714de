// What a plugin needs of its host, and what the parts of a host share.

import type { Capability } from '../capabilities/capability.ts';
import type { PluginLogs } from '../capabilities/log/plugin-logs.ts';
import type { PluginChange } from '../events.ts';
import type { LogWriter } from '../extensions/context.ts';
import type { LiveContributions } from '../extensions/live-contributions.ts';
import type { Limits } from '../limits.ts';
import type { AssetEntry, PluginManifest } from '../manifest/plugin-manifest.ts';
import type { Grant } from '../permissions/grants.ts';
import type { StagedUpdate } from '../registry/record.ts';
import type { Registry } from '../registry/registry.ts';
import type { SandboxPool } from '../runtime/sandbox-pool.ts';
import type { LogLevel } from '../runtime/wire/protocol.ts';
import type { HashedFiles } from '../util/hashed-files.ts';
import type { HostDialects } from './dialects.ts';
import type { OpenFiles } from './open-files.ts';
import type { Plugin } from './plugin.ts';
import type { PluginData } from './plugin-data.ts';

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
  readonly dialects: HostDialects;
  /** What plugins add while they run. */
  readonly live: LiveContributions;
  /** The plugin system as a whole is switched off. */
  readonly disabled: boolean;
  readonly pool: SandboxPool;
  /** What plugins write below this is not kept. */
  readonly logLevel: LogLevel | 'off';
  readonly log: PluginLogs;
  /** All its modules by SHA-256. @throws {ClocheError} STORAGE_FAILED, ABORTED */
  files(plugin: Plugin): Promise<ReadonlyMap<string, Uint8Array>>;
  /** @throws {ClocheError} STORAGE_FAILED, CLOSED */
  asset(plugin: Plugin, entry: AssetEntry): Promise<Uint8Array>;
  /**
   * Stores changed settings, where the plugin is installed.
   * @returns all that is stored now; undefined for a plugin that is not kept
   * @throws {ClocheError} STORAGE_FAILED
   */
  save(plugin: Plugin, changes: SettingsChange): Promise<PluginSettings | undefined>;
  /** Removes it, says so, and wipes its data where `wipe` says so. @throws {ClocheError} STORAGE_FAILED */
  uninstall(plugin: Plugin, wipe: boolean): Promise<void>;
  /** Swaps in the update that waits. @throws {ClocheError} UPDATE_CHANGED, and what `host.install` throws */
  accept(plugin: Plugin, sha256: string): Promise<void>;
  /** Drops it. @throws {ClocheError} STORAGE_FAILED */
  dismiss(plugin: Plugin): Promise<void>;
  closed(plugin: Plugin): void;
  changed(id: string, change: PluginChange): void;
  /** Tells listeners of the host. */
  dispatch(event: Event): void;
  say: LogWriter;
}

/** What the parts of a host share: its plugins, what is kept of them, and who hears of them. */
export interface HostContext {
  readonly limits: Limits;
  readonly capabilities: readonly Capability[];
  readonly dialects: HostDialects;
  readonly registry: Registry;
  /** Installed and opened plugins by id, oldest first. */
  readonly plugins: Map<string, Plugin>;
  readonly files: OpenFiles;
  readonly data: PluginData;
  /** @param files of one that is not stored, or not yet */
  make(manifest: PluginManifest, settings: PluginSettings, files?: HashedFiles): Plugin;
  /** Ends a plugin that is not installed any more, and says so: once, whoever notices first. */
  retire(plugin: Plugin): Promise<void>;
  tell(id: string, change: PluginChange): void;
  say: LogWriter;
}
