// The reference relay in a process of its own: see test/runner/canary-reference-relay.mjs.

import type { RelayOptions } from '../../src/index.ts';
import { canary } from '../helpers/canary.ts';

export interface ReferenceRelay {
  readonly url: string;
  readonly options: RelayOptions;
  /** What `{{secret:token}}` stands for there. */
  readonly secret: string;
  /** All that it has written so far. */
  told(): Promise<string>;
}

export async function referenceRelay(): Promise<ReferenceRelay> {
  const response = await fetch(canary.url('/reference-relay'));
  const { url, token, secret } = (await response.json()) as { url: string; token: string; secret: string };
  return {
    url,
    options: { url, headers: { Authorization: `Bearer ${token}` } },
    secret,
    told: async () => (await fetch(canary.url('/reference-relay-told'))).text(),
  };
}

/** Another origin that is the canary as well. */
export const ELSEWHERE = canary.origin.replace('127.0.0.1', 'localhost');
