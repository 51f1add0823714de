// An error as the page shows it: what happened, in whose words, and what helps.

import { ERROR_MEANINGS } from '../../src/error-help/error-meanings.ts';
import { ClocheError, type ErrorCode, messageOf } from '../../src/errors.ts';

export interface Failure {
  /** `undefined` for what is not an error of Cloche: a fault of the page itself. */
  readonly code: ErrorCode | undefined;
  readonly message: string;
  /** What the code means and what helps. */
  readonly help: string;
  /** The plugin's own words. */
  readonly detail: string | undefined;
  readonly exitCode: number | undefined;
  readonly wasmStack: readonly string[];
}

export function failureOf(thrown: unknown): Failure {
  if (!(thrown instanceof ClocheError)) {
    return {
      code: undefined,
      message: messageOf(thrown),
      help: 'This is a fault of the page, not of a plugin. Reload it.',
      detail: undefined,
      exitCode: undefined,
      wasmStack: [],
    };
  }
  return {
    code: thrown.code,
    message: thrown.message,
    help: ERROR_MEANINGS[thrown.code],
    detail: thrown.detail,
    exitCode: thrown.exitCode,
    wasmStack: thrown.wasmStack ?? [],
  };
}

/** Which limit ended a call; `undefined` when none did. */
export type FatalLimit = 'time' | 'memory' | 'start';

export function fatalLimit(failure: Failure | undefined): FatalLimit | undefined {
  switch (failure?.code) {
    case 'TIMEOUT':
      return 'time';
    case 'START_TIMEOUT':
      return 'start';
    case 'OUT_OF_MEMORY':
      return 'memory';
    default:
      return undefined;
  }
}

/** Errors after which the instance is gone and the dome is empty. */
const ENDED: ReadonlySet<ErrorCode | undefined> = new Set<ErrorCode>([
  'TIMEOUT',
  'START_TIMEOUT',
  'ABORTED',
  'OUT_OF_MEMORY',
  'OUTPUT_TOO_LARGE',
  'TRAP',
  'PROTOCOL_VIOLATION',
]);

export function hasEndedInstance(failure: Failure): boolean {
  return ENDED.has(failure.code);
}
