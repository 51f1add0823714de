// What extensions need of a host, its plugins and their dialects, and nothing more of them.

import type { Claims } from '../manifest/claims.ts';
import type { Command, Contribution, Contributions, Schedule, Subscription } from '../manifest/contributions.ts';
import type { PluginManifest } from '../manifest/plugin-manifest.ts';
import type { PluginSource } from '../package/package-source.ts';
import type { CallOptions } from '../runtime/calls/call-options.ts';
import type { LogLevel, WireValue } from '../runtime/wire/protocol.ts';
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

/** A command of an enabled plugin, whether that is loaded or not. */
export interface PluginCommand extends Pick<Command, 'description' | 'params' | 'returnType'> {
  /** What `host.run` takes: the plugin's id, a dot, and its own name. */
  readonly name: string;
  /** Id of the plugin. */
  readonly plugin: string;
}

export interface ExtensionPlugin {
  readonly id: string;
  readonly manifest: PluginManifest;
  /** What it contributes now: by its manifest, and what it has added since its worker started. */
  readonly contributed: Contributions;
  /** What extensions know of the system whose plugin it is. */
  readonly dialect: ExtensionDialect;
  /** It may be called: neither off, nor quarantined, nor closed. */
  readonly active: boolean;
  /** `asleep` is one that has to be started first. */
  readonly state: string;
  /** Milliseconds since 1970; undefined for one that is only open. */
  readonly installedAt: number | undefined;
  call(name: string, input?: unknown, options?: CallOptions): Promise<{ bytes(): Uint8Array; json(): unknown }>;
  /** For exports that take arguments, as other ABIs have them; text is UTF-8. */
  callWith(name: string, args: readonly WireValue[], options?: CallOptions): Promise<readonly WireValue[]>;
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

/** Which plugin runs it, under which id, and what host functions find as `context`. */
export interface BegunTask {
  readonly id: string;
  readonly plugin: string;
  readonly context?: unknown;
}

export interface ManagedHost {
  readonly disabled: boolean;
  /** Whether other tabs have the installed plugins too. */
  readonly durable: boolean;
  readonly plugins: readonly ManagedPlugin[];
  get(id: string): ManagedPlugin | undefined;
  /** Begins a task of one plugin; see `host.task`. */
  task(name: string, input: string, options: BegunTask): Promise<unknown>;
  /** An update with its data where the id is taken. */
  install(
    source: PluginSource,
    options: { readonly replace: true; readonly data: 'keep'; readonly signal: AbortSignal },
  ): Promise<unknown>;
}

/** Writes a line of the host's own to a plugin's log. */
export type LogWriter = (plugin: string, level: LogLevel, text: string) => void;

/** What a handler is called with: an input, of anything that JSON can hold, or arguments. */
export type HandlerInput = { readonly input: unknown } | { readonly args: readonly WireValue[] };

/** @param drop told of each header that a Response cannot carry; it is left out. @throws for what is not an answer */
type RouteAnswer<T> = (result: T, drop: (why: string) => void) => Promise<Response>;

/** What an export is called with for a request, and what that which it gives means. */
export type RouteCall =
  | { readonly export: string; readonly input: string | Uint8Array; readonly answer: RouteAnswer<Uint8Array> }
  | {
      readonly export: string;
      readonly args: readonly WireValue[];
      readonly answer: RouteAnswer<readonly WireValue[]>;
    };

export interface HttpForm {
  /**
   * A request to one of a plugin's routes.
   * @param path below the plugin's name, decoded: begins with `/`. @throws what reading the body throws
   */
  route(request: Request, plugin: ExtensionPlugin, path: string): Promise<RouteCall>;
  /** What a plugin's own page may fetch: nothing of another plugin or of the host. */
  page(asked: PageRequest): Promise<Response>;
  /** What the app asks of its host, in the dialect's own paths. It may do all that a host can do. @default 404 */
  site?(asked: SiteRequest): Promise<Response>;
}

interface AskedRequest {
  readonly request: Request;
  /** Whom it is made for, by the word of the app. */
  readonly claims: Claims | undefined;
  readonly say: LogWriter;
}

export interface PageRequest extends AskedRequest {
  readonly plugin: ExtensionPlugin;
}

export interface SiteRequest extends AskedRequest {
  readonly host: ManagedHost;
  /** The body, where the app gave one: WebKit cannot read it back from a request when there are files in it. */
  readonly form: FormData | undefined;
}

/** What handlers are called with. */
export interface HandlerForm {
  /** @param payload what the app gave, a copy; undefined for none. @param at when it happened, ISO 8601 */
  event(event: string, payload: unknown, to: { plugin: string; subscription: Subscription; at: string }): HandlerInput;
  /** @param at when it is run, ISO 8601 */
  schedule(schedule: Schedule, to: { plugin: string; at: string }): HandlerInput;
  /** Whether an event is one that a subscription is to. @default it is named there, letter for letter */
  hears?(subscription: Subscription, event: string): boolean;
  /** @param args JSON values, with spaces between them. @default they are the input */
  command?(command: Command, args: string): HandlerInput;
  /** What a command gives that trapped; then only the log says so. @default the call fails */
  readonly trapped?: string;
}

/** What hooks take and give. */
export interface HookForm {
  /** @throws {TypeError} for what no export takes */
  args(values: readonly unknown[]): readonly WireValue[];
  result(values: readonly WireValue[]): unknown;
}

/** What extensions know of the dialect of a plugin. */
export interface ExtensionDialect {
  readonly http?: {
    /** Where its paths begin, as in `/api/plugins`; requests there are answered by `site`. @default none */
    readonly prefix?: string;
    load(): Promise<HttpForm>;
  };
  /** @default an event is `{ event, payload }`, a schedule `{ schedule, at }` */
  readonly handlers?: HandlerForm;
  /** @default a hook takes the list of its arguments as JSON, and what it gives is JSON */
  hooks?(): Promise<HookForm>;
}

export interface ExtensionContext {
  readonly host: ManagedHost;
  /** Those whose plugins run here, and others. */
  dialects(): Promise<readonly ExtensionDialect[]>;
  readonly points: ReadonlyMap<string, ExtensionPoint>;
  /** Name of the databases, which tabs of one origin share. */
  readonly storage: string;
  readonly say: LogWriter;
  /** Hears of each command that is run. */
  ran(name: string, args: string): void;
  dispatch(event: Event): void;
}
