// What extensions need of a host and its plugins, and nothing more of them.

import type { Output } from '../host/output.ts';
import type { Contribution } from '../manifest/contributions.ts';
import type { PluginManifest } from '../manifest/plugin-manifest.ts';
import type { InstallOptions } from '../options.ts';
import type { PluginSource } from '../package/package-source.ts';
import type { CallOptions } from '../runtime/call-options.ts';
import type { LogLevel } from '../runtime/wire/protocol.ts';
import type { ExtensionPoint } from './points.ts';

/** A contribution of an enabled plugin to a point that the app has declared. */
export interface Extension extends Contribution {
  /** Its manifest's, else `Plugins`. */
  readonly group: string;
  /** Its manifest's, else 0. */
  readonly order: number;
  /** Id of the plugin. */
  readonly plugin: string;
  readonly pluginName: string;
  readonly pluginVersion: string;
}

export interface ExtensionPlugin {
  readonly id: string;
  readonly manifest: PluginManifest;
  /** It may be called: neither off, nor quarantined, nor closed. */
  readonly active: boolean;
  /** Milliseconds since 1970; undefined for one that is only open. */
  readonly installedAt: number | undefined;
  call(name: string, input?: unknown, options?: CallOptions): Promise<Output>;
  asset(path: string): Promise<Uint8Array | undefined>;
}

/** What an admin does to a plugin. */
export interface ManagedPlugin extends ExtensionPlugin {
  enable(): Promise<void>;
  disable(): Promise<void>;
  reset(): Promise<void>;
  start(signal?: AbortSignal): Promise<void>;
  uninstall(): Promise<void>;
}

export interface ManagedHost {
  readonly disabled: boolean;
  /** Whether other tabs have the installed plugins too. */
  readonly durable: boolean;
  readonly plugins: readonly ManagedPlugin[];
  get(id: string): ManagedPlugin | undefined;
  install(source: PluginSource, options: InstallOptions): Promise<unknown>;
  extensions(): readonly Extension[];
}

/** Writes a line of the host's own to a plugin's log. */
export type LogWriter = (plugin: string, level: LogLevel, text: string) => void;

export interface ExtensionContext {
  readonly host: ManagedHost;
  readonly points: ReadonlyMap<string, ExtensionPoint>;
  /** Name of the databases, which tabs of one origin share. */
  readonly storage: string;
  readonly say: LogWriter;
  dispatch(event: Event): void;
}
