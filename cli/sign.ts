// `cloche sign`: signs a package.

import { writeFile } from 'node:fs/promises';
import { readPackage } from '../src/package/read-package.ts';
import { packageDigest, signedMessage } from '../src/trust/package-contents.ts';
import { contentsOf } from '../src/trust/package-parts.ts';
import { writeSignatureDocument } from '../src/trust/signature-document.ts';
import { signBlocklist } from './blocklist.ts';
import { type PrivateKey, readPrivateKey } from './keys.ts';
import { opened, PACKAGE_OPTIONS, readPackageFile } from './package-file.ts';
import { type Io, parsed, UsageError } from './usage.ts';

const OPTIONS = {
  key: { type: 'string' },
  out: { type: 'string' },
  wasm: { type: 'string' },
  blocklist: { type: 'boolean' },
} as const;

export async function sign(args: readonly string[], io: Io): Promise<number> {
  const { argument: path, values } = parsed(args, OPTIONS, 'a package to sign');
  const { key: keyFile, out, wasm, blocklist } = values;
  if (keyFile === undefined) throw new UsageError('Expected `--key` with the file of the private key');
  if (blocklist) return signBlocklist(path, await readPrivateKey(keyFile, io), out ?? path, io);
  const file = await readPackageFile(path, wasm);
  const key = await readPrivateKey(keyFile, io);
  const { parts, hash, manifest } = await opened(file.source);
  const digest = await packageDigest(await contentsOf(parts, hash));
  const document = documentOf(key, digest);
  const signature = new TextEncoder().encode(document);
  if (out !== undefined) {
    await checked(readPackage(file.source, { ...PACKAGE_OPTIONS, signature: document }), key);
    await writeFile(out, document);
  } else {
    if (!file.signed)
      throw new UsageError('There is no room for a signature in a manifest: pass `--out` with a file for it');
    const signed = await file.signed(signature);
    await checked(readPackage(signed.source, PACKAGE_OPTIONS), key);
    await signed.save();
  }
  const name = [manifest.id, manifest.version].filter((word) => word).join(' ');
  io.out(`signed ${name} sha256:${digest} by ${key.publicKey}, into ${out ?? path}`);
  return 0;
}

function documentOf({ publicKey, sign: signed }: PrivateKey, digest: string): string {
  return writeSignatureDocument({ key: publicKey, signature: signed(signedMessage(digest)) });
}

/** What is written has been read again, as a page will. */
async function checked(reading: ReturnType<typeof readPackage>, { publicKey }: PrivateKey): Promise<void> {
  if ((await reading).signature === publicKey) return;
  throw new Error('What was signed is not what was read: nothing was written. Did a file change meanwhile?');
}
