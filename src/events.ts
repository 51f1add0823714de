// The DOM events of a host, one typed class each.

import type { ClocheError, ErrorCode } from './errors.ts';
import type { LogLevel, LogSource, WireValue } from './runtime/wire/protocol.ts';

/** One line of a plugin's log, cleaned of control characters and cut to `logLineBytes`. */
export interface LogRecord {
  readonly plugin: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly level: LogLevel;
  /** `host` for what Cloche itself has to say about the plugin. */
  readonly source: LogSource | 'host';
  readonly text: string;
}

/** Which rule of grant or policy said yes or no to a host call. */
export interface CallDecision {
  readonly decidedBy: 'grant' | 'policy';
  /** A `DecidingRule`, or `notGranted`. */
  readonly rule: string;
  /** The entry of a list that matches, in canonical form. */
  readonly entry: string | undefined;
}

/** One host call, after its answer. */
export interface HostCallRecord {
  readonly plugin: string;
  /** Milliseconds since 1970, when the call arrived. */
  readonly time: number;
  /** Of a stub, whose `outcome` is IMPORT_MISSING, the namespace of the function that it stands for. */
  readonly capability: string;
  readonly name: string;
  readonly durationMs: number;
  readonly requestBytes: number;
  readonly answerBytes: number;
  readonly outcome: 'ok' | ErrorCode;
  /** The narrowest grant that would have allowed what was denied, by capability. */
  readonly needs: Readonly<Record<string, unknown>> | undefined;
  /** Absent where the capability was granted, and no rule of it has looked at the call. */
  readonly decision?: CallDecision;
  /**
   * Set where this tells of so many calls together, which the worker has answered itself and which changed nothing, and of
   * their bytes: its own word. A call that was killed tells of none.
   */
  readonly leasedCalls?: number;
}

/** A component is made ready to run, which happens once: `done` of `total` steps are. The first record comes before any step. */
export interface PrepareRecord {
  readonly plugin: string;
  readonly done: number;
  /** All but the last are parts of the transpiler that are loaded, the last makes the component ready. */
  readonly total: number;
  /** Size of the transpiler as it is loaded, compressed; a browser that has kept it loads nothing. */
  readonly bytes: number;
}

/** A worker that the host ended while it ran. */
export interface KillRecord {
  readonly plugin: string;
  readonly time: number;
  readonly code: ErrorCode;
  /** The export that ran; undefined while starting and between two calls. */
  readonly exportName: string | undefined;
  readonly message: string;
  /** Time from the beginning of the call or the start to the kill, in ms; 0 between two calls. */
  readonly afterMs: number;
}

/** How the export of a plugin took what it was called for. */
export interface HandlerOutcome {
  readonly plugin: string;
  /** Name of the export. */
  readonly handler: string;
  readonly ok: boolean;
  /** Why it failed; absent when it did not. */
  readonly error?: ClocheError;
  readonly durationMs: number;
}

/** One event handed to one subscription of a plugin, after its handler has ended. */
export interface Delivery extends HandlerOutcome {
  /** Id of the subscription. */
  readonly subscription: string;
  readonly event: string;
}

/** One run of a schedule, after its handler has ended. */
export interface ScheduledRun extends HandlerOutcome {
  /** Id of the schedule. */
  readonly schedule: string;
}

/**
 * `called`: its statistics are others, at most once every 16 ms and after the last of the calls that it tells of.
 * `pending`: an update waits for a yes, see `plugin.pending`, or waits no longer. `unreadable`: it is stored, and what is
 * stored of it cannot be read any more; see `host.unreadable`.
 */
export type PluginChange =
  | 'installed'
  | 'updated'
  | 'pending'
  | 'uninstalled'
  | 'unreadable'
  | 'state'
  | 'settings'
  | 'called';

export class PluginChangeEvent extends Event {
  constructor(
    readonly plugin: string,
    readonly change: PluginChange,
  ) {
    super('pluginchange');
  }
}

export class LogEvent extends Event {
  constructor(readonly record: LogRecord) {
    super('log');
  }
}

/** The beginning of what a host call has carried, as its plugin saw it, and with handles in the place of the plugin's secrets. */
export interface HostCallContent {
  readonly sent: readonly WireValue[];
  /** Nothing where it failed. */
  readonly answered: readonly WireValue[];
}

export class HostCallEvent extends Event {
  constructor(
    readonly record: HostCallRecord,
    /**
     * Each value cut to 16 KiB. Ask while the event is told: later the bytes are the plugin's again. Undefined where the worker has answered it itself, and where `trust.can` has no `logs`.
     */
    readonly content?: () => HostCallContent,
  ) {
    super('hostcall');
  }
}

export class KillEvent extends Event {
  constructor(readonly record: KillRecord) {
    super('kill');
  }
}

/** The list of an extension point is another one now. */
export class ExtensionChangeEvent extends Event {
  constructor(readonly point: string) {
    super('extensionchange');
  }
}

/** A plugin was told of an event, or one of its schedules has run in this tab: what has `schedule` is the latter. */
export class DeliveryEvent extends Event {
  constructor(readonly delivery: Delivery | ScheduledRun) {
    super('delivery');
  }
}

export interface HostEventMap {
  pluginchange: PluginChangeEvent;
  log: LogEvent;
  hostcall: HostCallEvent;
  prepare: CustomEvent<PrepareRecord>;
  kill: KillEvent;
  extensionchange: ExtensionChangeEvent;
  /** Other commands are there, or are described in other words. */
  commandschange: Event;
  delivery: DeliveryEvent;
}

const heard = new WeakMap<EventTarget, Set<string>>();

/** Whether anybody has ever asked to hear of it: what nobody hears of need not be made. */
export function isHeard(target: EventTarget, type: keyof HostEventMap): boolean {
  return heard.get(target)?.has(type) ?? false;
}

/** An EventTarget whose listeners know their events. */
export class HostEventTarget extends EventTarget {
  override addEventListener<K extends keyof HostEventMap>(
    type: K,
    listener: (event: HostEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void {
    heard.set(this, (heard.get(this) ?? new Set()).add(type));
    super.addEventListener(type, listener, options);
  }
}
