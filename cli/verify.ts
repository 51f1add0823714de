// `cloche verify`: who has signed a package.

import { readFile } from 'node:fs/promises';
import { readPackage } from '../src/package/read-package.ts';
import { isPublicKey } from '../src/trust/public-key.ts';
import { describedSignature } from '../src/trust/trust.ts';
import { verifyBlocklist } from './blocklist.ts';
import { PACKAGE_OPTIONS, readPackageFile } from './package-file.ts';
import { type Io, parsed, UsageError } from './usage.ts';

const OPTIONS = {
  key: { type: 'string', multiple: true },
  signature: { type: 'string' },
  wasm: { type: 'string' },
  blocklist: { type: 'boolean' },
} as const;

export async function verify(args: readonly string[], io: Io): Promise<number> {
  const { argument: path, values } = parsed(args, OPTIONS, 'a package to verify');
  const keys = (values.key ?? []).map((key) => {
    if (isPublicKey(key)) return key;
    throw new UsageError(`Expected \`--key\` to be a public key, \`ed25519:\` and 43 digits, got "${key}"`);
  });
  if (values.blocklist) return verifyBlocklist(path, keys, io);
  const { source } = await readPackageFile(path, values.wasm);
  const signature = values.signature === undefined ? undefined : await readFile(values.signature);
  const { manifest, signature: found } = await readPackage(source, { ...PACKAGE_OPTIONS, signature });
  const { state, key } = describedSignature(found, new Map(keys.map((one) => [one, one])));
  io.out([state, manifest.id, manifest.version, key].filter((word) => word).join(' '));
  if (state === 'unknown-signer') io.err(adviceOf(keys.length));
  return state === 'signed' ? 0 : 1;
}

function adviceOf(keys: number): string {
  return keys === 0
    ? 'Anybody can sign with a key of his own: pass `--key` with the public key that you expect'
    : 'It is not signed by any of the keys that you expect';
}
