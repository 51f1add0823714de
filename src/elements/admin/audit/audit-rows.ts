// What became of plugins as rows of one list: lines of their logs, host calls, kills, and what people did. Pure.

import type {
  AuditEntry,
  HostCallContent,
  HostCallRecord,
  KillEntry,
  KillRecord,
  LogLevel,
  LogRecord,
  WireValue,
} from '../../../index.ts';

export type AuditRecord =
  | { readonly kind: 'log'; readonly log: LogRecord }
  | {
      readonly kind: 'call';
      readonly call: HostCallRecord;
      readonly sent: readonly string[] | undefined;
      readonly answered: readonly string[];
    }
  | { readonly kind: 'kill'; readonly kill: KillRecord }
  | { readonly kind: 'stored'; readonly entry: StoredEntry };

/** A kill is shown as one that was seen. */
export type StoredEntry = Exclude<AuditEntry, KillEntry>;

export interface AuditRow {
  /** Unique in a list. */
  readonly key: number;
  /** In ms since 1970; 0 where nobody knows. */
  readonly time: number;
  readonly plugin: string | undefined;
  readonly level: LogLevel;
  readonly record: AuditRecord;
  /** What is looked through for a text, in lower case. */
  readonly searched: string;
}

export interface RowFilter {
  /** Id; empty for all. */
  readonly plugin: string;
  /** The lowest that is shown. */
  readonly level: LogLevel;
  readonly text: string;
}

export const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];

/** Characters that are looked through of one row. */
const MOST_SEARCHED = 4_000;

let lastKey = 0;

export function rowOf(record: AuditRecord): AuditRow {
  const { time, plugin, level, words } = factsOf(record);
  lastKey++;
  const searched = words
    .filter((word) => word !== undefined)
    .join(' ')
    .slice(0, MOST_SEARCHED)
    .toLowerCase();
  return { key: lastKey, time, plugin, level, record, searched };
}

/** Of what the audit has stored. */
export function storedRow(entry: AuditEntry): AuditRow {
  if (entry.kind !== 'kill') return rowOf({ kind: 'stored', entry });
  const { time, plugin, code, message, exportName, afterMs } = entry;
  return rowOf({ kind: 'kill', kill: { time, plugin, code, message, exportName, afterMs } });
}

interface Facts {
  readonly time: number;
  readonly plugin: string | undefined;
  readonly level: LogLevel;
  readonly words: readonly (string | undefined)[];
}

function factsOf(record: AuditRecord): Facts {
  switch (record.kind) {
    case 'log': {
      const { time, plugin, level, text, source } = record.log;
      return { time, plugin, level, words: [plugin, text, source] };
    }
    case 'call': {
      const { call, sent = [], answered } = record;
      const { time, plugin, outcome, capability, name, decision } = call;
      const words = [plugin, capability, name, outcome, decision?.entry, ...sent, ...answered];
      return { time, plugin, level: levelOf(outcome), words };
    }
    case 'kill': {
      const { time, plugin, code, exportName, message } = record.kill;
      return { time, plugin, level: 'error', words: [plugin, code, exportName, message] };
    }
    case 'stored':
      return storedFacts(record.entry);
  }
}

function storedFacts(entry: StoredEntry): Facts {
  const { time } = entry;
  if (entry.kind === 'dropped') return { time, plugin: undefined, level: 'warn', words: [entry.reason] };
  const { plugin, outcome } = entry;
  if (entry.kind === 'call') {
    const { capability, name, decision } = entry;
    return { time, plugin, level: levelOf(outcome), words: [plugin, capability, name, outcome, decision?.entry] };
  }
  const details = Object.entries(entry.detail ?? {}).map(([name, value]) => `${name} ${String(value)}`);
  return { time, plugin, level: levelOf(outcome), words: [plugin, entry.act, entry.who, outcome, ...details] };
}

/** What was denied is for somebody to see; what failed may be a fault. */
function levelOf(outcome: string): LogLevel {
  if (outcome === 'ok') return 'info';
  return outcome === 'PERMISSION_DENIED' ? 'warn' : 'error';
}

/** A plugin and a level choose all that is theirs; what is of no plugin, such as a loss, is of each. */
export function filterRows(rows: readonly AuditRow[], { plugin, level, text }: RowFilter): readonly AuditRow[] {
  const lowest = LEVELS.indexOf(level);
  const wanted = text.trim().toLowerCase();
  return rows.filter(
    (row) =>
      (plugin === '' || row.plugin === undefined || row.plugin === plugin) &&
      LEVELS.indexOf(row.level) >= lowest &&
      (wanted === '' || row.searched.includes(wanted)),
  );
}

/** Of each value that is kept. */
const MOST_KEPT_BYTES = 4_096;

/** The values of a host call as texts: bytes that are text as that, others in hexadecimal digits. */
export function textsOf(content: HostCallContent): { sent: string[]; answered: string[] } {
  return { sent: content.sent.map(textOf), answered: content.answered.map(textOf) };
}

function textOf(value: WireValue): string {
  if (!(value instanceof Uint8Array)) return String(value ?? '');
  const bytes = value.subarray(0, MOST_KEPT_BYTES);
  const rest = value.length > bytes.length ? '…' : '';
  const text = new TextDecoder().decode(bytes);
  // The last character may have been cut in two.
  const isText = !text.slice(0, -4).includes('\ufffd');
  return (isText ? text : hex(bytes.subarray(0, 256))) + rest;
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** `needs` of a denied call as changes that only add: for `plugin.amend`. */
export function additionOf(needs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(needs).map(([name, scope]) => (isRecord(scope) ? [`+${name}`, merged(scope)] : [name, scope])),
  );
}

function merged(scope: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(scope).map(([key, value]) => {
      if (Array.isArray(value)) return [`+${key}`, value];
      return isRecord(value) ? [`+${key}`, merged(value)] : [key, value];
    }),
  );
}

/** In a file as on the screen: nothing in a line hides, moves or reorders what is around it. */
const INVISIBLE = /[\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Rows as lines of JSON, oldest first. */
export function jsonLines(rows: readonly AuditRow[]): string[] {
  return rows.toReversed().map(({ record }) => {
    const line = JSON.stringify(record, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    return `${line.replace(INVISIBLE, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
