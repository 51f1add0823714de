// `wasi:http/outgoing-handler` and the types for it: the page sends, within what is granted, and follows no redirect of its own.
// https://github.com/WebAssembly/WASI/tree/main/proposals/http

import { ClocheError, messageOf } from '../../../../src/errors.ts';
import { readHttpAnswer } from '../../../../src/runtime/wire/component/http.ts';
import type { WireValue } from '../../../../src/runtime/wire/protocol.ts';
import { failure } from '../errors.ts';
import type { Waiter } from '../pollable.ts';
import { Fields } from './fields.ts';
import {
  type Answer,
  type ErrorCode,
  FutureIncomingResponse,
  FutureTrailers,
  IncomingBody,
  IncomingResponse,
  type Result,
} from './incoming.ts';
import { OutgoingBody, OutgoingRequest, RequestOptions } from './outgoing.ts';

export interface HttpDeps {
  readonly waiter: Waiter;
  /** Of the body of a request. */
  readonly mostBytes: number;
  /** A promise where the guest can be suspended. @throws what the host says */
  send(args: WireValue[]): readonly WireValue[] | Promise<readonly WireValue[]>;
}

type Interface = Readonly<Record<string, unknown>>;

/** What comes in to be answered, which nothing sends here. */
class Nothing {}

export function outgoingHttp(
  { waiter, mostBytes, send }: HttpDeps,
  crossing: () => void,
): (readonly [name: string, functions: Interface])[] {
  const sent = (request: OutgoingRequest, options: RequestOptions | undefined, body: Uint8Array) => {
    const asked = { ...request.plain(), ...(options?.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }) };
    return send([new TextEncoder().encode(JSON.stringify(asked)), body]);
  };
  const later = async (request: OutgoingRequest, options: RequestOptions | undefined): Promise<Result<Answer>> => {
    try {
      return resultOf(await sent(request, options, await request.sent));
    } catch (thrown) {
      return { tag: 'err', val: errorOf(thrown) };
    }
  };
  const handle = (request: OutgoingRequest, options: RequestOptions | undefined): FutureIncomingResponse => {
    const body = request.sent;
    if (waiter.suspends) return new FutureIncomingResponse(later(request, options), waiter);
    // A guest that cannot be suspended waits here, so what it sends must be whole.
    if (body instanceof Promise) throw failure(internal('the body has to be finished before the request is handled'));
    try {
      return new FutureIncomingResponse(resultOf(sent(request, options, body) as readonly WireValue[]), waiter);
    } catch (thrown) {
      throw failure(errorOf(thrown));
    }
  };
  return [
    ['wasi:http/outgoing-handler', { handle }],
    [
      'wasi:http/types',
      {
        Fields,
        OutgoingRequest: OutgoingRequest.within(mostBytes, crossing),
        OutgoingBody,
        RequestOptions,
        FutureIncomingResponse,
        IncomingResponse,
        IncomingBody,
        FutureTrailers,
        IncomingRequest: Nothing,
        OutgoingResponse: Nothing,
        ResponseOutparam: Nothing,
        httpErrorCode: () => undefined,
      },
    ],
  ];
}

function resultOf([bytes]: readonly WireValue[]): Result<Answer> {
  if (!(bytes instanceof Uint8Array)) return { tag: 'err', val: internal('no answer') };
  const { head, body } = readHttpAnswer(bytes);
  if ('error' in head) return { tag: 'err', val: codeOf(head.code, head.error) };
  return { tag: 'ok', val: { status: head.status, headers: head.headers ?? {}, body } };
}

function errorOf(thrown: unknown): ErrorCode {
  return thrown instanceof ClocheError ? codeOf(thrown.code, thrown.message) : internal(messageOf(thrown));
}

function codeOf(code: string, message: string): ErrorCode {
  if (code === 'PERMISSION_DENIED') return { tag: 'HTTP-request-denied' };
  if (code === 'HOST_TIMEOUT') return { tag: 'HTTP-response-timeout' };
  return internal(message);
}

function internal(message: string): ErrorCode {
  return { tag: 'internal-error', val: message };
}
