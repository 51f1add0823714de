// What a plugin needs of its host.

import type { Perform } from '../audit/act.ts';
import type { PluginLogs } from '../capabilities/log/plugin-logs.ts';
import type { PluginChange } from '../events.ts';
import type { LiveContributions } from '../extensions/live-contributions.ts';
import type { AssetEntry } from '../manifest/plugin-manifest.ts';
import type { HistoryAction } from '../registry/versions.ts';
import type { SandboxPool } from '../runtime/sandbox-pool.ts';
import type { ModuleFiles } from '../runtime/start/module-files.ts';
import type { LogLevel, ModuleFacts } from '../runtime/wire/protocol.ts';
import type { LateConfigs } from './config/late-configs.ts';
import type { Questions } from './host-calls/question-queue.ts';
import type { PluginVersions } from './install/plugin-review.ts';
import type { HostRules } from './settings/effective-settings.ts';
import type { ChangeOfNewest, PluginSettings } from './settings/plugin-settings.ts';

/** What all plugins of a host share. */
export interface SharedContext extends HostRules {
  /** Name of the databases. */
  readonly storage: string;
  readonly configs: LateConfigs;
  /** What plugins add while they run. */
  readonly live: LiveContributions;
  /** Asks for optional permissions; undefined where nobody does. */
  readonly questions: Questions | undefined;
  /** Does what a person asks for. */
  readonly perform: Perform;
  /** The plugin system as a whole is switched off. */
  readonly disabled: boolean;
  readonly pool: SandboxPool;
  /** What plugins write below this is not kept. */
  readonly logLevel: LogLevel | 'off';
  readonly log: PluginLogs;
  /** Tells listeners of the host. */
  dispatch(event: Event): void;
}

/** What one plugin needs: the rest is about itself. */
export interface PluginContext extends SharedContext {
  /** All its modules. @throws {ClocheError} STORAGE_FAILED, ABORTED */
  files(): Promise<ModuleFiles>;
  /** Keeps what they import and export, where the plugin is installed. @throws {ClocheError} STORAGE_FAILED */
  keepFacts(facts: readonly ModuleFacts[]): Promise<void>;
  /** @throws {ClocheError} STORAGE_FAILED, CLOSED */
  asset(entry: AssetEntry): Promise<Uint8Array>;
  /**
   * Stores changed settings, where the plugin is installed.
   * @returns all that is stored now; undefined for a plugin that is not kept
   * @throws {ClocheError} STORAGE_FAILED
   */
  save(change: ChangeOfNewest): Promise<PluginSettings | undefined>;
  /** Removes it, says so, and wipes its data where `wipe` says so. @throws {ClocheError} STORAGE_FAILED */
  uninstall(wipe: boolean): Promise<void>;
  /** Its versions; comes late. @throws {ClocheError} FETCH_FAILED */
  versions(): Promise<PluginVersions>;
  /** Adds to its history, where the plugin is installed. @throws {ClocheError} STORAGE_FAILED, CLOSED */
  note(action: HistoryAction): Promise<void>;
  closed(): void;
  changed(change: PluginChange): void;
}
