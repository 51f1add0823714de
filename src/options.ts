// The options of a host and of an installation, with their defaults, ranges and examples: this file is the reference. Limits are
// in `limits.ts`.

import type { AuditOptions } from './audit/audit-options.ts';
import type { Capability } from './capabilities/capability.ts';
import type { Dialect } from './dialects/dialect.ts';
import { ClocheError } from './errors.ts';
import type { ExtensionPoint } from './extensions/points.ts';
import type { Limits } from './limits.ts';
import type { MissingImports } from './manifest/missing-imports.ts';
import type { ByteSource } from './package/package-source.ts';
import type { AskPermission } from './permissions/ask.ts';
import { copyOf, type Grant } from './permissions/grants.ts';
import type { RelayOptions } from './relay/relay-options.ts';
import type { IsolationChoice, PluginIsolation } from './runtime/environment.ts';
import type { HostCallWay, LogLevel } from './runtime/wire/protocol.ts';
import type { TrustOptions } from './trust/trust-options.ts';
import { checkSignal, checkType, entriesOf, givenOptions, type KeysOf, oneOf } from './util/given-options.ts';

/**
 * Whether the licence in a plugin's package is good for it: true, or why not. What throws is a no as well.
 * @param token the text of `license.token`, without white space around it
 */
export type VerifyLicense = (
  token: string,
  plugin: { readonly id: string; readonly name: string; readonly version: string },
) => boolean | string | Promise<boolean | string>;

export interface HostOptions {
  /** @example { timeoutMs: 2_000, memoryBytes: 32 << 20 } */
  limits?: Partial<Limits>;
  /**
   * What plugins can be granted at all. To add some, or to take one away, start from `defaultCapabilities()`.
   * @default defaultCapabilities({ storage })
   */
  capabilities?: readonly Capability[];
  /**
   * The plugin systems whose plugins run here. Leave some out, or add one of your own: the contract is `src/dialects/dialect.ts`.
   * Installed plugins of one that is left out are kept, and listed as unreadable.
   * @default await defaultDialects(), which are Cloche's own and those that this version knows
   */
  dialects?: readonly Dialect[];
  /** A server for what no page can do; it serves those of the `capabilities` that need one and have none. @default none */
  relay?: RelayOptions;
  /** The most that any plugin gets, by capability; `false` forbids one. @example { http: { allow: ['*.example.com'] } } */
  policy?: Readonly<Record<string, unknown>>;
  /** Whom and what you trust: publishers, plugins, what is granted for good, who may do what, and what is blocked. @default no limits, and nobody's signature */
  trust?: TrustOptions;
  /**
   * Keeps a log of every host call and of what people do, which `host.audit` reads: within a bound, in IndexedDB.
   * @default false @example { who: () => session.user, entries: 100_000 }
   */
  audit?: boolean | AuditOptions;
  /**
   * Counts what plugins do beyond this page, in IndexedDB: calls, failures, kills, times, host calls. `host.usage` tells.
   * @default false
   */
  usage?: boolean;
  /**
   * Asks a person for an optional permission when a plugin needs it; that plugin's call stands still meanwhile. One question at a
   * time; after two minutes the answer is no. Whoever said no, or did not answer, is not asked again before the page is left.
   * @default none: optional permissions are not given
   */
  ask?: AskPermission;
  /**
   * Asked at each installation, update and review of a package with a licence; one that it does not take is refused. The features
   * of one that it takes are in `host.features` while the plugin is on.
   * @default none: such packages are taken, and switch no feature on
   */
  verifyLicense?: VerifyLicense;
  /** Name of the databases; two hosts of one name share their plugins. In IndexedDB, see `host.environment.storage`. @default 'cloche' */
  storage?: string;
  /** Sandboxes that may live at once; the one idle longest sleeps first. 1 to 60. @default 8 */
  live?: number;
  /** Idle ms before a sandbox is put to sleep. 1000 and up. @default 30000 */
  idleMs?: number;
  /** What plugins log below this level is dropped in the worker. @default 'info' */
  logLevel?: LogLevel | 'off';
  /** How guests wait for the page. @default 'auto': JSPI, then atomics, then the service worker */
  hostCalls?: 'auto' | HostCallWay;
  /**
   * Where plugins live. `'process'`: in a cell, a sandboxed frame, to which Chromium gives a process of its own. `'origin'`: in
   * a compartment, workers with an opaque origin in the page's own process: the same walls, and several times as fast; but
   * nothing stands against Spectre, a hole in the engine or a crash. A cell also where the page's policy forbids
   * `worker-src data:`. `docs/security.md` says what each claims.
   * @default 'auto': `'process'` where the engine may give a frame its own process, else `'origin'`, and workers of the page's
   * own origin where a plugin can wait only there
   */
  isolation?: IsolationChoice;
  /**
   * Rejects with ISOLATION_UNAVAILABLE where the engine gives plugins no process apart from the page's, and runs none without.
   * It is measured, which takes some 5 ms, and 100 ms where there is none. @default false
   */
  requireOwnProcess?: boolean;
  /** Switches the whole plugin system off: what is installed is listed and nothing runs. `?plugins=off` in the address of
   * the page does the same. @default false */
  disabled?: boolean;
  /**
   * Where plugins can add something to this app, by name; `host.extensions()` lists what they add.
   * @default { 'admin.tab': {} }, which is always there @example { 'item.panel': { schema: v.object({ … }) } }
   */
  extensionPoints?: Readonly<Record<string, ExtensionPoint>>;
  /** URL of `cloche-sw.js` on the page's own origin, for engines without JSPI. @default none */
  serviceWorker?: string | URL;
}

export interface InstallOptions {
  /** @default 'manifest': what the manifest asks for, never more than the policy */
  grant?: Grant;
  /** Lower than the host's, or they have no effect. */
  limits?: Partial<Limits>;
  /** Config of the plugin; each key replaces the manifest's. Texts, or what its manifest has a schema for. */
  config?: Readonly<Record<string, unknown>>;
  /**
   * Takes the place of an installed plugin of the same id: `'keep'`, or true, is an update, with its data and all that
   * was set for it; `'wipe'` deletes both. A plugin that is signed is updated by its publisher only. @default false
   */
  replace?: boolean | 'keep' | 'wipe';
  /**
   * What it begins with where its id is free: nothing, or with `'keep'` the data that the last plugin of this id left. What
   * a signed one left goes to its publisher's only; what an unsigned one left, to whoever comes. @default 'empty'
   */
  data?: 'empty' | 'keep';
  /**
   * Name of the catalog that it comes from, which its history keeps: only that one replaces it by `autoReload`. At most
   * 1,000 characters. @default it comes from none
   */
  catalog?: string;
  /** Id of the plugin, whatever its manifest says. @default the manifest's, else made from the name or the hash */
  id?: string;
  /**
   * A signature that lies beside the package, as `npx cloche sign --out` writes it: JSON text, bytes, a file or a URL. It counts
   * in place of one in the package. @default the one in the package, if it has one
   */
  signature?: ByteSource;
  /**
   * The package that is meant, by its SHA-256 as `host.review` shows it: any other is refused with HASH_MISMATCH. It is no yes to
   * what the package asks for. @default whatever the source holds
   */
  sha256?: string;
  /**
   * What becomes of it where it imports a function that nobody provides. `'stub'`: it is installed, and a stub stands for each of them,
   * which answers with an error in the form of the plugin's dialect where that has one, else ends the call with IMPORT_MISSING. That
   * grants nothing. What else is missing is refused either way: a memory, a table or a global, and functions that the ABI, WASI or a
   * module of the plugin's own should have. It is kept, and holds for updates that do not say otherwise. `plugin.stubs` and
   * `plugin.requests()` list them.
   * @default 'refuse'
   */
  missing?: MissingImports;
  /** Where it lives, whatever the host has for the others; kept with it. @default 'auto': as the host says */
  isolation?: IsolationChoice;
  /** As the host's option, for this one: it is not installed, and later not started, without. @default false */
  requireOwnProcess?: boolean;
  /** Aborts fetching and starting. */
  signal?: AbortSignal;
}

export interface ImportDataOptions {
  /** Id of the plugin whose data the file holds. @default the plugin's own: any other's is refused */
  from?: string;
}

const ISOLATION_CHOICES: readonly IsolationChoice[] = ['auto', 'origin', 'process'];

const INSTALL_KEYS: KeysOf<InstallOptions> = {
  grant: true,
  limits: true,
  config: true,
  replace: true,
  data: true,
  catalog: true,
  id: true,
  signature: true,
  sha256: true,
  missing: true,
  isolation: true,
  requireOwnProcess: true,
  signal: true,
};

/** A copy of the options of `install`, `open` or `review`. @throws {ClocheError} OPTION_INVALID for an unknown one */
export function givenInstall(place: 'install' | 'open' | 'review', given: unknown): InstallOptions {
  const options = givenOptions(`\`${place}\``, given, INSTALL_KEYS);
  checkSignal(options.signal);
  checkSha256(options.sha256);
  checkCatalog(options.catalog);
  pluginIsolation(options);
  return options;
}

function checkCatalog(value: unknown): void {
  if (value === undefined || (typeof value === 'string' && value !== '' && value.length <= 1_000)) return;
  throw new ClocheError('OPTION_INVALID', 'Expected `catalog` to be the name of one, of 1 to 1000 characters');
}

function checkSha256(value: unknown): void {
  if (value === undefined || (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value))) return;
  throw new ClocheError('OPTION_INVALID', 'Expected `sha256` to be 64 lower-case hex digits');
}

/**
 * What the options of `createHost`, `install` or `open` say of isolation.
 * @throws {ClocheError} OPTION_INVALID, also for the page's process as one of its own
 */
export function pluginIsolation(options: Pick<InstallOptions, 'isolation' | 'requireOwnProcess'>): PluginIsolation {
  const { isolation = 'auto', requireOwnProcess } = options;
  const choice = oneOf('isolation', isolation, ISOLATION_CHOICES);
  checkType('requireOwnProcess', requireOwnProcess, 'boolean');
  if (!requireOwnProcess) return choice;
  if (choice !== 'origin') return 'own-process';
  const message = "`isolation: 'origin'` is the page’s process, so it cannot go with `requireOwnProcess`";
  throw new ClocheError('OPTION_INVALID', message);
}

/** Whether data is to go with its plugin. @throws {ClocheError} OPTION_INVALID for anything but `{ wipe?: boolean }` */
export function givenWipe(place: string, given: unknown): boolean {
  const { wipe = false } = givenOptions<{ wipe: boolean }>(`\`${place}\``, given, { wipe: true });
  checkType('wipe', wipe, 'boolean');
  return wipe;
}

/**
 * A copy of what a plugin's schema is to check, or {@link checkedConfig} where it has none.
 * @throws {ClocheError} OPTION_INVALID for what is not data by name
 */
export function givenConfig(config: unknown): unknown {
  if (config === undefined) return config;
  const given = Object.fromEntries(entriesOf('config', config));
  return Object.values(given).every((value) => typeof value === 'string') ? given : copyOf('config', given);
}

/** @throws {ClocheError} OPTION_INVALID unless `config` is an object of strings. */
export function checkedConfig(config: unknown = {}): ReadonlyMap<string, string> {
  const entries = entriesOf('config', config);
  if (entries.every(([, value]) => typeof value === 'string')) return new Map(entries as [string, string][]);
  throw new ClocheError('OPTION_INVALID', 'Expected `config` to be an object of strings');
}
