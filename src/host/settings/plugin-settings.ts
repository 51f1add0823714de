// What is kept of a plugin besides its manifest.

import type { Grant } from '../../permissions/grants.ts';
import type { PluginRecord } from '../../registry/record.ts';

/** What a user has set, and what outlives the page: what a record has, where there is one. */
export interface PluginSettings extends Omit<PluginRecord, 'schema' | 'manifest' | 'grant' | 'installedAt'> {
  readonly grant: Grant;
  /** When it was first installed, in ms since 1970; undefined for one that is only open. */
  readonly installedAt: number | undefined;
  /** What it stores goes when it is closed. */
  readonly temporary: boolean;
}

/** What changes, by the newest of what is stored: another tab, or another call, may have changed that a moment ago. */
export type ChangeOfNewest = (newest: Pick<PluginSettings, 'grant' | 'accepted' | 'secrets'>) => SettingsChange;

export type SettingsChange = Partial<Omit<PluginSettings, 'installedAt' | 'installation' | 'temporary' | 'pending'>>;
