// A relay on a second origin that answers as its test says, and what it was asked: see test/runner/canary-relay.mjs.

import { canary } from '../helpers/canary.ts';

export interface ScriptedAnswer {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  delayMs?: number;
  drop?: boolean;
  closed?: boolean;
}

export interface SeenRequest {
  method: string;
  path: string;
  headers: Record<string, string | undefined>;
  body: string;
}

export interface ScriptedRelay {
  readonly url: string;
  seen(): Promise<SeenRequest[]>;
}

/** Each request gets the next of the answers, and the last one from then on. */
export async function scriptedRelay(...answers: ScriptedAnswer[]): Promise<ScriptedRelay> {
  const id = crypto.randomUUID();
  await fetch(canary.url(`/relay-script/${id}`), { method: 'POST', body: JSON.stringify(answers) });
  return {
    url: canary.url(`/relay/${id}`),
    seen: async () => (await (await fetch(canary.url(`/relay-seen/${id}`))).json()) as SeenRequest[],
  };
}

export function result(value: unknown): ScriptedAnswer {
  return { body: JSON.stringify({ result: value }) };
}

export function problem(status: number, code: string, headers: Record<string, string> = {}): ScriptedAnswer {
  return {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
    body: JSON.stringify({ type: `urn:cloche:relay:${code}`, title: 'told to nobody', status, code }),
  };
}
