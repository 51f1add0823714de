// Signs packages for tests, in pages and in Node.

import { getPublicKeyAsync, signAsync, utils } from '@noble/ed25519';
import { DEFAULT_DIALECTS } from '../../src/dialects/index.ts';
import { DEFAULT_LIMITS } from '../../src/limits.ts';
import type { PluginSource } from '../../src/package/package-source.ts';
import { openPackage } from '../../src/package/read-package.ts';
import { blocklistMessage, writeSignedBlocklist } from '../../src/trust/blocklist/blocklist-document.ts';
import { packageDigest, signedMessage } from '../../src/trust/package-contents.ts';
import { contentsOf } from '../../src/trust/package-parts.ts';
import type { PublicKey } from '../../src/trust/public-key.ts';
import { writeSignatureDocument } from '../../src/trust/signature-document.ts';
import { toBase64Url } from '../../src/util/base64url.ts';

export interface Signer {
  readonly key: PublicKey;
  /** A signature of it, to lie in the package or beside it. */
  sign(source: PluginSource): Promise<string>;
  /** A blocklist with a signature of it. */
  signList(text: string): Promise<string>;
}

export async function newSigner(): Promise<Signer> {
  // WebKitGTK's own fails on some of the keys that it makes.
  const secretKey = utils.randomSecretKey();
  const key: PublicKey = `ed25519:${toBase64Url(await getPublicKeyAsync(secretKey))}`;
  const documentOf = async (message: Uint8Array<ArrayBuffer>): Promise<string> =>
    writeSignatureDocument({ key, signature: await signAsync(message, secretKey) });
  return {
    key,
    async sign(source) {
      const { parts, hash } = await openPackage(source, { dialects: DEFAULT_DIALECTS, limits: DEFAULT_LIMITS });
      return documentOf(signedMessage(await packageDigest(await contentsOf(parts, hash))));
    },
    signList: async (text) => writeSignedBlocklist(text, await documentOf(await blocklistMessage(text))),
  };
}
