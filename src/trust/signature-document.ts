// A signature as it lies in a package or beside it: a JSON document.

import { ClocheError } from '../errors.ts';
import { fromBase64Url, toBase64Url } from '../util/base64url.ts';
import { parseJson } from '../util/json/parse-json.ts';
import { isJsonObject, type JsonObject } from '../util/json/untrusted-json.ts';
import { shown } from '../util/text/shown.ts';
import { MOST_SIGNATURE_BYTES } from './package-signature.ts';
import { isPublicKey, type PublicKey } from './public-key.ts';

const VERSION = 1;
const ALGORITHM = 'Ed25519';
const KEYS = ['version', 'algorithm', 'key', 'signature'];
/** 64 bytes in base64url. The last digit has four bits that say nothing, and have to be 0. */
const SIGNATURE = /^[\w-]{85}[AQgw]$/;

export interface SignatureDocument {
  readonly key: PublicKey;
  /** 32 bytes: the key itself. */
  readonly keyBytes: Uint8Array<ArrayBuffer>;
  /** 64 bytes. */
  readonly signature: Uint8Array<ArrayBuffer>;
}

export function writeSignatureDocument({ key, signature }: Omit<SignatureDocument, 'keyBytes'>): string {
  const document = { version: VERSION, algorithm: ALGORITHM, key, signature: toBase64Url(signature) };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/**
 * @returns undefined for what is no signature: who finds that in its place knows that something was changed
 * @throws {ClocheError} SIGNATURE_UNREADABLE for a form that is not known yet: it may hold, and nobody here can tell
 */
export async function readSignatureDocument(bytes: Uint8Array): Promise<SignatureDocument | undefined> {
  const document = await readObject(bytes);
  if (!document) return undefined;
  const { version, algorithm, key, signature } = document;
  if (isLater(version) || (version === VERSION && typeof algorithm === 'string' && algorithm !== ALGORITHM)) {
    const form = `version ${shown(version)}, algorithm ${shown(algorithm)}`;
    throw new ClocheError(
      'SIGNATURE_UNREADABLE',
      `The signature is of a form (${form}) that this Cloche does not know`,
    );
  }
  if (version !== VERSION || algorithm !== ALGORITHM || !Object.keys(document).every((name) => KEYS.includes(name))) {
    return undefined;
  }
  if (!isPublicKey(key) || typeof signature !== 'string' || !SIGNATURE.test(signature)) return undefined;
  const [keyBytes, signatureBytes] = [fromBase64Url(key.slice('ed25519:'.length)), fromBase64Url(signature)];
  return keyBytes && signatureBytes && { key, keyBytes, signature: signatureBytes };
}

function isLater(version: unknown): boolean {
  return Number.isSafeInteger(version) && (version as number) > VERSION;
}

async function readObject(bytes: Uint8Array): Promise<JsonObject | undefined> {
  if (bytes.length > MOST_SIGNATURE_BYTES) return undefined;
  try {
    const value = await parseJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    return isJsonObject(value) ? value : undefined;
  } catch (thrown) {
    // Not UTF-8, or not JSON: not a signature.
    if (thrown instanceof TypeError || (thrown instanceof ClocheError && thrown.code === 'MANIFEST_INVALID')) {
      return undefined;
    }
    throw thrown;
  }
}
