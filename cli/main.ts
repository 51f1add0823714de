// `npx cloche`: keys and signatures of plugin packages, by the same code as in the page. The format is docs/signatures.md.

import { keygen } from './keygen.ts';
import { sign } from './sign.ts';
import { HELP, type Io, UsageError } from './usage.ts';
import { verify } from './verify.ts';

type Command = (args: readonly string[], io: Io) => Promise<number>;

const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['keygen', keygen],
  ['sign', sign],
  ['verify', verify],
]);

/** @returns the exit code: 0 for yes, 1 for no, 2 where it could not be done */
export async function run([name, ...args]: readonly string[], io: Io): Promise<number> {
  const isHelp = (word: string | undefined): boolean => word === '--help' || word === '-h' || word === 'help';
  if (isHelp(name) || args.some(isHelp)) {
    io.out(HELP);
    return 0;
  }
  const command = COMMANDS.get(name ?? '');
  try {
    if (command) return await command(args, io);
    throw new UsageError(name === undefined ? 'Expected a command' : `Unknown command "${name}"`);
  } catch (thrown) {
    io.err(thrown instanceof Error ? thrown.message : String(thrown));
    if (thrown instanceof UsageError) io.err('`npx cloche --help` says what there is.');
    return 2;
  }
}
