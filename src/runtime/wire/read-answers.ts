// Reads what a worker answers. It came through the filter as a RAW value; here its shape is checked and copied.

import { isErrorCode } from '../../errors.ts';
import { wireValues } from './message-filter.ts';
import { spanOf, takenOver } from './own-bytes.ts';
import type {
  CallAnswer,
  ExportFact,
  GuestCall,
  GuestResult,
  ImportFact,
  LeasedCalls,
  MemoryUse,
  ModuleFacts,
  StartAnswer,
  WireError,
  WireFailure,
} from './protocol.ts';

const KINDS: ReadonlySet<unknown> = new Set(['function', 'table', 'memory', 'global', 'tag']);
const MOST_FACTS = 20_000;
const MOST_TEXT = 65_536;
const MOST_FRAMES = 100;
/** Host functions that a worker may answer. */
const MOST_LEASED = 100;

/** Thrown for an answer that our own worker never gives; the sandbox turns it into PROTOCOL_VIOLATION. */
export class MalformedAnswer extends Error {}

/** @throws {MalformedAnswer} */
export function readStartAnswer(value: unknown): StartAnswer {
  const answer = record(value);
  if (answer.ok !== true) return readFailure(answer);
  return { ok: true, modules: list(answer.modules, 1_000).map(readFacts), use: readUse(answer.use) };
}

/** @throws {MalformedAnswer} also when the result is larger than `maxBytes`, or of another form than the call. */
export function readCallAnswer(value: unknown, call: GuestCall, maxBytes: number): CallAnswer {
  const answer = record(value);
  const { instanceEnded } = answer;
  if (typeof instanceEnded !== 'boolean') throw new MalformedAnswer('an answer of no known form');
  const rest = {
    instanceEnded,
    ...(answer.leasedCalls !== undefined && { leasedCalls: readLeased(answer.leasedCalls) }),
  };
  if (answer.ok !== true) return { ...readFailure(answer), ...rest };
  return { ok: true, ...readResult(answer, call, maxBytes), use: readUse(answer.use), ...rest };
}

/**
 * The memory of an input, as it comes back. To be asked for after the result, which may lie in it.
 * @param byteLength which it had; undefined for memory of another size, and for anything else
 */
export function returnedInput(value: unknown, byteLength: number): ArrayBuffer | undefined {
  const span = spanOf(record(value).input);
  return span?.bufferBytes === byteLength ? takenOver(span.buffer) : undefined;
}

function readResult(answer: Record<string, unknown>, call: GuestCall, maxBytes: number): GuestResult {
  const values = wireValues('input' in call ? [answer.output] : answer.values, maxBytes);
  if (!values) throw new MalformedAnswer('a result of no known form');
  if (!('input' in call)) return { values };
  const [output] = values;
  if (!(output instanceof Uint8Array)) throw new MalformedAnswer('an output of no known form');
  return { output };
}

function readFailure(answer: Record<string, unknown>): WireFailure {
  const error = record(answer.error);
  if (!isErrorCode(error.code)) throw new MalformedAnswer('an error of no known code');
  const wire: WireError = {
    code: error.code,
    message: text(error.message),
    ...(error.detail !== undefined && { detail: text(error.detail) }),
    ...(typeof error.exitCode === 'number' && { exitCode: error.exitCode }),
    ...(error.wasmStack !== undefined && { wasmStack: list(error.wasmStack, MOST_FRAMES).map(text) }),
  };
  return { ok: false, error: wire, use: answer.use === null ? null : readUse(answer.use) };
}

function readLeased(value: unknown): LeasedCalls[] {
  return list(value, MOST_LEASED).map((one) => {
    const { index, calls, requestBytes, answerBytes } = record(one);
    return {
      index: count(index),
      calls: count(calls),
      requestBytes: count(requestBytes),
      answerBytes: count(answerBytes),
    };
  });
}

/** Of one module. @throws {MalformedAnswer} */
export function readFacts(value: unknown): ModuleFacts {
  const facts = record(value);
  return {
    name: text(facts.name),
    imports: list(facts.imports, MOST_FACTS).map(readImport),
    exports: list(facts.exports, MOST_FACTS).map(readExport),
  };
}

function readImport(value: unknown): ImportFact {
  const { module, name, kind, type } = record(value);
  return { module: text(module), name: text(name), kind: kindOf(kind), type: text(type) };
}

function readExport(value: unknown): ExportFact {
  const { name, kind, type, callable } = record(value);
  return { name: text(name), kind: kindOf(kind), type: text(type), callable: callable === true };
}

function readUse(value: unknown): MemoryUse {
  const { memoryBytes, exchangeBytes, varBytes } = record(value);
  return { memoryBytes: count(memoryBytes), exchangeBytes: count(exchangeBytes), varBytes: count(varBytes) };
}

function kindOf(value: unknown): ImportFact['kind'] {
  if (!KINDS.has(value)) throw new MalformedAnswer('an import or export of no known kind');
  return value as ImportFact['kind'];
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new MalformedAnswer('an answer of no known form');
  return value as Record<string, unknown>;
}

function list(value: unknown, most: number): unknown[] {
  if (!Array.isArray(value) || value.length > most) throw new MalformedAnswer('a list of no known form');
  // Of this realm, and without holes.
  return Array.from(value);
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new MalformedAnswer('a text of no known form');
  return value.length > MOST_TEXT ? `${value.slice(0, MOST_TEXT)}…` : value;
}

function count(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new MalformedAnswer('a size of no known form');
  return value;
}
