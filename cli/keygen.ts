// `cloche keygen`: a new key.

import { writeFile } from 'node:fs/promises';
import { newKey } from './keys.ts';
import { type Io, parsed } from './usage.ts';

export async function keygen(args: readonly string[], io: Io): Promise<number> {
  const { argument: file } = parsed(args, {}, 'a file for the private key');
  const { pem, publicKey } = newKey();
  try {
    // Made with these bits, not given them later.
    await writeFile(file, pem, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
    throw new Error(`${file} is there already, and a private key that is written over is lost: name another file`, {
      cause,
    });
  }
  io.err(`The private key is in ${file}: keep it to yourself, and a copy of it. The public one, for apps:`);
  io.out(publicKey);
  return 0;
}
