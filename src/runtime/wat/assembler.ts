// Has text of WebAssembly assembled, in a worker that is thrown away afterwards. Comes late: it is large.

import source from '../../../workers/wat/wat.worker.ts?source';
import { ClocheError } from '../../errors.ts';
import type { WorkerHost } from '../isolation/worker-host.ts';
import { askOnce } from '../start/ask-once.ts';
import { ownBytes, spanOf } from '../wire/own-bytes.ts';
import type { AssembleRequest } from '../wire/wat/assemble.ts';
import { cannotBeAssembled } from './mistake.ts';

/** One of 4 MB takes about a second; what takes longer than this was made for that. */
const MOST_MS = 10_000;
const MOST_TEXT_BYTES = 4 << 20;

interface Text {
  readonly bytes: Uint8Array;
  /** For messages, such as `Module "main" (plugin.wat)`. */
  readonly what: string;
  /** Of the module. */
  readonly maxBytes: number;
}

/**
 * @throws {ClocheError} MODULE_REJECTED with the line, its number and the column of the first mistake; PACKAGE_REJECTED over a cap;
 * START_TIMEOUT, START_FAILED, PROTOCOL_VIOLATION
 */
export async function assemble(workerHost: WorkerHost, text: Text): Promise<Uint8Array<ArrayBuffer>> {
  const { bytes, what } = text;
  if (bytes.length > MOST_TEXT_BYTES) {
    throw new ClocheError('PACKAGE_REJECTED', `${what} is text of more than ${MOST_TEXT_BYTES} bytes`);
  }
  const request: AssembleRequest = { type: 'ASSEMBLE', text: bytes };
  const read = (answer: unknown) => readAnswer(answer, text);
  return askOnce(workerHost, { source, request, read, mostMs: MOST_MS, what: `assembling ${what}` });
}

function readAnswer(answer: unknown, { bytes, what, maxBytes }: Text): Uint8Array<ArrayBuffer> {
  const { type, ok, module, problem, line, column } = Object(answer) as Record<string, unknown>;
  if (type !== 'ASSEMBLED') throw violation();
  if (ok !== true) {
    if (typeof problem !== 'string' || !isPlace(line) || !isPlace(column)) throw violation();
    throw cannotBeAssembled(what, bytes, { problem, line, column });
  }
  const span = spanOf(module);
  if (!span) throw violation();
  if (span.bufferBytes > maxBytes) {
    throw new ClocheError('PACKAGE_REJECTED', `${what} is larger than ${maxBytes} bytes, assembled`);
  }
  const own = ownBytes(span, new Map());
  if (!own) throw violation();
  return own;
}

function isPlace(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function violation(): ClocheError {
  return new ClocheError('PROTOCOL_VIOLATION', 'the worker that assembles a module sent what no such worker sends');
}
