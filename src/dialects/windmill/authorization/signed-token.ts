// Checks signed tokens with `jose`. Comes late: with the first that is handed over.

import { createLocalJWKSet } from 'jose/jwks/local';
import { createRemoteJWKSet } from 'jose/jwks/remote';
import { type JWTVerifyGetKey, jwtVerify } from 'jose/jwt/verify';
import { messageOf } from '../../../errors.ts';
import type { CheckedTokenOptions } from './token-options.ts';

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
        ? pausing(jwks, createRemoteJWKSet(jwks))
        : createLocalJWKSet(jwks as Parameters<typeof createLocalJWKSet>[0]);
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

/** `keys` tell what is wrong with a token by an error with a code; all others are of their loading. */
function pausing({ href }: URL, keys: JWTVerifyGetKey): JWTVerifyGetKey {
  let failed: { readonly at: number; readonly error: Error } | undefined;
  return async (...asked) => {
    if (failed && performance.now() - failed.at < PAUSE_MS) throw failed.error;
    try {
      return await keys(...asked);
    } catch (thrown) {
      if (isOfToken(thrown)) throw thrown;
      const error = new Error(`the keys of ${href} cannot be loaded: ${messageOf(thrown)}`, { cause: thrown });
      failed = { at: performance.now(), error };
      throw error;
    }
  };
}

function isOfToken(thrown: unknown): boolean {
  const code = (thrown as { readonly code?: unknown }).code;
  return (
    code === 'ERR_JWKS_NO_MATCHING_KEY' ||
    code === 'ERR_JWKS_MULTIPLE_MATCHING_KEYS' ||
    code === 'ERR_JOSE_NOT_SUPPORTED'
  );
}
