// `cloche sign --blocklist` and `cloche verify --blocklist`: lists of plugins that an app blocks. The form is docs/trust.md.

import { readFile } from 'node:fs/promises';
import {
  blocklistMessage,
  openBlocklist,
  readBlocklist,
  writeSignedBlocklist,
} from '../src/trust/blocklist/blocklist-document.ts';
import type { PublicKey } from '../src/trust/public-key.ts';
import { writeSignatureDocument } from '../src/trust/signature-document.ts';
import type { PrivateKey } from './keys.ts';
import { replace } from './package-file.ts';
import type { Io } from './usage.ts';

/** Signs a list, in place of a signature that is there, after it was read as a page will read it. */
export async function signBlocklist(
  path: string,
  { publicKey, sign }: PrivateKey,
  out: string,
  io: Io,
): Promise<number> {
  const { text } = await openBlocklist(await readFile(path, 'utf8'));
  const { sequence, blocked } = await readBlocklist(text);
  const signature = writeSignatureDocument({ key: publicKey, signature: sign(await blocklistMessage(text)) });
  const signed = writeSignedBlocklist(text, signature);
  if ((await openBlocklist(signed)).signer !== publicKey)
    throw new Error('What was signed cannot be read: nothing was written');
  await replace(out, new TextEncoder().encode(signed));
  io.out(`signed blocklist ${sequence} (entries: ${blocked.length}) by ${publicKey}, into ${out}`);
  return 0;
}

/** @returns 0 where one of the keys has signed it */
export async function verifyBlocklist(path: string, keys: readonly PublicKey[], io: Io): Promise<number> {
  const { text, signer } = await openBlocklist(await readFile(path, 'utf8'));
  const { sequence } = await readBlocklist(text);
  const isExpected = signer !== undefined && keys.includes(signer);
  const state = signer === undefined ? 'unsigned' : isExpected ? 'signed' : 'unknown-signer';
  io.out([state, 'blocklist', sequence, signer].filter((word) => word !== undefined).join(' '));
  return isExpected ? 0 : 1;
}
