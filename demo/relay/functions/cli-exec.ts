// `cli_exec`: a command of the operator's allow-list, with arguments as a list and no shell (N12). What the entry does not
// allow, the plugin cannot ask for: another program, argument, folder or variable.

import * as v from 'valibot';
import type { CommandConfig } from '../config.ts';
import { Problem } from '../problem.ts';
import type { Result } from '../protocol.ts';
import { Turns } from '../turns.ts';
import {
  answer,
  type Call,
  decode,
  defineFunction,
  integer,
  type RelayFunction,
  text,
  textMap,
  texts,
} from './relay-function.ts';

export interface Command {
  /** Absolute path. */
  readonly program: string;
  readonly args: readonly string[];
  /** Absolute path. */
  readonly workingDir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Of each stream; what comes after is thrown away. */
  readonly outputBytes: number;
}

export type CommandEnd = { readonly stdout: string; readonly stderr: string } & (
  | { readonly end: 'exited'; readonly exitCode: number }
  | { readonly end: 'timeout' }
  /** It was ended by a signal, or never started; `error` has no path in it. */
  | { readonly end: 'failed'; readonly error: string }
);

export interface Commands {
  /**
   * The folder that `asked` means, when it is `base` or below, links resolved.
   * @returns undefined when it is not, or does not exist.
   */
  folder(base: string, asked: string): Promise<string | undefined>;
  /** Runs to the end, or to the time limit, when the whole process group is killed. */
  run(command: Command): Promise<CommandEnd>;
}

const Request = v.object({ command: text, args: texts, working_dir: text, env: textMap, timeout_ms: integer });

const OUTPUT_BYTES = 1_048_576;
const DEFAULT_TIMEOUT_MS = 30_000;
const LONGEST_TIMEOUT_MS = 600_000;
const LONGEST_ARGUMENT = 8_192;
/** What is kept of the deadline for killing the command, remembering its end, and the way back. */
const answerMs = (leftMs: number): number => Math.min(Math.max(250, leftMs / 10), 1_000);

export function cliExec(
  commands: Commands,
  allowed: Readonly<Record<string, CommandConfig>>,
  atOnce: number,
): RelayFunction {
  const turns = new Turns(atOnce);
  return defineFunction({
    name: 'cli_exec',
    capability: 'commands',
    async prepare(args, grant, call) {
      const request = decode(Request, args);
      if (!request) return answer(invalid('invalid request format: a field has the wrong type'));
      if (request.command === '') return answer(invalid('command is required'));
      const config = grant.includes(request.command) ? allowed[request.command] : undefined;
      if (!config)
        throw new Problem('forbidden', `This plugin may not run ${JSON.stringify(request.command.slice(0, 100))}`);
      checkArguments(request.args, config);
      checkVariables(request.env, config);
      const workingDir = await commands.folder(config.workingDir, request.working_dir);
      if (workingDir === undefined)
        throw new Problem('forbidden', 'working_dir is not a folder that this command may run in');
      const command = {
        program: config.program,
        args: [...config.args, ...request.args],
        workingDir,
        env: { ...config.env, ...request.env },
        outputBytes: OUTPUT_BYTES,
      };
      const run = async () => {
        const timeoutMs = timeLimit(request.timeout_ms, config, call);
        return toResult(await commands.run({ ...command, timeoutMs }));
      };
      return { kind: 'effect', turns, run };
    },
  });
}

function checkArguments(args: readonly string[], { argPattern, maxArgs }: CommandConfig): void {
  if (args.length > maxArgs) throw new Problem('forbidden', `This command takes at most ${maxArgs} arguments`);
  const wrong = args.find((arg) => arg.length > LONGEST_ARGUMENT || arg.includes('\0') || !argPattern?.test(arg));
  if (wrong === undefined) return;
  throw new Problem('forbidden', `This command does not take the argument ${JSON.stringify(wrong.slice(0, 100))}`);
}

function checkVariables(env: Readonly<Record<string, string>>, { allowEnv }: CommandConfig): void {
  const wrong = Object.entries(env).find(([name, value]) => !allowEnv.includes(name) || value.includes('\0'));
  if (wrong === undefined) return;
  throw new Problem('forbidden', `This command does not take the variable ${JSON.stringify(wrong[0].slice(0, 100))}`);
}

/** Never past the call's own deadline: nobody would hear the answer. */
function timeLimit(asked: number, { maxTimeoutMs }: CommandConfig, { deadline }: Call): number {
  const wanted = asked > 0 ? asked : DEFAULT_TIMEOUT_MS;
  const leftMs = deadline.leftMs();
  return Math.max(1, Math.min(wanted, maxTimeoutMs, LONGEST_TIMEOUT_MS, leftMs - answerMs(leftMs)));
}

function toResult(ended: CommandEnd): Result {
  const { stdout, stderr } = ended;
  if (ended.end === 'exited') return { status: 'ok', exit_code: ended.exitCode, stdout, stderr };
  const error = ended.end === 'timeout' ? 'command timed out' : ended.error;
  return { status: 'error', exit_code: -1, stdout, stderr, error };
}

function invalid(error: string): Result {
  return { status: 'error', exit_code: 0, stdout: '', stderr: '', error };
}
