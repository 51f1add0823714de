// What the admin elements need of a host: its public face, by shape, so that the host itself is not loaded with them. `Host` and
// `Plugin` fit; tests bring their own.

import type { Host, InstallOptions, Plugin, PluginSource } from '../../../index.ts';

/** What is shown of a plugin, and done to it. */
export type AdminPlugin = Pick<
  Plugin,
  | 'id'
  | 'installation'
  | 'manifest'
  | 'contributed'
  | 'state'
  | 'enabled'
  | 'active'
  | 'blocked'
  | 'refusal'
  | 'installedAt'
  | 'signature'
  | 'limits'
  | 'config'
  | 'isolation'
  | 'grants'
  | 'stats'
  | 'needsServer'
  | 'pending'
  | 'asset'
  | 'fetch'
  | 'pageProtocol'
  | 'requests'
  | 'explain'
  | 'imports'
  | 'review'
  | 'accept'
  | 'dismiss'
  | 'previous'
  | 'rollback'
  | 'history'
  | 'amend'
  | 'configure'
  | 'configuration'
  | 'enable'
  | 'disable'
  | 'reload'
  | 'exportData'
  | 'importData'
  | 'uninstall'
  | 'databases'
>;

type HostFace = Pick<
  Host,
  | 'audit'
  | 'bisect'
  | 'blocklist'
  | 'capabilities'
  | 'disabled'
  | 'durable'
  | 'environment'
  | 'extensions'
  | 'limits'
  | 'logs'
  | 'may'
  | 'orphans'
  | 'removeUnreadable'
  | 'review'
  | 'unreadable'
  | 'usage'
  | 'wipeOrphan'
  | 'addEventListener'
  | 'removeEventListener'
>;

/** A host, as its plugins are administered. */
export interface AdminHost extends HostFace {
  /** Installed and opened plugins, oldest first. */
  readonly plugins: readonly AdminPlugin[];
  get(id: string): AdminPlugin | undefined;
  install(source: PluginSource, options?: InstallOptions): Promise<AdminPlugin>;
}
