// How plugins are signed, by whom the app trusts.

import type { PackageSignature } from './package-signature.ts';
import type { PublicKey } from './public-key.ts';

/** Names of publishers by key. */
export type Publishers = ReadonlyMap<PublicKey, string>;

/**
 * How a plugin's package is signed, by the publishers that the host has now. `signed`: by one of them. `unknown-signer`: by
 * somebody else. `modified`: it has a signature, and is not what was signed. `unsigned`: it has none.
 */
export interface PluginSignature {
  readonly state: 'signed' | 'unknown-signer' | 'modified' | 'unsigned';
  /** Name of the publisher who has signed it. */
  readonly publisher?: string;
  /** Public key that has signed it; of one that is `modified` nobody knows. */
  readonly key?: PublicKey;
}

export function describedSignature(signature: PackageSignature, publishers: Publishers): PluginSignature {
  if (!signature) return { state: 'unsigned' };
  if (signature === 'broken') return { state: 'modified' };
  const publisher = publishers.get(signature);
  return publisher === undefined
    ? { state: 'unknown-signer', key: signature }
    : { state: 'signed', publisher, key: signature };
}
