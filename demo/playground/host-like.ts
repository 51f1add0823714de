// What the playground needs of a host. `Host` and `Plugin` of src/ fit; tests bring their own.

import type { AdminHost, AdminPlugin } from '../../src/elements/admin/base/admin-host.ts';
import type { ExtensionHost, ExtensionPlugin } from '../../src/elements/extension/host-like.ts';
import type { PaletteHost } from '../../src/elements/palette/host-like.ts';
import type { HostEventMap, LogRecord } from '../../src/events.ts';
import type { FetchInit } from '../../src/extensions/host-fetch.ts';
import type { Limits } from '../../src/limits.ts';
import type { PluginManifest } from '../../src/manifest/plugin-manifest.ts';
import type { InstallOptions } from '../../src/options.ts';
import type { Grant } from '../../src/permissions/grants.ts';
import type { CallOptions } from '../../src/runtime/calls/call-options.ts';
import type { ExportFact, HostCallWay, ImportFact, MemoryUse } from '../../src/runtime/wire/protocol.ts';

export interface LastCall {
  readonly exportName: string;
  readonly durationMs: number;
  readonly hostCallMs: number;
  readonly inputBytes: number;
  readonly outputBytes: number;
}

export interface PluginStats {
  readonly calls: number;
  readonly failures: number;
  readonly kills: number;
  readonly startMs: number | undefined;
  readonly lastCall: LastCall | undefined;
  readonly use: MemoryUse | undefined;
}

/** A sentence of the host, in English. */
export interface SaidLike {
  readonly text: string;
}

export interface AskedPermission {
  readonly capability: string;
  /** What a grant of all it asks for would make of it. */
  readonly status: 'granted' | 'partly' | 'forbidden' | 'unknown' | 'unreadable' | 'unasked' | 'stubbed';
  readonly sentences: readonly SaidLike[];
  readonly reason: string | undefined;
  readonly granted: boolean;
  /** What it may do of it now. */
  readonly given: readonly SaidLike[];
  /** What it asks for and may not do now. */
  readonly missing: readonly SaidLike[];
  /** What it asks for; undefined for all of the capability. */
  readonly scope?: unknown;
}

export interface PendingLike {
  readonly version: string;
  readonly sha256: string;
  readonly requests: readonly AskedPermission[];
}

/** Each replaces what the user had set before; what the manifest says shows through. */
export interface Settings {
  readonly config?: Record<string, string>;
  readonly limits?: Partial<Limits>;
  readonly grant?: Grant;
}

export interface PluginLike extends ExtensionPlugin, Pick<AdminPlugin, 'configuration'> {
  readonly manifest: PluginManifest;
  readonly limits: Limits;
  readonly config: ReadonlyMap<string, string>;
  readonly stats: PluginStats;
  exports(): Promise<readonly ExportFact[]>;
  imports(): Promise<readonly ImportFact[]>;
  call(name: string, input: string | Uint8Array, options?: CallOptions): Promise<{ bytes(): Uint8Array }>;
  /** Starts it now rather than at its next call. */
  start(): Promise<void>;
  requests(): readonly AskedPermission[];
  /** An update that asks for more than was granted, and waits. */
  readonly pending: PendingLike | undefined;
  accept(sha256: string): Promise<void>;
  dismiss(): Promise<void>;
  configure(settings: Settings): Promise<void>;
  fetch(input: Request | URL, init?: FetchInit): Promise<Response>;
  reset(): Promise<void>;
  uninstall(options?: { wipe?: boolean }): Promise<void>;
}

export interface UnreadableLike {
  readonly id: string;
  readonly error: Error;
}

export interface HostLike
  extends Omit<ExtensionHost, 'addEventListener'>,
    Pick<AdminHost, 'audit' | 'capabilities' | 'may'>,
    Pick<PaletteHost, 'commands' | 'run'> {
  readonly environment: {
    readonly hostCalls: HostCallWay;
    readonly isolation: 'opaque-origin' | 'same-origin' | 'none';
    readonly reason: string;
    readonly storage: 'durable' | 'memory';
    readonly storageReason: string;
  };
  readonly limits: Limits;
  readonly plugins: readonly PluginLike[];
  /** Stored and not to be read: they can only be removed. */
  readonly unreadable: readonly UnreadableLike[];
  removeUnreadable(id: string): Promise<void>;
  get(id: string): PluginLike | undefined;
  install(source: PluginSource, options?: InstallOptions): Promise<PluginLike>;
  logs(pluginId?: string): readonly LogRecord[];
  addEventListener<K extends keyof HostEventMap>(
    type: K,
    listener: (event: HostEventMap[K]) => void,
    options?: AddEventListenerOptions,
  ): void;
}

/** The sources that the playground passes, of those that a host takes. */
export type PluginSource = File | URL | { readonly wasm: Uint8Array | URL; readonly manifest: unknown };
