// Private keys in files: PKCS #8 in PEM, as OpenSSL writes them. https://www.rfc-editor.org/rfc/rfc8410

import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { isPublicKey, type PublicKey } from '../src/trust/public-key.ts';
import type { Io } from './usage.ts';

export interface PrivateKey {
  readonly publicKey: PublicKey;
  sign(message: Uint8Array): Uint8Array<ArrayBuffer>;
}

/** A new key. @returns its PEM, and the public one */
export function newKey(): { pem: string; publicKey: PublicKey } {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), publicKey: publicKeyOf(privateKey) };
}

/** @throws what is wrong with the file, and what helps */
export async function readPrivateKey(file: string, io: Io): Promise<PrivateKey> {
  const pem = await readFile(file, 'utf8');
  // Windows has no such bits.
  if (process.platform !== 'win32' && (await stat(file)).mode & 0o077) {
    io.err(`Others can read ${file}, which is a private key: \`chmod 600 ${file}\``);
  }
  const key = privateKeyIn(pem, file);
  return { publicKey: publicKeyOf(key), sign: (message) => new Uint8Array(sign(null, message, key)) };
}

function privateKeyIn(pem: string, file: string): KeyObject {
  const help = 'make one with `npx cloche keygen`';
  if (pem.includes('ENCRYPTED')) throw new Error(`${file} is encrypted: decrypt it with \`openssl pkey\` first`);
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw new Error(`${file} is not a private key in PEM: ${help}`, { cause });
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new Error(`${file} is a key of ${key.asymmetricKeyType}, and not of Ed25519: ${help}`);
}

function publicKeyOf(key: KeyObject): PublicKey {
  const text = `ed25519:${createPublicKey(key).export({ format: 'jwk' }).x}`;
  if (isPublicKey(text)) return text;
  throw new Error('The public key has an unknown form');
}
