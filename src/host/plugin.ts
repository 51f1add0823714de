// One plugin of a host: what an app calls, and what an admin sees and sets.

import type { ActName } from '../audit/act.ts';
import { ClocheError, messageOf } from '../errors.ts';
import type { PluginChange } from '../events.ts';
import type { ExtensionDialect } from '../extensions/context.ts';
import type { FetchInit } from '../extensions/host-fetch.ts';
import type { Limits } from '../limits.ts';
import type { Contributions } from '../manifest/contributions.ts';
import type { MissingImports } from '../manifest/missing-imports.ts';
import type { PageProtocol } from '../manifest/page-messages.ts';
import type { PluginManifest } from '../manifest/plugin-manifest.ts';
import { givenWipe, type ImportDataOptions } from '../options.ts';
import type { PluginRequest } from '../permissions/describe-requests.ts';
import type { Explanation, PermissionUse } from '../permissions/explain.ts';
import type { HistoryEntry } from '../registry/versions.ts';
import { currentChain } from '../runtime/calls/call-chain.ts';
import { type CallOptions, givenInputCall, type InputOptions } from '../runtime/calls/call-options.ts';
import type { PluginIsolation } from '../runtime/environment.ts';
import type { CallRequest, Runner } from '../runtime/runner.ts';
import { closed, ended } from '../runtime/runner-errors.ts';
import type { PluginStats } from '../runtime/runner-stats.ts';
import type { ExportFact, GuestCall, ImportFact, ModuleFacts, ResultOf, WireValue } from '../runtime/wire/protocol.ts';
import { describedSignature, type PluginSignature } from '../trust/trust.ts';
import { asyncDispose, dispose } from '../util/dispose.ts';
import { loadChunk } from '../util/load-chunk.ts';
import { Timer } from '../util/time/timer.ts';
import type { BackgroundInstances, StartedInstance } from './background/instances.ts';
import type { PluginConfiguration } from './config/plugin-configs.ts';
import type { PluginDatabases } from './databases/plugin-databases.ts';
import { takeInput } from './input.ts';
import type { PluginReview, PreviousReview } from './install/plugin-review.ts';
import { Output } from './output.ts';
import type { PluginContext } from './plugin-context.ts';
import { makeRunner } from './runner-factory.ts';
import { CurrentSettings } from './settings/current-settings.ts';
import type { PendingUpdate, PluginChanges } from './settings/effective-settings.ts';
import type { PluginSettings } from './settings/plugin-settings.ts';

/**
 * `asleep`: ready to be called, without a worker. `loading`: its worker is on its way. `failed`: its last start failed, as
 * `plugin.stats.startError` says; the next call tries again. `quarantined`: killed too often, waits for `enable()`. `blocked`: the app has no
 * place for it, or has blocked it, as `plugin.blocked` says; what it has stored stays.
 */
export type PluginState = 'running' | 'asleep' | 'loading' | 'failed' | 'off' | 'quarantined' | 'blocked' | 'closed';

const INACTIVE: ReadonlySet<PluginState> = new Set(['off', 'quarantined', 'blocked', 'closed']);

const dataFiles = () => loadChunk(() => import('./storage/data-transfer.ts'));

/** How often listeners hear that it was called, in ms. */
const FRAME_MS = 16;

export class Plugin implements AsyncDisposable {
  readonly #context: PluginContext;
  readonly #runner: Runner;
  /** @internal What it is and may do now. */
  readonly current: CurrentSettings;
  #called: Timer | undefined;
  #background: BackgroundInstances | undefined;

  /** @internal Plugins come from `host.install`, `host.open` and `host.get`. */
  constructor(context: PluginContext, manifest: PluginManifest, settings: PluginSettings) {
    this.#context = context;
    this.current = new CurrentSettings(context, () => this.#runner, manifest, settings);
    this.#runner = makeRunner(context, this.current, settings.quarantined);
  }

  get id(): string {
    return this.current.manifest.id;
  }

  /** Whom its stored data belongs to: the same for as long as it is installed, and another for the next of its id. */
  get installation(): string {
    return this.current.settings.installation;
  }

  get manifest(): PluginManifest {
    return this.current.manifest;
  }

  /** What it contributes: by its manifest, and what it has added since its worker started. */
  get contributed(): Contributions {
    return this.#context.live.with(this.id, this.manifest);
  }

  /** @internal What extensions know of its dialect. */
  get dialect(): ExtensionDialect {
    return this.current.linkedDialect.dialect;
  }

  get state(): PluginState {
    if (this.#closed) return 'closed';
    if (this.#context.disabled) return 'off';
    if (this.blocked) return 'blocked';
    if (this.refusal) return 'off';
    if (this.#runner.quarantined) return 'quarantined';
    if (this.#runner.loads) return 'loading';
    if (this.#runner.live) return 'running';
    return this.#runner.stats.startFailed ? 'failed' : 'asleep';
  }

  /** Whether somebody has switched it on, also while all plugins are off. */
  get enabled(): boolean {
    return this.current.settings.enabled;
  }

  /** Whether it can be called: it is neither off, nor quarantined, nor closed. */
  get active(): boolean {
    return !INACTIVE.has(this.state);
  }

  /** Why the app has it not run, whoever switches it on: NOT_ALLOWED or BLOCKED. */
  get blocked(): ClocheError | undefined {
    return this.current.blocked;
  }

  /** When it was first installed, in ms since 1970; undefined for one that is only open. */
  get installedAt(): number | undefined {
    return this.current.settings.installedAt;
  }

  /** How its package was signed when it was installed, by the publishers that the host trusts now. */
  get signature(): PluginSignature {
    return describedSignature(this.current.settings.signature, this.#context.publishers);
  }

  /** The lowest of what the host, the manifest and the user set. */
  get limits(): Readonly<Limits> {
    return this.current.effective.limits;
  }

  /** What its guest reads: the manifest's config with what the user has set, and a handle for each secret. */
  get config(): ReadonlyMap<string, string> {
    return this.current.effective.config;
  }

  /**
   * Where it lives, as it was installed: `auto` is where its host says, `own-process` is `process` with `requireOwnProcess`.
   * What `host.environment` says is of those that are `auto`.
   */
  get isolation(): PluginIsolation {
    return this.current.settings.isolation;
  }

  /** What becomes of it, and of its updates, where they import a function that nobody provides: as it was installed. */
  get missing(): MissingImports {
    return this.current.settings.missing;
  }

  /** The functions that stubs stand for; known once its modules were read. None unless `missing` is `'stub'`. */
  get stubs(): readonly ImportFact[] {
    return this.current.effective.stubs?.imports ?? [];
  }

  /** What it may use, by capability; undefined for all of it. Known once its modules were read. */
  get grants(): ReadonlyMap<string, unknown> {
    return this.current.effective.grants;
  }

  get stats(): PluginStats {
    const { stats } = this.#runner;
    return { ...stats, startError: this.#context.configs.redact(this.id, stats.startError) };
  }

  /**
   * Runs an export with an input of text, bytes or anything that JSON can hold. A file, a blob and a response give their
   * bytes, which are read before the call takes its turn and within `exchangeBytes`.
   * Calls of one plugin run one after the other. After a kill, a trap or a sleep the next call finds a fresh
   * instance: the guest's memory is as at its start.
   * @throws {ClocheError} among others OPTION_INVALID for an input of any other type, TIMEOUT, TRAP, PLUGIN_ERROR, EXPORT_MISSING, ABORTED, REVOKED, BUSY
   */
  async call(name: string, input?: unknown, given?: InputOptions): Promise<Output> {
    this.#assertUsable();
    const { transfer = false, ...options } = givenInputCall('call', given);
    const chain = currentChain();
    const taken = takeInput(input, {
      transfer,
      maxBytes: this.limits.exchangeBytes,
      copy: (bytes) => this.#runner.copyOf(bytes),
      signal: options.signal,
    });
    const bytes = taken instanceof Uint8Array ? taken : await taken;
    // Reading takes a while.
    this.#assertUsable();
    const { output } = await this.#run({ export: name, input: bytes }, { ...options, chain });
    return new Output(output, this.id);
  }

  /**
   * @internal As `call`, for exports that take arguments and give results, where the plugin's ABI has them. Text is UTF-8.
   * @param options checked
   */
  async callWith(name: string, args: readonly WireValue[], options: CallOptions = {}): Promise<readonly WireValue[]> {
    this.#assertUsable();
    return (await this.#run({ export: name, args }, options)).values;
  }

  /** @internal One more instance of its guest, in a worker of its own. @throws {ClocheError} QUOTA_EXCEEDED, FETCH_FAILED, ABORTED */
  async startBackground(args: string, signal: AbortSignal): Promise<StartedInstance> {
    const { BackgroundInstances } = await loadChunk(() => import('./background/instances.ts'));
    this.#assertUsable();
    // An update may have ended whoever asked: its successor has not.
    if (signal.aborted) throw new ClocheError('ABORTED', 'What asked for it has ended', { plugin: this.id });
    this.#background ??= new BackgroundInstances(this.#runner);
    return this.#background.start(args);
  }

  /** What the main module exports; reads the modules if that was not done yet. */
  async exports(): Promise<readonly ExportFact[]> {
    return (await this.inspect()).find(({ name }) => name === 'main')?.exports ?? [];
  }

  /**
   * A file that its pages may load, a copy; undefined where it has none of that path.
   * @throws {ClocheError} STORAGE_FAILED, CLOSED
   */
  async asset(path: string): Promise<Uint8Array | undefined> {
    this.#assertOpen();
    const entry = this.manifest.assets.find((asset) => asset.path === path);
    return entry && this.#context.asset(entry);
  }

  /**
   * What its own pages may fetch: below `/api/plugins/<id>/`, its assets and what its routes answer. For anything else
   * the answer is 404, and no request leaves the page. What pages ask for beside themselves, as in `fetch('./status')`,
   * is the route `/status` where no asset has that name.
   * @throws {TypeError} for what is not a request; OPTION_INVALID for bad `claims`; the reason of its signal, when it is aborted
   */
  async fetch(input: RequestInfo | URL, init?: FetchInit): Promise<Response> {
    const { fetchFromPlugin } = await loadChunk(() => import('../extensions/host-fetch.ts'));
    return fetchFromPlugin(this, this.#context.say, input, init);
  }

  /**
   * The words of its pages; undefined where they have none.
   * @throws {ClocheError} FETCH_FAILED when the part that knows them cannot be loaded
   */
  async pageProtocol(): Promise<PageProtocol | undefined> {
    return this.current.linkedDialect.dialect.page?.();
  }

  /** What of its grant only a server can do, while none is configured: a sentence by capability. */
  get needsServer(): ReadonlyMap<string, string> {
    return this.current.effective.needsServer;
  }

  /** What all modules import, from the host or from one another. */
  async imports(): Promise<readonly ImportFact[]> {
    return (await this.inspect()).flatMap(({ imports }) => imports);
  }

  /** Reads and compiles the modules without running anything of them. */
  inspect(signal?: AbortSignal): Promise<readonly ModuleFacts[]> {
    if (this.#closed) return Promise.reject(closed(this.id));
    // Nothing runs of a plugin that is only looked at, but a worker would.
    if (this.#context.disabled) return Promise.reject(this.refusal);
    return this.#runner.inspect(signal);
  }

  /** Starts it now rather than at its first call. */
  async start(signal?: AbortSignal): Promise<void> {
    this.#assertUsable();
    try {
      await this.#runner.start(signal);
    } catch (thrown) {
      throw this.#redacted(thrown);
    }
  }

  /**
   * What it asks for, in plain sentences, riskiest first; and what of it is granted. Never throws: what cannot be read has
   * the status `unreadable`.
   */
  requests(): PluginRequest[] {
    return this.current.effective.requests;
  }

  /**
   * Why it may do something now, or may not: which entry of its grant or of the policy says so, and what would allow it.
   * @example await plugin.explain({ capability: 'http', url: 'https://api.example.com/v1', method: 'POST' })
   * @throws {ClocheError} OPTION_INVALID for a use that lacks the words of its capability; HTTP_FAILED for a bad URL
   */
  async explain(use: PermissionUse): Promise<Explanation> {
    const { explain } = await loadChunk(() => import('../permissions/explain.ts'));
    const { capabilities, policy } = this.#context;
    return explain(use, { capabilities, policy, grants: this.grants });
  }

  /** An update that asks for more than it was granted, and waits for `accept` or `dismiss`; the same in every tab. */
  get pending(): PendingUpdate | undefined {
    return this.current.effective.pending;
  }

  /**
   * What the update that waits would change, for whoever is to say yes: `sha256` is what `accept` takes. Undefined where none waits.
   * @throws {ClocheError} CLOSED; FETCH_FAILED when the part that compares versions cannot be loaded
   */
  async review(): Promise<PluginReview | undefined> {
    this.#assertOpen();
    return (await this.#context.versions()).review();
  }

  /**
   * Says yes to the update that waits, and to what it asks for: it takes the plugin's place, with its data and settings.
   * @param sha256 of the update that was shown, from `pending`
   * @throws {ClocheError} UPDATE_CHANGED where another one waits by now, or none; START_FAILED and others of
   * `host.install`, and then the plugin runs on as it was, and the update waits on
   */
  async accept(sha256: string): Promise<void> {
    this.#assertOpen();
    await this.#act('accept', async () => (await this.#context.versions()).accept(sha256), { sha256 });
  }

  /**
   * Drops the update that waits, if one does.
   * @throws {ClocheError} UPDATE_CHANGED where another tab has put another in its place; STORAGE_FAILED, CLOSED
   */
  async dismiss(): Promise<void> {
    this.#assertOpen();
    if (!this.current.settings.pending) return;
    await this.#act('dismiss', async () => (await this.#context.versions()).dismiss());
  }

  /**
   * The version that an update has replaced, and what going back to it would change. Undefined where none is kept: one is, with
   * the grants and the config that it had, within 32 MiB beside the files that both have, and as far as storage has room.
   * @throws {ClocheError} STORAGE_FAILED where it is kept and cannot be read; SIGNER_CHANGED where it is not of the signer whose the
   * data is now; FETCH_FAILED, CLOSED
   */
  async previous(): Promise<PreviousReview | undefined> {
    this.#assertOpen();
    return (await this.#context.versions()).previous();
  }

  /**
   * Goes back to the version before, with the grants and the config that it had: also to what was revoked since, so show
   * `previous()` first. The version that it replaces is kept in its place. What is stored as data stays, as the newer one has left it;
   * an update that waits is dropped.
   * @param sha256 of the version that was shown, from `previous()`. @default whichever is kept
   * @throws {ClocheError} ROLLBACK_UNAVAILABLE where none is kept, or another; STORAGE_FAILED, SIGNER_CHANGED, START_FAILED and others of
   * `host.install`: the plugin runs on as it was then
   */
  async rollback(sha256?: string): Promise<void> {
    this.#assertOpen();
    await this.#act('rollback', async () => (await this.#context.versions()).rollBack(sha256), { sha256 });
  }

  /**
   * What became of it, oldest first: the last 100 entries. Of a plugin that is only open, none.
   * @throws {ClocheError} STORAGE_FAILED where it cannot be read; FETCH_FAILED, CLOSED
   */
  async history(): Promise<readonly HistoryEntry[]> {
    this.#assertOpen();
    return (await this.#context.versions()).history();
  }

  /**
   * Changes its settings; they hold from its next start, which the next call makes.
   * @throws {ClocheError} OPTION_INVALID, CONFIG_INVALID, STORAGE_FAILED, CLOSED; nothing is changed then
   */
  async configure(changes: PluginChanges): Promise<void> {
    const change = this.current.configuring(changes);
    await this.#act('configure', () => this.#made(change), change.given);
  }

  /**
   * Changes what it was granted, and leaves all else of that as it is, answers to questions too: by capability, as in a grant of
   * `{ '+': changes }`. `needs` of a denied host call, with a `+` before each name, allows exactly that call.
   * @example await plugin.amend({ mail: false, '+http': { '+allow': ['https://api.example.com'] } })
   * @throws {ClocheError} OPTION_INVALID, GRANT_FIXED, FORBIDDEN, STORAGE_FAILED, CLOSED; nothing is changed then
   */
  async amend(changes: Readonly<Record<string, unknown>>): Promise<void> {
    const change = await this.current.amending(changes);
    await this.#act('configure', () => this.#made(change), change.given);
  }

  /**
   * How it is configured, what may be configured, and what of it does not fit: for a form. Secrets are not in it.
   * @throws {ClocheError} CONFIG_INVALID for a schema that nothing can be checked by; STORAGE_FAILED, FETCH_FAILED
   */
  async configuration(): Promise<PluginConfiguration> {
    return (await this.#context.configs.load()).describe(this.current);
  }

  /** Switches it on again, and lifts a quarantine. @throws {ClocheError} STORAGE_FAILED, CLOSED */
  async enable(): Promise<void> {
    await this.#act('enable', async () => {
      await this.current.save(() => ({ enabled: true, quarantined: false }));
      this.#runner.forgive();
      this.#tell('state');
    });
  }

  /** Switches it off: its worker ends, calls are refused with DISABLED. @throws {ClocheError} STORAGE_FAILED, CLOSED */
  async disable(): Promise<void> {
    await this.#act('disable', async () => {
      await this.current.save(() => ({ enabled: false }));
      this.#restartLater('it was switched off');
      this.#tell('state');
    });
  }

  /** Ends the worker: guest memory and vars start anew at the next call. */
  async reset(): Promise<void> {
    this.#assertOpen();
    this.#restartLater('it was reset');
  }

  /** As `reset`, and starts it again at once; with the state that its guest saves, where its system has that. */
  async reload(): Promise<void> {
    this.#assertOpen();
    if (!(await this.saveState())) this.#restartLater('it was reset');
    await this.start();
  }

  /**
   * What it keeps in `kv` and in files, as one file, see docs/plugin-data.md: neither its config nor its grants are in it, nor what capabilities
   * of the app keep.
   * @throws {ClocheError} STORAGE_FAILED; OPTION_INVALID where the host offers no `kv`; FETCH_FAILED, CLOSED
   */
  async exportData(): Promise<Blob> {
    this.#assertOpen();
    return this.#act('exportData', async () => (await dataFiles()).exportData(this, this.#context));
  }

  /**
   * Puts what a file of `exportData` holds in the place of all that it keeps. Calls that run are ended, in this page: they
   * know of other data.
   * @throws {ClocheError} DATA_INVALID for anything but a whole file of this plugin's; QUOTA_EXCEEDED where it may not keep as much;
   * OPTION_INVALID, STORAGE_FAILED, FETCH_FAILED, CLOSED. What it keeps is as it was then
   */
  async importData(file: Blob | ArrayBuffer | Uint8Array, options?: ImportDataOptions): Promise<void> {
    this.#assertOpen();
    const replaced = (): void => this.#restartLater('other data was put in the place of its own');
    const work = async () => (await dataFiles()).importData(this, this.#context, file, options, replaced);
    await this.#act('importData', work, options);
  }

  /**
   * What it has in SQL databases, for a person to look at; undefined where the host offers none. Nothing is opened or loaded yet.
   * @throws {ClocheError} FETCH_FAILED, CLOSED
   */
  async databases(): Promise<PluginDatabases | undefined> {
    this.#assertOpen();
    if (!this.#context.capabilities.some(({ services }) => services?.databasesView)) return undefined;
    const { databasesOf } = await loadChunk(() => import('./databases/plugin-databases.ts'));
    return databasesOf(this, this.#context);
  }

  /**
   * Removes it. Its stored data is left, unless `wipe` says otherwise: `host.orphans()` lists it, and only an installation
   * with `data: 'keep'` finds it again.
   * @throws {ClocheError} STORAGE_FAILED; where that comes of wiping, the plugin is gone and `host.orphans()` has its data
   */
  async uninstall(options?: { wipe?: boolean }): Promise<void> {
    this.#assertOpen();
    const wipe = givenWipe('uninstall', options);
    await this.#act('uninstall', () => this.#context.uninstall(wipe), { wipe });
  }

  /** Ends it in this page; what is installed stays installed. Whatever is under way rejects with CLOSED. */
  async close(): Promise<void> {
    if (!this.#closed) {
      this.#called?.[dispose]();
      this.#runner[dispose]();
      this.#context.closed();
    }
    // Whoever deletes what it has stored does so after its last write.
    await this.#runner.settled;
  }

  /** As `close`, for `await using`. */
  [asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Why it may not run now; undefined where it may, and where only a quarantine keeps it. */
  get refusal(): ClocheError | undefined {
    return this.current.refusal;
  }

  /** @internal Another blocklist holds: what runs of it may have to end. */
  judge(): void {
    const { blocked } = this;
    if (blocked) this.#runner.stop(blocked);
    this.#tell('state');
  }

  /** @internal What is stored of it besides its manifest. */
  get settings(): PluginSettings {
    return { ...this.current.settings, quarantined: this.#runner.quarantined };
  }

  /** @internal Somebody has decided on all that it may do, here or in another tab: what was answered until then does not count. */
  forgetAnswers(): void {
    if (!this.current.forgetAnswers()) return;
    this.#restartLater('what it was allowed for this session was taken back', true);
    this.#tell('settings');
  }

  /** @internal Adds a line to its log: what its pages were kept from. */
  warn(text: string): void {
    this.#context.say(this.id, 'warn', text);
  }

  /** @internal Takes over what another tab, or a new version, has stored. */
  adopt(manifest: PluginManifest, settings: PluginSettings): void {
    const { quarantined } = settings;
    const revoked = this.current.adopt(manifest, settings);
    // Its modules may be others now.
    this.#runner.forgetFacts();
    const reason = ended(this.id, 'it was changed in another tab or by an update', revoked);
    if (!quarantined && this.#runner.quarantined) this.#runner.forgive();
    if (quarantined) this.#runner.quarantine(reason);
    else this.#runner.stop(reason, true);
  }

  /** @internal Starts it with its host, where its manifest asks for that. */
  autoStart(): void {
    if (!this.manifest.autoStart || !this.active) return;
    this.start().catch((thrown: unknown) => this.#context.say(this.id, 'error', messageOf(thrown)));
  }

  /** @internal Puts it to sleep with its state. @returns false where its system knows of none: then it runs on */
  async saveState(): Promise<boolean> {
    if (!this.current.linkedDialect.code.guest(this.manifest, this.grants).sleep) return false;
    await this.#runner.sleep();
    return true;
  }

  async #run<C extends GuestCall>(call: C, request: CallRequest): Promise<ResultOf<C>> {
    try {
      return await this.#runner.call(call, request);
    } catch (thrown) {
      throw this.#redacted(thrown);
    } finally {
      this.#background?.makeRoom(this.limits.memoryBytes);
      this.#tellCalled();
    }
  }

  #act<T>(name: ActName, work: () => Promise<T>, given?: object): Promise<T> {
    return this.#context.perform({ name, plugin: this.id, given }, work);
  }

  async #made(change: { make(): Promise<boolean> }): Promise<void> {
    this.#restartLater('its settings were changed', await change.make());
    this.#tell('settings');
  }

  /** What went wrong may be told in the plugin's own words. */
  #redacted(thrown: unknown): unknown {
    return this.#context.configs.redact(this.id, thrown);
  }

  #restartLater(why: string, revoked = false): void {
    this.#runner.stop(ended(this.id, why, revoked));
  }

  get #closed(): boolean {
    return this.#runner.state === 'closed';
  }

  #assertOpen(): void {
    if (this.#closed) throw closed(this.id);
  }

  #assertUsable(): void {
    this.#assertOpen();
    if (this.refusal) throw this.refusal;
  }

  /** Once for all calls of a frame. */
  #tellCalled(): void {
    this.#called ??= new Timer(FRAME_MS, () => {
      this.#called = undefined;
      this.#tell('called');
    });
  }

  #tell(change: PluginChange): void {
    this.#context.changed(change);
  }
}
