// Claims that somebody has signed: the token of the call, or the one that the plugin hands over, by the keys of its issuer.

import { loadChunk } from '../../../util/load-chunk.ts';
import { checkedTokenOptions, type TokenOptions } from './token-options.ts';
import { givenClaims, isToken, sameAs, type VerifyClaims } from './verify.ts';

const MOST_TOKEN_LENGTH = 65_536;

/** @throws {ClocheError} OPTION_INVALID */
export function tokenVerifier(given: TokenOptions): VerifyClaims {
  const options = checkedTokenOptions(given);
  let loaded: ReturnType<typeof load> | undefined;
  const load = () => loadChunk(() => import('./signed-token.ts')).then(({ SignedTokens }) => new SignedTokens(options));
  return async (text, { context }) => {
    const own = isToken(text);
    const token = own ? text : givenClaims(context)?.token;
    if (typeof token !== 'string') throw new Error('no token came with this call');
    if (token.length > MOST_TOKEN_LENGTH) throw new Error('the token is too long');
    loaded ??= load();
    // What could not be loaded is asked for anew by whoever comes next.
    loaded.catch(() => {
      loaded = undefined;
    });
    const payload = await (await loaded).verified(token);
    return own ? payload : sameAs(payload, text);
  };
}
