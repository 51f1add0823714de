// Checks signed tokens with `jose`. Comes late: with the first that is handed over.

import { createLocalJWKSet } from 'jose/jwks/local';
import { createRemoteJWKSet, customFetch, type FetchImplementation } from 'jose/jwks/remote';
import { type JWTVerifyGetKey, jwtVerify } from 'jose/jwt/verify';
import { messageOf } from '../../../errors.ts';
import type { CheckedTokenOptions } from './token-options.ts';

type JSONWebKeySet = Parameters<typeof createLocalJWKSet>[0];

/** How long keys that could not be loaded are not asked for again, in ms: else a plugin could have their server asked without end. */
const PAUSE_MS = 5_000;

export class SignedTokens {
  readonly #options: CheckedTokenOptions;
  readonly #keys: JWTVerifyGetKey;

  constructor(options: CheckedTokenOptions) {
    this.#options = options;
    const { jwks } = options;
    this.#keys =
      jwks instanceof URL
        ? createRemoteJWKSet(jwks, { [customFetch]: pausing(jwks) })
        : createLocalJWKSet(jwks as JSONWebKeySet);
  }

  /** @returns its payload @throws {Error} with the reason, for whoever wrote the plugin */
  async verified(token: string): Promise<unknown> {
    const { issuer, audience, algorithms, clockToleranceSeconds } = this.#options;
    const { payload } = await jwtVerify(token, this.#keys, {
      issuer,
      ...(audience !== undefined && { audience }),
      algorithms: [...algorithms],
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['exp'],
    });
    return payload;
  }
}

/** Only the loading pauses: keys that are there already count meanwhile, or a token of an unknown key would be the end of all others. */
function pausing({ href }: URL): FetchImplementation {
  let failed: { readonly at: number; readonly error: Error } | undefined;
  return async (url, options) => {
    if (failed && performance.now() - failed.at < PAUSE_MS) throw failed.error;
    try {
      return Response.json(await keysAt(url, options));
    } catch (thrown) {
      const error = new Error(`the keys of ${href} cannot be loaded: ${messageOf(thrown)}`, { cause: thrown });
      failed = { at: performance.now(), error };
      throw error;
    }
  };
}

async function keysAt(...asked: Parameters<FetchImplementation>): Promise<JSONWebKeySet> {
  const response = await fetch(...asked);
  if (response.status !== 200) throw new Error(`its server answered ${response.status}`);
  const keys = (await response.json()) as JSONWebKeySet;
  // Throws for what is no such set.
  createLocalJWKSet(keys);
  return keys;
}
