// What one plugin needs of its host.

import type { PluginChange } from '../events.ts';
import type { AssetEntry } from '../manifest/plugin-manifest.ts';
import type { HistoryAction } from '../registry/versions.ts';
import type { ModuleFiles } from '../runtime/start/module-files.ts';
import type { ModuleFacts } from '../runtime/wire/protocol.ts';
import type { PluginVersions } from './install/plugin-review.ts';
import type { ChangeOfNewest, PluginSettings } from './settings/plugin-settings.ts';
import type { SharedContext } from './shared-context.ts';

/** Besides what all share, what is about itself. */
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
