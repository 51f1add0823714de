// The answers that the host gives in its own name (WS10).

import { messageOf } from '../../../errors.ts';
import { writeGoJson } from '../go/json.ts';
import { statusText } from './status-text.ts';

/** Plain text, as of https://pkg.go.dev/net/http#Error: a newline ends it, and nobody may guess another type. */
export function textAnswer(status: number, text: string): Response {
  return new Response(`${text}\n`, {
    status,
    statusText: statusText(status),
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
  });
}

/** As of https://pkg.go.dev/encoding/json#Encoder.Encode: a newline ends it. The keys of what is a map in Go are in order. */
export async function jsonAnswer(value: unknown, status = 200): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' };
  return new Response(`${await writeGoJson(value)}\n`, { status, statusText: statusText(status), headers });
}

/** Said of what an admin has done. */
export function successAnswer(message: string): Promise<Response> {
  return jsonAnswer({ message, status: 'success' });
}

export type ErrorAnswerCode = 'PLUGINS_DISABLED' | 'INVALID_INPUT' | 'ASSET_NOT_FOUND' | 'INTERNAL_ERROR';

/** @param details why, where `error` is a general word */
export function errorAnswer(status: number, code: ErrorAnswerCode, error: string, details?: string): Promise<Response> {
  return jsonAnswer({ error, code, details }, status);
}

export function assetNotFound(): Promise<Response> {
  return errorAnswer(404, 'ASSET_NOT_FOUND', 'Asset not found');
}

export function internalError(thrown: unknown): Promise<Response> {
  return errorAnswer(500, 'INTERNAL_ERROR', 'Internal server error', messageOf(thrown));
}
