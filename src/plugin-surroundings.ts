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
  /** Stores settings, where the plugin is installed. @throws {ClocheError} STORAGE_FAILED */
  save(id: string, settings: PluginSettings): Promise<void>;
  remove(plugin: Plugin, wipe: boolean): Promise<void>;
  closed(plugin: Plugin): void;
  changed(id: string, change: PluginChange): void;
}
