// What installs, stores and follows plugins knows of its host.

import type { PluginChange } from '../events.ts';
import type { PluginManifest } from '../manifest/plugin-manifest.ts';
import type { VerifyLicense } from '../options.ts';
import type { Registry } from '../registry/registry.ts';
import type { HashedFiles } from '../util/hash/hashed-files.ts';
import type { Plugin } from './plugin.ts';
import type { PluginSettings } from './settings/plugin-settings.ts';
import type { SharedContext } from './shared-context.ts';
import type { PluginData } from './storage/plugin-data.ts';
import type { PluginFiles } from './storage/plugin-files.ts';

/** Besides what all share, its plugins, and what is kept of them. */
export interface HostContext extends SharedContext {
  readonly registry: Registry;
  readonly verifyLicense: VerifyLicense | undefined;
  /** Installed and opened plugins by id, oldest first. */
  readonly plugins: Map<string, Plugin>;
  readonly files: PluginFiles;
  readonly data: PluginData;
  /** @param files of one that is not stored, or not yet */
  make(manifest: PluginManifest, settings: PluginSettings, files?: HashedFiles): Plugin;
  /** Ends a plugin that is not installed any more, and says so: once, whoever notices first. */
  retire(plugin: Plugin): Promise<void>;
  tell(id: string, change: PluginChange): void;
}
