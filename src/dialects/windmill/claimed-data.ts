// What a handler is told of whoever asks.

import type { Claims } from '../../manifest/claims.ts';
import { payloadOf } from './authorization/verify.ts';

/** Whatever came as claims is the plugin's to believe, so it is the app's word or nothing. */
export function claimed(data: Readonly<Record<string, unknown>>, claims: Claims | undefined): Record<string, unknown> {
  const { claims: _, ...rest } = data;
  return claims ? { ...rest, claims: JSON.stringify(payloadOf(claims)) } : rest;
}
