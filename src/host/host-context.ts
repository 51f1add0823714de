// What the parts of a host share.

import type { Capability } from '../capabilities/capability.ts';
import type { PluginChange } from '../events.ts';
import type { LogWriter } from '../extensions/context.ts';
import type { Limits } from '../limits.ts';
import type { PluginManifest } from '../manifest/plugin-manifest.ts';
import type { VerifyLicense } from '../options.ts';
import type { Registry } from '../registry/registry.ts';
import type { SandboxPool } from '../runtime/sandbox-pool.ts';
import type { Publishers, Trust } from '../trust/trust.ts';
import type { HashedFiles } from '../util/hash/hashed-files.ts';
import type { LateConfigs } from './config/late-configs.ts';
import type { HostDialects } from './dialects.ts';
import type { Plugin } from './plugin.ts';
import type { PluginSettings } from './settings/plugin-settings.ts';
import type { PluginData } from './storage/plugin-data.ts';
import type { PluginFiles } from './storage/plugin-files.ts';

/** Its plugins, what is kept of them, and who hears of them. */
export interface HostContext {
  readonly limits: Limits;
  readonly capabilities: readonly Capability[];
  readonly dialects: HostDialects;
  readonly registry: Registry;
  readonly pool: SandboxPool;
  readonly trust: Trust;
  readonly publishers: Publishers;
  readonly configs: LateConfigs;
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
  say: LogWriter;
}
