// A client that keeps the protocol's rules: one key for a call, again on what may pass while time is left.

import { setTimeout as delay } from 'node:timers/promises';

export interface Ended {
  /** `ok`, also for any HTTP answer, a problem's code, `error` of the contract, or `network` when time ran out without an answer. */
  readonly outcome: string;
  readonly result: Readonly<Record<string, unknown>>;
  readonly attempts: number;
  readonly ms: number;
}

export interface Asked {
  readonly url: string;
  readonly token: string;
  readonly fn: string;
  readonly capability: string;
  readonly key: string;
  readonly args: object;
}

/** Longer than a plugin has, so that a slow machine is not taken for a loss. */
const DEADLINE_MS = 60_000;
const AGAIN = new Set(['network', 'in_progress', 'rate_limited', 'unavailable']);
const PAUSE_MS = 100;

export async function ask(asked: Asked): Promise<Ended> {
  const startedAt = performance.now();
  const leftMs = () => DEADLINE_MS - (performance.now() - startedAt);
  for (let attempts = 1; ; attempts++) {
    const { outcome, result, waitMs } = await attempt(asked, leftMs());
    const pauseMs = Math.max(waitMs, PAUSE_MS * (1 + Math.random()));
    if (!AGAIN.has(outcome) || leftMs() <= pauseMs) {
      return { outcome, result, attempts, ms: performance.now() - startedAt };
    }
    await delay(pauseMs);
  }
}

async function attempt({ url, token, fn, capability, key, args }: Asked, deadlineMs: number) {
  try {
    const response = await fetch(`${url}/v1/${fn}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', 'Idempotency-Key': key },
      body: JSON.stringify({ plugin: { id: 'load', version: '1.0.0' }, capability, deadlineMs, arguments: args }),
      signal: AbortSignal.timeout(Math.ceil(deadlineMs)),
    });
    const body = (await response.json()) as { result?: Record<string, unknown>; code?: string };
    const waitMs = Number(response.headers.get('Retry-After') ?? 0) * 1_000;
    const status = body.result?.status ?? body.code;
    return { outcome: typeof status === 'number' ? 'ok' : String(status), result: body.result ?? {}, waitMs };
  } catch (error) {
    // `fetch` throws a TypeError when the connection breaks, and the signal's reason when time is over.
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    return { outcome: 'network', result: {}, waitMs: 0 };
  }
}
