// The DOM events of a host, one typed class each.

import type { ErrorCode } from './errors.ts';
import type { LogLevel, LogSource } from './sandbox/protocol.ts';

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

/** One host call, after its answer. */
export interface HostCallRecord {
  readonly plugin: string;
  /** Milliseconds since 1970, when the call arrived. */
  readonly time: number;
  readonly capability: string;
  readonly name: string;
  readonly durationMs: number;
  readonly requestBytes: number;
  readonly answerBytes: number;
  readonly outcome: 'ok' | ErrorCode;
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

export type PluginChange = 'installed' | 'updated' | 'uninstalled' | 'state' | 'settings' | 'called';

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

export class HostCallEvent extends Event {
  constructor(readonly record: HostCallRecord) {
    super('hostcall');
  }
}

export class KillEvent extends Event {
  constructor(readonly record: KillRecord) {
    super('kill');
  }
}

export interface HostEventMap {
  pluginchange: PluginChangeEvent;
  log: LogEvent;
  hostcall: HostCallEvent;
  kill: KillEvent;
}
