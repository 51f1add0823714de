// Every way in which a relay fails a call: what the plugin hears of it, and what an admin can do about it.

import { LATE, RelayError } from './relay-error.ts';

interface Failure {
  /** Of the answers that mean this when they have no code of the protocol; of two with one status the first. */
  readonly status?: readonly number[];
  /** Nothing of the relay's inside, nor of its address. */
  readonly heard: string;
  /** Follows "The relay at …", in the log. */
  readonly told: string;
  /** Whether the same call may be sent again, with the same key. */
  readonly again?: boolean;
}

const FAILURES = {
  unreachable: {
    heard: 'relay unreachable',
    told: 'cannot be reached: it is down, its CORS headers do not admit this page, or `connect-src` of this page forbids it',
    again: true,
  },
  late: {
    heard: LATE,
    told: 'did not answer in the time that the call had left: see why it is slow, or raise `timeoutMs`',
  },
  unsigned: {
    heard: 'relay credentials unavailable',
    told: 'was not asked: `relay.headers` failed, and its error was reported to this page',
  },
  bad_request: {
    status: [400],
    heard: 'relay rejected the request',
    told: 'does not understand the request: it must speak version 1 of the protocol',
  },
  unauthorized: {
    status: [401],
    heard: 'relay rejected the credentials of this site',
    told: 'rejects the credentials: see what `relay.headers` gives',
  },
  forbidden: {
    status: [403],
    heard: 'relay does not allow this',
    told: "does not allow this: see there which origins, plugins and arguments are granted, and the call's audit line",
  },
  not_found: {
    status: [404],
    heard: 'relay does not offer this',
    told: 'does not offer this function: set it up there, or correct `relay.url`',
  },
  outcome_unknown: {
    status: [409],
    heard: 'relay does not know whether this was done',
    told: 'was interrupted while it did this: see there whether it was done before you repeat it',
  },
  in_progress: {
    status: [409],
    heard: 'relay is still working on this',
    told: 'was still at work when the call ran out of time: see why it is slow, or raise `timeoutMs`',
    again: true,
  },
  key_reused: {
    status: [422],
    heard: 'relay mistook this for another request',
    told: 'has seen this key with another request: something on the way changes requests',
  },
  payload_too_large: {
    status: [413],
    heard: 'request too large for the relay',
    told: 'refuses a request of this size: raise the limit there, if the plugin needs it',
  },
  rate_limited: {
    status: [429],
    heard: 'relay rate limit exceeded',
    told: 'is asked too often by this plugin or page: raise the rate there, if that is meant',
    again: true,
  },
  internal: { status: [500], heard: 'relay failed', told: 'failed: its own log says why' },
  unavailable: {
    status: [503, 502],
    heard: 'relay unavailable',
    told: 'takes no calls at present: it is overloaded, stopping, or down behind its gateway',
    again: true,
  },
  deadline: {
    status: [504],
    heard: 'relay ran out of time',
    told: 'did not get it done in time: see why what it uses is slow, or raise `timeoutMs`',
  },
  status: {
    heard: 'relay answered with an unexpected status',
    told: 'answers with a status that is not of the protocol: `relay.url` may lead to something else',
  },
  content_type: {
    heard: 'relay answered with an unexpected content type',
    told: 'answers with something other than application/json: `relay.url` may lead to a web page',
  },
  cut: {
    heard: 'relay answer was cut off',
    told: 'answers with JSON that ends too early: the connection was lost, or something on the way cuts answers',
    again: true,
  },
  oversized: { heard: 'relay answer too large', told: 'answers with more than this page reads' },
  not_json: { heard: 'relay answer is not JSON', told: 'answers with broken JSON' },
  shape: {
    heard: 'relay answer has an unexpected form',
    told: 'answers with JSON that is not of the protocol: it must speak version 1',
  },
  secret: {
    heard: 'relay answer withheld',
    told: 'gives back a secret that the request carried, so the plugin does not get this answer',
  },
} as const satisfies Record<string, Failure>;

export type RelayFailure = keyof typeof FAILURES;

/** @param base address of the relay, without a secret */
export function relayError(
  failure: RelayFailure,
  base: string,
  facts: { retryAfterMs?: number | undefined; cause?: unknown } = {},
): RelayError {
  const { heard, told, again = false }: Failure = FAILURES[failure];
  const isLate = failure === 'late' || failure === 'deadline';
  return new RelayError(`The relay at ${base} ${told}`, { heard, again, isLate, ...facts });
}

/** What an answer means that is not a result. @param code of its problem document: only one that fits its status counts */
export function failureOf(status: number, code: string): RelayFailure {
  const named = (Object.entries(FAILURES) as [RelayFailure, Failure][]).filter(([, of]) => of.status?.includes(status));
  return (named.find(([name]) => name === code) ?? named[0])?.[0] ?? 'status';
}
