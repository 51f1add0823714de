// One line of JSON for each call: who, what, how it ended, how long it took. Never a token, an argument or a result; of a request
// that was refused or failed, the host and the rule.

export interface AuditLine {
  /** ISO 8601, UTC: when the call came. */
  readonly time: string;
  /** Null when the token was not known. */
  caller: string | null;
  /** Null when the call was refused before its body was read. */
  plugin: string | null;
  function: string | null;
  /** Whom it was done for, by the word of the host app; absent where that names nobody. */
  user?: string | number;
  /** `ok` or `error` of the contract, with `repeated ` before it for an answer given before, or a problem's code. */
  outcome: string;
  /** Of `http_fetch`, why there is no answer. Absent where there is one. */
  reason?: string;
  ms: number;
}

/** Begins the line of a call that comes now. */
export function beginLine(): { readonly line: AuditLine; end(outcome: string): AuditLine } {
  const startedAt = performance.now();
  const line: AuditLine = {
    time: new Date().toISOString(),
    caller: null,
    plugin: null,
    function: null,
    outcome: 'internal',
    ms: 0,
  };
  return {
    line,
    end(outcome) {
      line.outcome = outcome;
      line.ms = Math.round((performance.now() - startedAt) * 10) / 10;
      return line;
    },
  };
}
