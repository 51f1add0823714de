// Reads what the transpiler's worker answers: it was given a hostile component, so its answer is checked as one.

import { ClocheError, isErrorCode } from '../../errors.ts';
import type { Transpiled } from '../wire/component/transpile.ts';
import { ownBytes, spanOf } from '../wire/own-bytes.ts';

/** Of the glue, which is some 140 kB and 1 kB for each function beside. */
const MOST_GLUE_LENGTH = 16 << 20;
const MOST_PARTS_BYTES = 64 << 20;
const MOST_MESSAGE = 4_000;

/** @throws {ClocheError} what the worker says; PROTOCOL_VIOLATION for what no such worker sends */
export function readTranspiled(value: unknown): Transpiled {
  const { type, ok, glue, parts, error } = record(value);
  if (type !== 'TRANSPILED') throw violation();
  if (ok !== true) throw failureIn(record(error));
  if (typeof glue !== 'string' || glue.length > MOST_GLUE_LENGTH) throw violation();
  const span = spanOf(parts);
  if (!span || span.bufferBytes > MOST_PARTS_BYTES) throw violation();
  const own = ownBytes(span, new Map());
  if (!own) throw violation();
  return { glue, parts: own };
}

function failureIn({ code, message }: Record<string, unknown>): ClocheError {
  if (!isErrorCode(code) || typeof message !== 'string') return violation();
  return new ClocheError(code, message.slice(0, MOST_MESSAGE));
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw violation();
  return value as Record<string, unknown>;
}

function violation(): ClocheError {
  return new ClocheError(
    'PROTOCOL_VIOLATION',
    'the worker that makes a component ready sent what no such worker sends',
  );
}
