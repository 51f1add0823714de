// One request by the relay, which checks it again, follows redirects, and puts in the secrets that it keeps: handles stay as they
// are here.

import { ClocheError } from '../../../errors.ts';
import { claimsOf } from '../../../manifest/claims.ts';
import type { Relay } from '../../../relay/relay.ts';
import { fromBase64, toBase64 } from '../../../util/base64.ts';
import { type JsonValue, memberOf } from '../../../util/json/json-value.ts';
import { visibleText } from '../../../util/text/visible-text.ts';
import type { HostCallContext } from '../../host-function.ts';
import type { SendRules } from '../../services.ts';
import { checkHeaderBytes, packed, tooLarge } from '../exchange.ts';
import type { CheckedRequest } from '../request.ts';
import { relayFailed } from './relay-failed.ts';
import { RELAYED } from './relay-for.ts';

/** What an answer has besides its body. */
const HEAD_BYTES = 1 << 20;
const MOST_ERROR_LENGTH = 4_096;

interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

/** @throws {ClocheError} HTTP_FAILED; what is wrong with the relay goes to the log alone. */
export async function exchangeByRelay(
  relay: Relay,
  request: CheckedRequest,
  context: HostCallContext,
  { timeoutMs, withHeaders }: SendRules,
): Promise<Uint8Array> {
  const { origin } = request.url;
  const { httpResponseBytes } = context.limits;
  const answer = await askRelay(relay, request, context, timeoutMs);
  if (typeof answer === 'string') throw new ClocheError('HTTP_FAILED', answer);
  const { status, headers, body } = answer;
  checkHeaderBytes(headers, origin);
  if (body.byteLength > httpResponseBytes) throw tooLarge(origin, httpResponseBytes);
  return packed(status, headers, [body], { withHeaders, redact: context.secrets?.redact });
}

/** The answer, or why there is none. @throws {ClocheError} HTTP_FAILED */
async function askRelay(
  relay: Relay,
  request: CheckedRequest,
  calling: HostCallContext,
  timeoutMs: number,
): Promise<Answer | string> {
  const { plugin, context, grant, policy, limits, signal } = calling;
  try {
    return await relay.call({
      capability: 'http',
      fn: RELAYED,
      plugin,
      claims: claimsOf(context),
      args: JSON.stringify(argumentsOf(request, [grant, policy], timeoutMs)),
      read: (result) => failureIn(result) ?? answerIn(result),
      // A repeated request has the same key, and the relay does nothing twice that may change something.
      once: false,
      answerBytes: Math.ceil(limits.httpResponseBytes / 3) * 4 + HEAD_BYTES,
      signal,
      remainingMs: timeoutMs,
    });
  } catch (thrown) {
    throw relayFailed(thrown, calling);
  }
}

/** @param scopes what the page allows: no redirect leads out of them */
function argumentsOf({ url, method, headers, body }: CheckedRequest, scopes: readonly unknown[], timeoutMs: number) {
  return {
    method,
    url: url.href,
    headers: Object.fromEntries(headers),
    ...(body && { body: toBase64(body) }),
    timeout_ms: Math.ceil(timeoutMs),
    within: scopes.filter((scope) => scope !== undefined),
  };
}

/** Why there is no answer, in the relay's words; undefined where there is one. */
function failureIn(result: JsonValue): string | undefined {
  const status = memberOf(result, 'status');
  const error = memberOf(result, 'error');
  const isFailure =
    status?.kind === 'string' && status.text === 'error' && error?.kind === 'string' && error.text !== '';
  return isFailure ? visibleText(error.text, MOST_ERROR_LENGTH) : undefined;
}

/** Undefined where it is none. */
function answerIn(result: JsonValue): Answer | undefined {
  const status = memberOf(result, 'status');
  const headers = memberOf(result, 'headers');
  const body = memberOf(result, 'body');
  if (status?.kind !== 'number' || !/^[1-9]\d\d$/.test(status.text)) return undefined;
  const bytes = body === undefined ? new Uint8Array() : body.kind === 'string' ? fromBase64(body.text) : undefined;
  const pairs = headers === undefined ? [] : textPairs(headers);
  return bytes && pairs && { status: Number(status.text), headers: pairs, body: bytes };
}

/** Undefined unless it is an object of texts. */
function textPairs(value: JsonValue): (readonly [string, string])[] | undefined {
  if (value.kind !== 'object') return undefined;
  const pairs = value.members.flatMap(([name, member]) =>
    member.kind === 'string' ? [[name, member.text] as const] : [],
  );
  return pairs.length === value.members.length ? pairs : undefined;
}
