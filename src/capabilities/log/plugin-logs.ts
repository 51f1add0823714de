// The page's side of every plugin's log: what a worker sends is checked, capped and made visible here
// again, since a worker that was taken over skips its own checks.

import type { LogRecord } from '../../events.ts';
import type { Limits } from '../../limits.ts';
import { LOG_LEVELS } from '../../runtime/wire/log-level.ts';
import { dispose } from '../../util/dispose.ts';
import { visibleText } from '../../util/text/visible-text.ts';

/** A line as it arrives; every field may be anything at run time. */
export type LogLine = Pick<LogRecord, 'level' | 'source' | 'text'>;

export interface PluginLogsOptions {
  /** Lines kept a plugin. */
  ring: number;
  /** What must not be in a line of a plugin is taken out of it. @default nothing */
  redact?(plugin: string, text: string): string;
  /** Called for every line that is kept, in order. */
  emit(record: LogRecord): void;
  clock?: LogClock;
}

/** Time, injected so that tests need not wait a minute. */
export interface LogClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `run` once, in `ms`; the returned function cancels it. */
  after(ms: number, run: () => void): () => void;
}

type LogLimits = Pick<Limits, 'logLines' | 'logLineBytes'>;

interface PluginLog {
  readonly records: LogRecord[];
  /** What comes from the plugin, and what the host says about it: a flood of one must not hide the other. */
  readonly windows: { readonly plugin: Window; readonly host: Window };
}

/** Lines of the minute that began with the first of them. */
interface Window {
  lines: number;
  cut: number;
  endsAt: number;
  cancel: (() => void) | undefined;
}

const MINUTE = 60_000;
const LEVELS: ReadonlySet<unknown> = new Set(LOG_LEVELS);
const SOURCES: ReadonlySet<unknown> = new Set<LogRecord['source']>(['plugin', 'stdout', 'stderr', 'host']);

const systemClock: LogClock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * Keeps the last lines of each plugin. A line is one record: line breaks and other controls in it are
 * shown as escapes (`\n`, `\u001b`), so a plugin cannot forge a line, colour a terminal or turn text
 * around. A plugin may write `logLines` in a minute that begins with its first line; what comes above
 * that is counted, and when the minute is over one line of source `host` says how many were cut. The
 * host's own lines have a count of their own of the same size.
 */
export class PluginLogs implements Disposable {
  readonly #ring: number;
  readonly #emit: (record: LogRecord) => void;
  readonly #redact: (plugin: string, text: string) => string;
  readonly #clock: LogClock;
  readonly #logs = new Map<string, PluginLog>();

  constructor({ ring, emit, redact = (_, text) => text, clock = systemClock }: PluginLogsOptions) {
    this.#ring = ring;
    this.#emit = emit;
    this.#redact = redact;
    this.#clock = clock;
  }

  /** Writes a line, or counts it as cut. An unknown level becomes `info`, an unknown source `plugin`. */
  write(plugin: string, line: LogLine, limits: LogLimits): void {
    const log = this.#logOf(plugin);
    const source = SOURCES.has(line.source) ? line.source : 'plugin';
    const window = log.windows[source === 'host' ? 'host' : 'plugin'];
    const now = this.#clock.now();
    if (now >= window.endsAt) {
      this.#endWindow(plugin, window);
      window.endsAt = now + MINUTE;
    }
    if (window.lines >= limits.logLines) {
      window.cut++;
      window.cancel ??= this.#clock.after(window.endsAt - now, () => this.#endWindow(plugin, window));
      return;
    }
    window.lines++;
    this.#keep(plugin, {
      plugin,
      time: now,
      level: LEVELS.has(line.level) ? line.level : 'info',
      source,
      text: visibleText(this.#redact(plugin, typeof line.text === 'string' ? line.text : ''), limits.logLineBytes),
    });
  }

  /** The lines of a plugin, oldest first: a copy. */
  records(plugin: string): LogRecord[] {
    return [...(this.#logs.get(plugin)?.records ?? [])];
  }

  /** Drops the lines of a plugin; what it has left of its minute stays as it is. */
  clear(plugin: string): void {
    this.#logs.get(plugin)?.records.splice(0);
  }

  /** Drops all there is of a plugin that is gone, its count included. */
  forget(plugin: string): void {
    const log = this.#logs.get(plugin);
    if (!log) return;
    for (const window of Object.values(log.windows)) window.cancel?.();
    this.#logs.delete(plugin);
  }

  /** Ends every timer; the book stays readable. */
  [dispose](): void {
    for (const { windows } of this.#logs.values()) {
      for (const window of Object.values(windows)) window.cancel?.();
    }
  }

  #logOf(plugin: string): PluginLog {
    const known = this.#logs.get(plugin);
    if (known) return known;
    const log: PluginLog = { records: [], windows: { plugin: newWindow(), host: newWindow() } };
    this.#logs.set(plugin, log);
    return log;
  }

  #endWindow(plugin: string, window: Window): void {
    window.cancel?.();
    window.cancel = undefined;
    const { cut } = window;
    window.lines = 0;
    window.cut = 0;
    window.endsAt = 0;
    if (cut === 0) return;
    const text = `${cut} log ${cut === 1 ? 'line was' : 'lines were'} cut: over the limit of a minute`;
    this.#keep(plugin, { plugin, time: this.#clock.now(), level: 'warn', source: 'host', text });
  }

  #keep(plugin: string, record: LogRecord): void {
    const records = this.#logOf(plugin).records;
    records.push(record);
    if (records.length > this.#ring) records.splice(0, records.length - this.#ring);
    this.#emit(Object.freeze(record));
  }
}

function newWindow(): Window {
  return { lines: 0, cut: 0, endsAt: 0, cancel: undefined };
}
