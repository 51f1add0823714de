// The errors that leave Cloche. Codes are under semantic versioning; messages may improve at any time.

/**
 * Every code an error of Cloche can carry. The set is closed: callers may switch over it. What each means, and what helps, is
 * what `errorHelp` says.
 */
export const ERROR_CODES = [
  'OPTION_INVALID',
  'SOURCE_INVALID',
  'FETCH_FAILED',
  'CATALOG_INVALID',
  'PACKAGE_REJECTED',
  'MANIFEST_INVALID',
  'HASH_MISMATCH',
  'SIGNATURE_INVALID',
  'SIGNATURE_UNREADABLE',
  'SIGNER_CHANGED',
  'ID_CHANGED',
  'CONFIG_INVALID',
  'SECRET_UNAVAILABLE',
  'NOT_ALLOWED',
  'BLOCKED',
  'BLOCKLIST_FAILED',
  'FORBIDDEN',
  'GRANT_FIXED',
  'MODULE_REJECTED',
  'IMPORT_MISSING',
  'EXPORT_MISSING',
  'EXPORT_INVALID',
  'COMMAND_MISSING',
  'ARGUMENTS_INVALID',
  'ALREADY_INSTALLED',
  'UPDATE_CHANGED',
  'ROLLBACK_UNAVAILABLE',
  'START_FAILED',
  'ENGINE_FULL',
  'START_TIMEOUT',
  'ISOLATION_UNAVAILABLE',
  'CSP_BLOCKED',
  'TIMEOUT',
  'ABORTED',
  'REVOKED',
  'TRAP',
  'OUT_OF_MEMORY',
  'PLUGIN_ERROR',
  'INPUT_TOO_LARGE',
  'OUTPUT_TOO_LARGE',
  'BUSY',
  'REENTRANT',
  'RATE_LIMITED',
  'QUARANTINED',
  'DISABLED',
  'CLOSED',
  'HOST_FUNCTION_FAILED',
  'ARGUMENT_UNREADABLE',
  'HOST_TIMEOUT',
  'HOST_CALLS_UNAVAILABLE',
  'PERMISSION_DENIED',
  'HTTP_FAILED',
  'NEEDS_SERVER',
  'RELAY_FAILED',
  'QUOTA_EXCEEDED',
  'DATA_INVALID',
  'STORAGE_FAILED',
  'PROTOCOL_VIOLATION',
  'FRAME_REMOVED',
  'FRAME_FAILED',
  'FRAME_NAVIGATED',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface ErrorFacts {
  /** Id of the plugin that the error is about. */
  plugin?: string | undefined;
  /** The plugin's own words, or those of an engine: never trusted, never HTML. */
  detail?: string | undefined;
  /** Return code of the export or of `proc_exit`, where there is one. */
  exitCode?: number | undefined;
  /** Frames of the guest at a trap, innermost first. */
  wasmStack?: readonly string[] | undefined;
  /** Of PERMISSION_DENIED: the narrowest grant that would have allowed it, by capability. */
  needs?: Readonly<Record<string, unknown>> | undefined;
  cause?: unknown;
}

/** What every rejected promise of Cloche carries. Branch on {@link code}, show {@link message}. */
export class ClocheError extends Error {
  readonly code: ErrorCode;
  readonly plugin: string | undefined;
  readonly detail: string | undefined;
  readonly exitCode: number | undefined;
  readonly wasmStack: readonly string[] | undefined;
  readonly needs: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'ClocheError';
    this.code = code;
    this.plugin = facts.plugin;
    this.detail = facts.detail;
    this.exitCode = facts.exitCode;
    this.wasmStack = facts.wasmStack;
    this.needs = facts.needs;
  }
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return (ERROR_CODES as readonly unknown[]).includes(value);
}

/** The text of anything that was thrown; guests and libraries throw strings and worse. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  return typeof thrown === 'string' ? thrown : 'unknown error';
}
