// Every way in which a call is not answered with a result: RFC 9457 problems with a stable code.

const PROBLEMS = {
  bad_request: [400, 'The request is not of the protocol'],
  unauthorized: [401, 'The relay knows no such token'],
  forbidden: [403, 'The relay does not allow this'],
  not_found: [404, 'The relay has no such function'],
  in_progress: [409, 'This call is being worked on'],
  outcome_unknown: [409, 'This call began, and nobody knows how it ended'],
  key_reused: [422, 'This idempotency key belongs to another request'],
  payload_too_large: [413, 'The request is too large'],
  rate_limited: [429, 'Too many calls'],
  internal: [500, 'The relay failed'],
  unavailable: [503, 'The relay cannot take calls right now'],
  deadline: [504, 'The call did not end before its deadline'],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemCode = keyof typeof PROBLEMS;

export class Problem extends Error {
  override readonly name = 'Problem';

  /**
   * @param detail One sentence for whoever reads the plugin's log: no secrets, no paths, nothing of the stack.
   * @param retryAfterSeconds Whole seconds, sent as `Retry-After`.
   */
  constructor(
    readonly code: ProblemCode,
    readonly detail?: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(detail ?? PROBLEMS[code][1]);
  }

  toResponse(): Response {
    const [status, title] = PROBLEMS[this.code];
    const body = { type: `urn:cloche:relay:${this.code}`, title, status, detail: this.detail, code: this.code };
    const headers = new Headers({ 'Content-Type': 'application/problem+json' });
    if (this.retryAfterSeconds !== undefined) headers.set('Retry-After', String(this.retryAfterSeconds));
    if (this.code === 'unauthorized') headers.set('WWW-Authenticate', 'Bearer');
    return new Response(JSON.stringify(body), { status, headers });
  }
}
