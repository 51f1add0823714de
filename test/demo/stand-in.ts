// A host in memory with plugins that are functions, so that tests of the page's elements need no worker.

import type {
  AskedPermission,
  HostLike,
  PluginLike,
  PluginSource,
  PluginStats,
  Settings,
} from '../../demo/playground/host-like.ts';
import { ClocheError } from '../../src/errors.ts';
import {
  HostCallEvent,
  type HostCallRecord,
  type HostEventMap,
  LogEvent,
  type LogRecord,
  PluginChangeEvent,
} from '../../src/events.ts';
import { DEFAULT_LIMITS, type Limits } from '../../src/limits.ts';
import type { Contribution, Route } from '../../src/manifest/contributions.ts';
import type { PluginManifest } from '../../src/manifest/plugin-manifest.ts';
import type { InstallOptions } from '../../src/options.ts';
import type { CallOptions } from '../../src/runtime/calls/call-options.ts';
import type { ExportFact, ImportFact } from '../../src/runtime/wire/protocol.ts';

export interface Script {
  readonly id: string;
  readonly name?: string;
  readonly description?: string;
  readonly limits?: Partial<Limits>;
  readonly config?: Record<string, string>;
  readonly asks?: readonly Pick<AskedPermission, 'capability' | 'sentences' | 'reason'>[];
  readonly imports?: readonly ImportFact[];
  readonly suggested?: { readonly export: string; readonly input: string };
  readonly routes?: readonly Route[];
  readonly contributions?: readonly Contribution[];
  /** Its pages, by path. */
  readonly assets?: Readonly<Record<string, string>>;
  /** Answers its routes. */
  readonly answer?: (request: Request) => Promise<Response> | Response;
  readonly needsServer?: Readonly<Record<string, string>>;
  /** Exports that can be called. They act on the plugin through {@link StandInCall}. */
  readonly exports: Record<string, (call: StandInCall) => Promise<string | Uint8Array> | string | Uint8Array>;
}

export interface StandInCall {
  readonly input: string | Uint8Array;
  readonly signal: AbortSignal;
  readonly plugin: StandInPlugin;
  log(level: LogRecord['level'], text: string): void;
  hostCall(record: Partial<HostCallRecord>): void;
}

export class StandInPlugin implements PluginLike {
  state: PluginLike['state'] = 'running';
  limits: Limits;
  config: ReadonlyMap<string, string>;
  grants: ReadonlyMap<string, unknown> = new Map();
  readonly needsServer: ReadonlyMap<string, string>;
  /** How it was uninstalled; undefined as long as it is not. */
  removal: { readonly wipe?: boolean } | undefined;
  stats: PluginStats = {
    calls: 0,
    failures: 0,
    kills: 0,
    startMs: 2.8,
    lastCall: undefined,
    use: { memoryBytes: 131_072, exchangeBytes: 65_536, varBytes: 0 },
  };
  readonly manifest: PluginManifest;
  pending: PluginLike['pending'];
  /** Hash of the update that was accepted. */
  accepted: string | undefined;
  readonly #host: StandInHost;
  readonly #script: Script;
  #granted: boolean;

  constructor(host: StandInHost, script: Script, options: InstallOptions) {
    this.#host = host;
    this.#script = script;
    this.#granted = options.grant !== 'none';
    this.limits = { ...DEFAULT_LIMITS, ...script.limits };
    this.config = new Map(Object.entries(script.config ?? {}));
    this.manifest = { ...manifestOf(script), id: options.id ?? script.id };
    this.needsServer = new Map(Object.entries(script.needsServer ?? {}));
  }

  get id(): string {
    return this.manifest.id;
  }

  async accept(sha256: string): Promise<void> {
    this.accepted = sha256;
    await this.dismiss();
  }

  async dismiss(): Promise<void> {
    this.pending = undefined;
    this.changed();
  }

  async exports(): Promise<readonly ExportFact[]> {
    const callable = Object.keys(this.#script.exports).map((name) => ({
      name,
      kind: 'function' as const,
      type: '() -> i32',
      callable: true,
    }));
    return [...callable, { name: 'memory', kind: 'memory', type: '2 pages', callable: false }];
  }

  async imports(): Promise<readonly ImportFact[]> {
    return this.#script.imports ?? [];
  }

  async start(): Promise<void> {
    await new Promise((started) => setTimeout(started, 3));
    this.state = 'running';
  }

  requests(): readonly AskedPermission[] {
    return (this.#script.asks ?? []).map((asked) => ({
      ...asked,
      status: 'granted',
      granted: this.#granted,
      given: this.#granted ? asked.sentences : [],
      missing: this.#granted ? [] : asked.sentences,
    }));
  }

  async call(name: string, input: string | Uint8Array, options: CallOptions = {}) {
    const began = performance.now();
    const failed = this.stats.failures;
    this.stats = { ...this.stats, calls: this.stats.calls + 1, failures: failed + 1 };
    const result = await this.#script.exports[name]?.({
      input,
      signal: options.signal ?? new AbortController().signal,
      plugin: this,
      log: (level, text) => this.#host.log({ plugin: this.id, time: Date.now(), level, source: 'plugin', text }),
      hostCall: (record) => this.#host.hostCall({ ...HOST_CALL, plugin: this.id, ...record }),
    });
    const output = typeof result === 'string' ? new TextEncoder().encode(result) : (result ?? new Uint8Array());
    const lastCall = {
      exportName: name,
      durationMs: performance.now() - began,
      hostCallMs: 0.4,
      inputBytes: input.length,
      outputBytes: output.length,
    };
    this.stats = { ...this.stats, failures: failed, lastCall };
    this.changed();
    return { bytes: () => output };
  }

  async configuration(): ReturnType<PluginLike['configuration']> {
    return { schema: undefined, values: Object.fromEntries(this.config), secrets: {}, problems: [] };
  }

  async configure(settings: Settings): Promise<void> {
    if (settings.config) this.config = new Map(Object.entries(settings.config));
    if (settings.limits) this.limits = { ...this.limits, ...settings.limits };
    if (settings.grant) this.#granted = settings.grant !== 'none';
    this.changed();
  }

  async enable(): Promise<void> {
    this.state = 'asleep';
    this.changed();
  }

  async disable(): Promise<void> {
    this.state = 'off';
    this.changed();
  }

  async reset(): Promise<void> {
    this.state = 'asleep';
    this.changed();
  }

  async pageProtocol(): Promise<undefined> {
    return undefined;
  }

  async asset(path: string): Promise<Uint8Array | undefined> {
    const text = this.#script.assets?.[path];
    return text === undefined ? undefined : new TextEncoder().encode(text);
  }

  async fetch(input: Request | URL, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    return this.#script.answer?.(request) ?? new Response('Route not found', { status: 404 });
  }

  async uninstall(options: { wipe?: boolean } = {}): Promise<void> {
    this.removal = options;
    this.#host.remove(this.id);
  }

  changed(): void {
    this.#host.dispatchEvent(new PluginChangeEvent(this.id, 'state'));
  }
}

const HOST_CALL: HostCallRecord = {
  plugin: '',
  time: 0,
  capability: 'kv',
  name: 'kv_read',
  durationMs: 0.4,
  requestBytes: 5,
  answerBytes: 40,
  outcome: 'ok',
  needs: undefined,
};

export class StandInHost extends EventTarget implements HostLike {
  environment: HostLike['environment'] = {
    hostCalls: 'jspi',
    isolation: 'opaque-origin',
    reason: 'A stand-in',
    storage: 'durable',
    storageReason: 'It is kept',
  };
  readonly limits = DEFAULT_LIMITS;
  readonly audit = undefined;
  readonly capabilities = [];
  readonly disabled = false;
  readonly #scripts: readonly Script[];
  readonly #plugins = new Map<string, StandInPlugin>();
  readonly #logs: LogRecord[] = [];

  constructor(scripts: readonly Script[]) {
    super();
    this.#scripts = scripts;
  }

  override addEventListener<K extends keyof HostEventMap>(type: K, listener: (event: HostEventMap[K]) => void): void;
  override addEventListener(type: string, listener: EventListenerOrEventListenerObject | null): void;
  override addEventListener(type: string, listener: unknown): void {
    super.addEventListener(type, listener as EventListener);
  }

  may(): boolean {
    return true;
  }

  unreadable: HostLike['unreadable'] = [];
  readonly commands: HostLike['commands'] = [];
  /** The options of each installation. */
  readonly installed: InstallOptions[] = [];

  async run(): Promise<string> {
    return '';
  }

  async removeUnreadable(id: string): Promise<void> {
    this.unreadable = this.unreadable.filter((broken) => broken.id !== id);
  }

  get plugins(): readonly StandInPlugin[] {
    return [...this.#plugins.values()];
  }

  get(id: string): StandInPlugin | undefined {
    return this.#plugins.get(id);
  }

  extensions(point: string) {
    return this.plugins.flatMap(({ id, manifest }) =>
      manifest.contributions
        .filter((contribution) => contribution.point === point)
        .map((contribution) => ({ ...contribution, plugin: id, pluginName: manifest.name })),
    );
  }

  /** Installs the script whose id the manifest or the file name gives. */
  async install(source: PluginSource, options: InstallOptions = {}): Promise<StandInPlugin> {
    const id = idOf(source);
    const script = this.#scripts.find((one) => one.id === id);
    if (!script) throw new ClocheError('MODULE_REJECTED', `Expected a WebAssembly module, got \`${id}\``);
    const plugin = new StandInPlugin(this, script, options);
    if (this.#plugins.has(plugin.id) && !options.replace) {
      throw new ClocheError('ALREADY_INSTALLED', `A plugin "${plugin.id}" is there already`, { plugin: plugin.id });
    }
    this.installed.push(options);
    this.#plugins.set(plugin.id, plugin);
    this.dispatchEvent(new PluginChangeEvent(plugin.id, 'installed'));
    return plugin;
  }

  remove(id: string): void {
    this.#plugins.delete(id);
    this.dispatchEvent(new PluginChangeEvent(id, 'uninstalled'));
  }

  logs(pluginId?: string): readonly LogRecord[] {
    return this.#logs.filter((record) => record.plugin === pluginId);
  }

  log(record: LogRecord): void {
    this.#logs.push(record);
    this.dispatchEvent(new LogEvent(record));
  }

  hostCall(record: HostCallRecord): void {
    this.dispatchEvent(new HostCallEvent(record));
  }
}

function idOf(source: PluginSource): string {
  if (source instanceof File) return source.name.replace(/\.\w+$/, '');
  return source instanceof URL ? source.href : (source.manifest as { id: string }).id;
}

function manifestOf(script: Script): PluginManifest {
  return {
    id: script.id,
    name: script.name ?? script.id,
    version: '1.0.0',
    description: script.description ?? '',
    author: '',
    homepage: undefined,
    dialect: 'cloche',
    modules: [{ name: 'main', sha256: 'ab'.repeat(32), size: 5_812 }],
    config: new Map(Object.entries(script.config ?? {})),
    permissions: [],
    limits: {},
    instance: 'persistent',
    contributions: script.contributions ?? [],
    routes: script.routes ?? [],
    subscriptions: [],
    schedules: [],
    handlers: [],
    commands: [],
    assets: Object.entries(script.assets ?? {}).map(([path, { length }]) => ({ path, sha256: '', size: length })),
    defaultCall: script.suggested,
  };
}
