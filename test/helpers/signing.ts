// Signs packages for tests, in pages and in Node.

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
  const { publicKey, privateKey } = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  const key: PublicKey = `ed25519:${toBase64Url(new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)))}`;
  const documentOf = async (message: Uint8Array<ArrayBuffer>): Promise<string> => {
    const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, message));
    return writeSignatureDocument({ key, signature });
  };
  return {
    key,
    async sign(source) {
      const { parts, hash } = await openPackage(source, { dialects: DEFAULT_DIALECTS, limits: DEFAULT_LIMITS });
      return documentOf(signedMessage(await packageDigest(await contentsOf(parts, hash))));
    },
    signList: async (text) => writeSignedBlocklist(text, await documentOf(await blocklistMessage(text))),
  };
}
