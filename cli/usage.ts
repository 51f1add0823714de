// What the commands take.

import { type ParseArgsConfig, parseArgs } from 'node:util';

export const HELP = `Keys and signatures of Cloche's plugin packages. <package> is a zip, a folder, a .wasm or .wat file
or a manifest.

  npx cloche keygen <file>
      Makes a key: the private one into a new file, which is nobody else's; prints the public one.

  npx cloche sign <package> --key <private key file> [--wasm <module>] [--out <file>]
      Signs a package, in place of a signature that is there. With --out the package stays as it is, and the signature goes
      into a file of its own; a manifest needs that. --wasm is the main module of a manifest that an app gives beside it.

  npx cloche sign <list> --blocklist --key <private key file> [--out <file>]
      Signs a blocklist, in place, or into a file of its own.

  npx cloche verify <list> --blocklist --key <public key> [--key <another>]
      Says who has signed it.

  npx cloche verify <package> --key <public key> [--key <another>] [--wasm <module>] [--signature <file>]
      Says who has signed a package: signed, unknown-signer, modified or unsigned.

Ends with 0 for what was done, and for what one of the keys has signed; with 1 for what is not signed by any of them; with 2
for what could not be done.`;

/** Where a command writes: what it is asked for to `out`, all else to `err`. */
export interface Io {
  out(line: string): void;
  err(line: string): void;
}

/** The command line is not one of those that there are. */
export class UsageError extends Error {}

type Options = NonNullable<ParseArgsConfig['options']>;

/** @throws {UsageError} for an unknown option, and for more or fewer than one argument */
export function parsed<const T extends Options>(args: readonly string[], options: T, what: string) {
  const { values, positionals } = read(args, options);
  const [argument, ...others] = positionals;
  if (argument === undefined || others.length > 0) throw new UsageError(`Expected ${what}, and nothing beside it`);
  return { argument, values };
}

function read<const T extends Options>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (thrown) {
    throw new UsageError(thrown instanceof Error ? thrown.message : String(thrown));
  }
}
