// The seam: all that Cloche knows of a plugin system, the dialect that its plugins speak. Types only.
//
// What every page has, since any plugin may come, is small: how the dialect's plugins are told, and from where the rest is
// loaded. Each part is declared where it is used: manifests in `manifest/dialect.ts`, permissions in `permissions/requests.ts`,
// functions in `capabilities/services.ts`, requests and events in `extensions/context.ts`, pages in `manifest/page-messages.ts`,
// guests in `runtime/wire/guest-contract.ts`.

import type { HostFunction } from '../capabilities/host-function.ts';
import type { DialectFunction, LiveContributions, Services } from '../capabilities/services.ts';
import type { ClocheError } from '../errors.ts';
import type { ExtensionDialect } from '../extensions/context.ts';
import type { PluginFormat, PluginFormats, PluginReader } from '../manifest/dialect.ts';
import type { PageProtocol } from '../manifest/page-messages.ts';
import type { PluginManifest } from '../manifest/plugin-manifest.ts';
import type { Grant } from '../permissions/grants.ts';
import type { LinkedFunction, RequestRules } from '../permissions/requests.ts';
import type { OwnWorker, OwnWorkerPlace } from '../runtime/start/own-worker.ts';
import type { GuestContract } from '../runtime/wire/guest-contract.ts';
import type { WasiMode } from '../runtime/wire/guest-modes.ts';

export interface Dialect extends PluginFormat, ExtensionDialect {
  load?(): Promise<DialectCode>;
  /** The words of its pages. @default its plugins have no pages that speak to the host */
  page?(): Promise<PageProtocol>;
}

/** Those of a host. */
export type Dialects = PluginFormats<Dialect>;

/** A grant that takes the place of what people have decided. */
export interface SettledGrant {
  readonly grant: Grant;
  /** Why it is not what was meant, for the log. */
  readonly problem?: string;
}

/** What a host settles for plugins of a dialect, asked whenever it counts: it has to answer at once. */
export interface DialectRules {
  /** The very same object as long as it is the same. @default people decide */
  grant?(manifest: PluginManifest): SettledGrant | undefined;
  /** Why it may not run here. @default it may */
  refusal?(manifest: PluginManifest): ClocheError | undefined;
  /** What the author of a plugin should know that is installed; one sentence each. @default nothing */
  notices?(manifest: PluginManifest): readonly string[];
  /** Whether it finds a function. @default all of them */
  finds?(manifest: PluginManifest, fn: LinkedFunction): boolean;
}

/** What is loaded once there is a plugin of it. */
export interface DialectCode extends PluginReader, RequestRules {
  /** What extensions know of it, where that comes with the code. @default what the dialect says itself */
  readonly extension?: ExtensionDialect;
  /**
   * What a worker must know of a plugin's guest: all that crosses of a dialect.
   * @param grants what it was granted, by capability: with other ones its worker starts anew
   */
  guest(manifest: PluginManifest, grants: ReadonlyMap<string, unknown>): GuestContract;
  /**
   * What the worker of a plugin runs, `worker.ts?source` loaded late, where its guest needs what not every page has.
   * @default the worker that is in every page @throws {ClocheError} FETCH_FAILED
   */
  worker?(manifest: PluginManifest): Promise<string> | undefined;
  /**
   * Of a plugin whose worker runs what is made of its own modules, one for each place that keeps them.
   * @param plugin its id @param modules those of its manifest: an update has another list @default it runs `worker`
   */
  ownWorker?(place: OwnWorkerPlace, plugin: string, modules: PluginManifest['modules']): OwnWorker;
  /** @param services those of the host */
  rules?(services: Services): DialectRules;
  /** How much of its WASI a guest finds at most, by what the plugin was granted; `wasi` of grant and policy may leave less. @default 'full' */
  wasi?(grants: ReadonlyMap<string, unknown>): WasiMode;
  /**
   * Functions of its own, which its plugins find in place of those that a capability has itself.
   * @param live what a plugin adds to its host while it runs, such as commands
   * @default none
   */
  functions?(services: Services, live: LiveContributions): readonly DialectFunction[];
  /**
   * What the guest hears that calls the stub of a function which nobody provides, as `failed` of a host function that is told
   * NEEDS_SERVER: bytes. Asked for those of the namespace of host functions whose result is an i64, as the offset of a block is.
   * @default its call fails, as it does for all others
   */
  failedStub?(name: string): HostFunction['failed'];
}
