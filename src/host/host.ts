// What an app talks to: installs plugins, keeps them, runs them, and tells what they do.

import type { AuditLog } from '../audit/audit-log.ts';
import type { Bisect } from '../bisect/bisect.ts';
import type { Capability } from '../capabilities/capability.ts';
import { ringOf } from '../capabilities/log/log.ts';
import { PluginLogs } from '../capabilities/log/plugin-logs.ts';
import { ClocheError } from '../errors.ts';
import { type Delivery, HostEventTarget, isHeard, LogEvent, type LogRecord } from '../events.ts';
import type { RunOptions } from '../extensions/commands/run-command.ts';
import type { Extension, LogWriter, PluginCommand } from '../extensions/context.ts';
import { Extensions } from '../extensions/extensions.ts';
import type { HookCall, HookOutcome } from '../extensions/hooks.ts';
import type { FetchInit } from '../extensions/host-fetch.ts';
import { LiveContributions } from '../extensions/live-contributions.ts';
import type { Limits } from '../limits.ts';
import { givenInstall, givenWipe, type InstallOptions } from '../options.ts';
import type { PluginSource } from '../package/package-source.ts';
import type { Orphan } from '../registry/orphans/orphans.ts';
import type { Registry } from '../registry/registry.ts';
import type { CallOptions } from '../runtime/calls/call-options.ts';
import type { Environment } from '../runtime/environment.ts';
import { hostClosed } from '../runtime/runner-errors.ts';
import type { SandboxPool } from '../runtime/sandbox-pool.ts';
import type { Population } from '../runtime/sandbox-supply.ts';
import type { TaskHandle } from '../tasks/task-handle.ts';
import type { TaskOptions, Tasks } from '../tasks/tasks.ts';
import type { BlocklistState } from '../trust/blocklist/blocklist-state.ts';
import type { Roles } from '../trust/roles.ts';
import type { Trust } from '../trust/trust.ts';
import type { UsageLog } from '../usage/usage-log.ts';
import { asyncDispose, dispose } from '../util/dispose.ts';
import { loadChunk } from '../util/load-chunk.ts';
import type { CheckedOptions } from './checked-options.ts';
import { LateConfigs } from './config/late-configs.ts';
import type { PluginReview } from './install/plugin-review.ts';
import type { Plugin } from './plugin.ts';
import { PluginSet } from './plugin-set.ts';
import { type SharedContext, sharedContext } from './shared-context.ts';

/** An installed plugin whose record cannot be read: it is not in `plugins`, and nothing of it runs. */
export interface UnreadablePlugin {
  readonly id: string;
  /** STORAGE_FAILED, with the field that cannot be read. */
  readonly error: ClocheError;
}

/** @internal What a host is made of, see `create-host.ts`. */
export interface HostParts {
  readonly pool: SandboxPool;
  readonly registry: Registry;
  readonly trust: Trust;
  readonly audit: AuditLog | undefined;
}

export class Host extends HostEventTarget implements AsyncDisposable {
  readonly #options: CheckedOptions;
  readonly #registry: Registry;
  readonly #pool: SandboxPool;
  readonly #trust: Trust;
  readonly #log: PluginLogs;
  readonly #shared: SharedContext;
  readonly #set: PluginSet;
  readonly #extensions: Extensions;
  /** What was done: every host call, and every act of a person. Undefined without the option `audit`. */
  readonly audit: AuditLog | undefined;
  #usage: UsageLog | undefined;
  #tasks: Promise<Tasks> | undefined;
  #closed = false;

  /** @internal Use `createHost`. */
  constructor(options: CheckedOptions, { pool, registry, trust, audit }: HostParts) {
    super();
    this.audit = audit;
    this.#trust = trust;
    const dispatch = (event: Event): boolean => this.dispatchEvent(event);
    const say: LogWriter = (id, level, text) => this.#log.write(id, { level, source: 'host', text }, options.limits);
    this.#options = options;
    this.#registry = registry;
    this.#pool = pool;
    const configs = new LateConfigs(options.storage, say);
    const redact = (id: string, text: string): string => configs.redact(id, text);
    audit?.follow(this, { redact, assertMayRead: () => trust.assertMay?.('logs') });
    this.#log = new PluginLogs({
      redact,
      ring: ringOf(options.capabilities),
      emit: (record) => trust.may?.('logs') === false || dispatch(new LogEvent(record)),
    });
    const refresh = (): void => {
      if (!this.#closed) this.#extensions.refresh();
    };
    const live = new LiveContributions(this, refresh);
    const hears: SharedContext['hears'] = (type) => isHeard(this, type);
    this.#shared = sharedContext(options, audit, { trust, configs, live, pool, log: this.#log, say, dispatch, hears });
    this.#set = new PluginSet(this.#shared, { registry, verifyLicense: options.verifyLicense, gone: refresh });
    const ran = (name: string, args: string): void => {
      for (const hear of live.ran) hear(name, args);
    };
    const { dialects, extensionPoints: points, storage } = options;
    this.#extensions = new Extensions({
      host: this,
      dialects: () => dialects.all(),
      points,
      storage,
      say,
      dispatch,
      ran,
    });
    // The first listener: when an app hears of a change, what plugins add to it is up to date.
    this.addEventListener('pluginchange', ({ change }) => {
      if (change !== 'called' && change !== 'settings' && change !== 'pending') this.#extensions.refresh();
    });
  }

  /** How plugins are isolated here, how they wait for host functions, whether anything is kept, and why. */
  get environment(): Environment {
    return { ...this.#pool.environment, ...this.#registry.place };
  }

  get limits(): Limits {
    return { ...this.#options.limits };
  }

  get capabilities(): readonly Capability[] {
    return this.#options.capabilities;
  }

  /** Whether installed plugins outlive this page; `environment.storageReason` says why. */
  get durable(): boolean {
    return this.#registry.place.storage === 'durable';
  }

  /** Whether the plugin system as a whole is switched off. */
  get disabled(): boolean {
    return this.#options.disabled;
  }

  /** Installed and opened plugins, oldest first. */
  get plugins(): readonly Plugin[] {
    return [...this.#set.plugins.values()];
  }

  /** Features of this app that plugins switch on, see `docs/trust.md`: of those that are on, and whose licence `verifyLicense` has accepted. */
  get features(): ReadonlySet<string> {
    return new Set(this.plugins.flatMap(({ active, manifest }) => (active && manifest.features) || []));
  }

  get(id: string): Plugin | undefined {
    return this.#set.plugins.get(id);
  }

  /**
   * What is installed and cannot be read, as after it was stored by a later version of Cloche. Remove it by
   * `removeUnreadable`, or install it again with `replace`.
   */
  get unreadable(): readonly UnreadablePlugin[] {
    return [...this.#set.sync.unreadable].map(([id, error]) => ({ id, error }));
  }

  /**
   * Removes a plugin that `unreadable` lists. Its data is left for `orphans()`, unless `wipe` says otherwise.
   * @throws {ClocheError} OPTION_INVALID for any other; STORAGE_FAILED
   */
  async removeUnreadable(id: string, options?: { wipe?: boolean }): Promise<void> {
    const wiping = givenWipe('removeUnreadable', options);
    await this.#shared.perform({ name: 'removeUnreadable', plugin: id, given: { wipe: wiping } }, async () => {
      const installation = await this.#set.sync.removeUnreadable(id, wiping);
      this.#log.forget(id);
      if (wiping && installation !== undefined) await this.#set.data.wipe(installation);
    });
  }

  /** What plugins have logged, oldest first; of one plugin or of all. @throws {ClocheError} FORBIDDEN where `trust.can` has no `logs` */
  logs(id?: string): readonly LogRecord[] {
    this.#trust.assertMay?.('logs');
    if (id !== undefined) return this.#log.records(id);
    const ids = [...this.#set.plugins.keys(), ...this.#set.sync.unreadable.keys()];
    return ids.flatMap((one) => this.#log.records(one)).sort((a, b) => a.time - b.time);
  }

  /** Whether whoever uses this page may do what the role says, by `trust.can`: for what to show. All else is refused with FORBIDDEN. */
  may(role: keyof Roles): boolean {
    return this.#trust.may?.(role) ?? true;
  }

  /** What plugins have done, beyond this page. Undefined without the option `usage`. */
  get usage(): UsageLog | undefined {
    return this.#usage;
  }

  /**
   * Finds the plugin that breaks this app, by switching off half of those that may be it, again and again; goes on where an earlier
   * page was.
   * @throws {ClocheError} FORBIDDEN, STORAGE_FAILED; FETCH_FAILED when the part that does so cannot be loaded
   */
  async bisect(): Promise<Bisect> {
    const { Bisect } = await loadChunk(() => import('../bisect/bisect.ts'));
    return Bisect.of(this, this.#options.storage);
  }

  /** How it stands with the blocklist; undefined where `trust` names none. */
  get blocklist(): BlocklistState | undefined {
    return this.#trust.blocklist;
  }

  /**
   * Installs a plugin: it is kept with its config and state, and is the same in every tab of the origin.
   * Resolves when it has been started once, so that what cannot start is not installed. It begins without data: what
   * another plugin of its id has stored is that plugin's, unless the options say otherwise.
   * @throws {ClocheError} among others PACKAGE_REJECTED, MANIFEST_INVALID, MODULE_REJECTED, IMPORT_MISSING,
   * ALREADY_INSTALLED, SIGNER_CHANGED, ID_CHANGED, NOT_ALLOWED, BLOCKED, FORBIDDEN, GRANT_FIXED, START_FAILED, STORAGE_FAILED. Nothing is changed then.
   * An update (`replace: 'keep'`) keeps what the user has set, but for what the options name, and lifts a quarantine.
   * Under the grant `'manifest'` one that asks for more than the plugin was granted only waits, as `plugin.pending`, and
   * the plugin runs on as it was; a grant that names capabilities, or `'all'`, is the yes to it.
   */
  async install(source: PluginSource, given?: InstallOptions): Promise<Plugin> {
    const options = givenInstall('install', given);
    this.#assertUsable();
    return this.#set.install(source, options);
  }

  /**
   * Looks at a source before it is installed: what it is, what it asks for, and what of that the plugin of its id that is installed
   * may not do now. Nothing of it runs, and nothing is kept. `install(source, { sha256 })` then takes that package and no other.
   * Where only the started plugin knows its id, it is compared with nothing unless `options.id` says it.
   * @param options those that `install` is to get: under its grant, and as the update or the new plugin that they make of it
   * @throws {ClocheError} what `install` throws before anything of the plugin has run
   */
  async review(source: PluginSource, given?: InstallOptions): Promise<PluginReview> {
    const options = givenInstall('review', given);
    this.#assertUsable();
    return this.#set.review(source, options);
  }

  /**
   * Opens a plugin without keeping it: for tests and one-off runs. Otherwise as `install`. What it stores goes with it,
   * unless `data: 'keep'` gives it the data of the last plugin of its id.
   */
  async open(source: PluginSource, given?: InstallOptions): Promise<Plugin> {
    const options = givenInstall('open', given);
    this.#assertUsable();
    return this.#set.open(source, options);
  }

  /**
   * What uninstalled plugins have left, newest first. A later plugin of the same id gets none of it, unless it is
   * installed with `data: 'keep'`.
   * @throws {ClocheError} STORAGE_FAILED
   */
  async orphans(): Promise<Orphan[]> {
    return this.#set.data.orphans();
  }

  /**
   * Deletes what an uninstalled plugin has left.
   * @param installation of one that `orphans()` lists
   * @throws {ClocheError} OPTION_INVALID for any other; STORAGE_FAILED: then it is still listed
   */
  async wipeOrphan(installation: string): Promise<void> {
    await this.#shared.perform({ name: 'wipeOrphan', plugin: installation }, () =>
      this.#set.data.wipeOrphan(installation),
    );
  }

  /**
   * Answers a request below `/api/plugins`, in this page: by a plugin's routes (`/api/plugins/<id>/<path>`) and assets
   * (`…/assets/<file>`), and as an admin API; a dialect may have other paths besides. It can do all that a host can do, and what a plugin answers is that
   * plugin's: give its pages `plugin.fetch` instead, and never show an answer as a page of your own origin.
   * Headers go to the plugin as given here; the cookies of this page do not, and `X-Cloche-Claims` is the host's own.
   * @throws {TypeError} for what is not a request; OPTION_INVALID for bad `claims`; the reason of its signal, when it is aborted
   */
  fetch(input: RequestInfo | URL, init?: FetchInit): Promise<Response> {
    return this.#extensions.fetch(input, init);
  }

  /**
   * Tells plugins of an event: each enabled one that subscribes to exactly this name, all at the same time. Its handler
   * gets `{ event, payload }`, where `event`, `timestamp` and `webhook_id` are added to a payload that is an object.
   * @returns how each of them took it; those that failed kept nobody else from it
   * @throws {ClocheError} OPTION_INVALID for a payload that cannot be written as JSON
   */
  emit(event: string, payload?: unknown, options?: CallOptions): Promise<Delivery[]> {
    return this.#extensions.emit(event, payload, options);
  }

  /**
   * Calls a hook: an export of this name in each enabled plugin that has registered it, all at the same time.
   * @param call its name, or that with options
   * @param args of the types that the export has declared: numbers, bigints, texts, booleans, bytes, and lists and plain objects of these
   * @returns how each of them took it, in the order in which they were installed; one that failed keeps nobody's value back,
   * unless `strict` says so. What a guest gives as the error of a `result` is a value: `{ tag: 'err', val }`
   * @throws {ClocheError} OPTION_INVALID; with `strict` also the first failure, and EXPORT_MISSING where no plugin has the hook
   */
  hook(call: string | HookCall, ...args: unknown[]): Promise<HookOutcome[]> {
    return this.#extensions.hook(call, args);
  }

  /**
   * Begins a task: an export of this name in each enabled plugin that has registered it, one after the other.
   * @param input of the export: text, or what JSON can hold, which a component gets as text
   * @returns when it is stored that it is to run
   * @throws {ClocheError} EXPORT_MISSING where no plugin has it; OPTION_INVALID, BUSY, CLOSED, STORAGE_FAILED; FETCH_FAILED when the part
   * that runs tasks cannot be loaded
   */
  async task(name: string, input?: unknown, options?: TaskOptions): Promise<TaskHandle> {
    return (await this.tasks()).start(name, input, options);
  }

  /** Those of all pages of this storage, and what became of them. @throws {ClocheError} CLOSED, STORAGE_FAILED, FETCH_FAILED */
  tasks(): Promise<Tasks> {
    if (this.#closed) return Promise.reject(hostClosed());
    const load = () => loadChunk(() => import('../tasks/tasks.ts'));
    this.#tasks ??= load().then(({ Tasks }) => Tasks.open(this, this.#options.storage));
    this.#tasks.catch(() => {
      this.#tasks = undefined;
    });
    return this.#tasks;
  }

  /** Commands of enabled plugins: those of their manifests, and what they have defined since they were started. */
  get commands(): readonly PluginCommand[] {
    return this.#extensions.commands;
  }

  /**
   * Runs a command of a plugin, which is started for it where it sleeps.
   * @param name as `host.commands` has it, such as `harpoon.set`
   * @param args JSON values with spaces between them, such as `1 "two"`; those that the command declares are checked. @default none
   * @returns what the command gives, as text; of one that had to be started first and gives nothing by its manifest, the empty text
   * at once, unless `load` says otherwise
   * @throws {ClocheError} COMMAND_MISSING, ARGUMENTS_INVALID, and those of `plugin.call`
   */
  run(name: string, args?: string, options?: RunOptions): Promise<string> {
    return this.#extensions.run(name, args, options);
  }

  /** What enabled plugins add to an extension point, or to all: by group, order, label and plugin. */
  extensions(point?: string): readonly Extension[] {
    return this.#extensions.list(point);
  }

  /** Ends all plugins in this page and lets go of everything. What is installed stays installed. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#extensions[dispose]();
    await this.#usage?.[asyncDispose]();
    await (await this.#tasks?.catch(() => undefined))?.[asyncDispose]();
    await this.#set[asyncDispose]();
    await this.audit?.[asyncDispose]();
    await this.#pool[asyncDispose]();
    this.#log[dispose]();
    this.#registry[dispose]();
    this.#trust[dispose]?.();
  }

  /** As `close`, for `await using host = await createHost()`. */
  [asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @internal Workers at present; for tests of leaks. */
  population(): Promise<Population> {
    return this.#pool.population();
  }

  /** @internal Brings back what is installed. */
  async restore(): Promise<void> {
    await this.#trust.start?.();
    await this.#set.sync.restore();
    this.#extensions.refresh();
    for (const plugin of this.#set.plugins.values()) plugin.autoStart();
    if (!this.#options.usage) return;
    const { UsageLog } = await loadChunk(() => import('../usage/usage-log.ts'));
    this.#usage = new UsageLog(this, this.#options.storage);
  }

  /** @internal Another blocklist holds. */
  judge(): void {
    if (!this.#closed) this.#set.judge();
  }

  /** @internal A record cannot be read. */
  noteUnreadable(id: string, error: ClocheError): void {
    this.#set.sync.noteUnreadable(id, error);
  }

  #assertUsable(): void {
    if (this.#closed) throw hostClosed();
    if (this.disabled) throw new ClocheError('DISABLED', 'Plugins are switched off here as a whole');
  }
}
