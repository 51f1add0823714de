// How signed tokens are checked, as an app says it.

import { ClocheError, messageOf } from '../../../errors.ts';
import { givenOptions } from '../../../util/given-options.ts';

export interface TokenOptions {
  /** Public keys of the issuer: a JSON Web Key Set, or its URL, from which it is loaded when it is needed. */
  jwks: string | URL | { readonly keys: readonly object[] };
  /** What `iss` has to be. */
  issuer: string;
  /** What `aud` has to hold. @default anything */
  audience?: string;
  /** Of signatures, such as `ES256`. Those with a shared secret, and `none`, are never taken. @default RS256, PS256, ES256, EdDSA */
  algorithms?: readonly string[];
  /** By how many seconds the clock of whoever has signed may differ from the one here. @default 30 */
  clockToleranceSeconds?: number;
}

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const ASYMMETRIC = /^(?:RS|PS|ES)(?:256|384|512)$|^EdDSA$|^Ed25519$/;
const TOLERANCE_SECONDS = 30;

export type CheckedTokenOptions = Required<Omit<TokenOptions, 'audience' | 'jwks'>> & {
  readonly jwks: URL | { readonly keys: readonly object[] };
  readonly audience: string | undefined;
};

/** @throws {ClocheError} OPTION_INVALID */
export function checkedTokenOptions(given: TokenOptions): CheckedTokenOptions {
  const options = givenOptions<TokenOptions>('`authorization.token`', given, {
    jwks: true,
    issuer: true,
    audience: true,
    algorithms: true,
    clockToleranceSeconds: true,
  });
  const { jwks, issuer, audience, algorithms = ALGORITHMS, clockToleranceSeconds = TOLERANCE_SECONDS } = options;
  if (typeof issuer !== 'string' || issuer === '') throw invalid('`issuer` to be the `iss` of its tokens');
  if (audience !== undefined && typeof audience !== 'string') throw invalid('`audience` to be text');
  const list: readonly unknown[] = Array.isArray(algorithms) ? [...algorithms] : [];
  const isKnown = (name: unknown): name is string => typeof name === 'string' && ASYMMETRIC.test(name);
  if (list.length === 0 || !list.every(isKnown))
    throw invalid('`algorithms` to be some such as ES256, of key pairs alone');
  if (!(Number.isFinite(clockToleranceSeconds) && clockToleranceSeconds >= 0 && clockToleranceSeconds <= 600))
    throw invalid('`clockToleranceSeconds` to be 0 to 600');
  return { jwks: keysOf(jwks), issuer, audience, algorithms: list, clockToleranceSeconds };
}

function keysOf(jwks: unknown): CheckedTokenOptions['jwks'] {
  if (typeof jwks === 'string' || jwks instanceof URL) {
    try {
      return new URL(jwks, globalThis.location?.href);
    } catch (cause) {
      throw invalid(`\`jwks\` to be a URL: ${messageOf(cause)}`);
    }
  }
  if (typeof jwks === 'object' && jwks !== null && Array.isArray((jwks as { keys?: unknown }).keys))
    return structuredClone(jwks as { keys: object[] });
  throw invalid('`jwks` to be a URL, or an object with a list `keys`');
}

function invalid(expected: string): ClocheError {
  return new ClocheError('OPTION_INVALID', `Expected ${expected} in \`authorization.token\``);
}
