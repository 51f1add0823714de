// What a plugin needs of its host, and nothing more of it.

import type { Capability } from './capabilities/capability.ts';
import type { PluginChange } from './events.ts';
import type { Grant, Limits } from './options.ts';
import type { Plugin } from './plugin.ts';
import type { Runner } from './sandbox/runner.ts';

/** What a user has set, and what outlives the page. */
export interface PluginSettings {
  readonly grant: Grant;
  readonly config: ReadonlyMap<string, string>;
  readonly limits: Partial<Limits>;
  readonly enabled: boolean;
  readonly quarantined: boolean;
}

export interface PluginSurroundings {
  readonly limits: Limits;
  readonly capabilities: readonly Capability[];
  readonly policy: ReadonlyMap<string, unknown>;
  makeRunner(plugin: Plugin): Runner;
  /**
   * Stores changed settings, where the plugin is installed.
   * @returns all that is stored now; undefined for a plugin that is not kept
   * @throws {ClocheError} STORAGE_FAILED
   */
  save(plugin: Plugin, changes: Partial<PluginSettings>): Promise<PluginSettings | undefined>;
  remove(plugin: Plugin): Promise<void>;
  /** Deletes what capabilities have stored for it. */
  wipe(id: string): Promise<void>;
  closed(plugin: Plugin): void;
  changed(id: string, change: PluginChange): void;
}
