// Reads what the worker of a database says: it runs a stranger's statements, so each part is checked and copied.

import { ownBytes, spanOf } from '../../runtime/wire/own-bytes.ts';
import type {
  Column,
  DatabaseFailure,
  FromDatabase,
  SessionState,
  StatementResult,
} from '../../runtime/wire/sql/messages.ts';
import { AnswerBudget, MOST_VALUES } from '../answer-budget.ts';

export type Answer = FromDatabase;

const MOST_COLUMNS = 1_664;
/** PostgreSQL cuts names off behind 63 bytes. */
const MOST_NAME = 63;
const MOST_TEXT = 100_000;
/** Of the changes of one transaction, in bytes. */
const MOST_CHANGES = 1 << 30;

/**
 * @param mostBytes what the answer of this number may have; what has more is read as `BROKEN`
 * @returns undefined for what no such worker sends
 */
export function readAnswer(data: unknown, mostBytes: (id: number) => number): Answer | undefined {
  const { id, type, ...rest } = recordOf(data);
  if (!isCount(id)) return undefined;
  switch (type) {
    case 'OPENED':
      return { id, type };
    case 'RESULT': {
      const most = mostBytes(id);
      const result = readResult(recordOf(rest.result), most);
      if (typeof result !== 'string') return result && { id, type, result };
      return { id, type: 'BROKEN', why: 'large', message: result };
    }
    case 'REFUSED': {
      const failure = readFailure(recordOf(rest.failure));
      return failure && { id, type, failure };
    }
    case 'CHANGES': {
      if (rest.bytes === undefined) return { id, type, bytes: undefined };
      const span = spanOf(rest.bytes);
      const bytes = span && span.bufferBytes <= MOST_CHANGES ? ownBytes(span, new Map()) : undefined;
      return bytes && { id, type, bytes };
    }
    case 'BROKEN': {
      const [why, message] = [rest.why === 'large' ? ('large' as const) : ('failed' as const), textOf(rest.message)];
      return message === undefined ? undefined : { id, type, why, message };
    }
  }
  return undefined;
}

/** As a text what it has too much of. */
function readResult(
  { columns, rows, tag, state }: Record<string, unknown>,
  mostBytes: number,
): StatementResult | string | undefined {
  const [text, session] = [textOf(tag), stateOf(state)];
  if (!Array.isArray(columns) || !Array.isArray(rows) || text === undefined || !session) return undefined;
  if (columns.length > MOST_COLUMNS) return undefined;
  // Also of those that are not there.
  const named = Array.from(columns as readonly unknown[], readColumn);
  if (!named.every((column) => column !== undefined)) return undefined;
  if (!AnswerBudget.hasRoomFor(rows.length, named.length)) return `${MOST_VALUES} values`;
  const budget = new AnswerBudget(mostBytes);
  const read: (string | null)[][] = [];
  for (const given of rows) {
    const row = readRow(given, named.length);
    if (!row) return undefined;
    if (!budget.takes(row)) return `${mostBytes} bytes`;
    read.push(row);
  }
  return { columns: named, rows: read, tag: text, state: session };
}

function readColumn(value: unknown): Column | undefined {
  const { name, type } = recordOf(value);
  return typeof name === 'string' && name.length <= MOST_NAME && isCount(type) ? { name, type } : undefined;
}

function readRow(value: unknown, length: number): (string | null)[] | undefined {
  if (!Array.isArray(value) || value.length !== length) return undefined;
  const row: unknown[] = [...value];
  return row.every((cell) => typeof cell === 'string' || cell === null) ? row : undefined;
}

function readFailure({
  severity,
  code,
  message,
  detail,
  hint,
  state,
}: Record<string, unknown>): DatabaseFailure | undefined {
  const texts = [severity, code, message].map(textOf);
  const session = stateOf(state);
  const [level, number, text] = texts;
  if (level === undefined || number === undefined || text === undefined || !session) return undefined;
  const [more, help] = [textOf(detail), textOf(hint)];
  return {
    severity: level,
    code: number,
    message: text,
    ...(more !== undefined && { detail: more }),
    ...(help !== undefined && { hint: help }),
    state: session,
  };
}

function stateOf(value: unknown): SessionState | undefined {
  return value === 'I' || value === 'T' || value === 'E' ? value : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, MOST_TEXT) : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
