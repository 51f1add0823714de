// The function of capability `commands` (WS25): a program from the relay's own list, without a shell.
//
//   cli_exec { command, args?, working_dir?, env?, timeout_ms? } -> { status, exit_code, stdout, stderr, error? }

import { checkAllowed } from '../../../capabilities/scopes/check-allowed.ts';
import { commandsScope } from '../../../capabilities/server/commands.ts';
import { visibleText } from '../../../util/text/visible-text.ts';
import { goInt, goList, goMap, goString, goStruct } from '../go/json.ts';
import { relayedFunction } from './relayed-function.ts';

const Request = goStruct('plugins.CLIExecRequest', {
  command: goString,
  args: goList(goString),
  working_dir: goString,
  env: goMap(goString),
  timeout_ms: goInt,
});
const Answer = goStruct('plugins.CLIExecResponse', {
  status: goString,
  exit_code: goInt,
  stdout: goString,
  stderr: goString,
  error: goString,
});

/** Of each stream, in bytes; texts of more characters than that have more bytes. */
const MOST_OUTPUT = 1 << 20;

export const cliExec = relayedFunction({
  request: Request,
  answer: Answer,
  malformed: (cause) => `invalid request format: ${cause}`,
  unreadable: 'failed to read request payload',
  refuse: ({ command }) => (command === '' ? 'command is required' : undefined),
  unserved: 'command execution not configured',
  guard: ({ command: name }, context) =>
    checkAllowed('commands', commandsScope, context, { name }, `command not allowed: ${visibleText(name, 200)}`),
  accept: ({ exit_code, stdout, stderr }) =>
    Math.abs(exit_code) < 2 ** 32 ? { status: 'ok', exit_code, ...capped({ stdout, stderr }) } : undefined,
  fail(error, answer) {
    const { exit_code = -1, stdout = '', stderr = '' } = answer ?? {};
    return { status: 'error', exit_code, ...capped({ stdout, stderr }), error };
  },
  late: 'command timed out',
  once: true,
});

function capped({ stdout, stderr }: { stdout: string; stderr: string }): { stdout: string; stderr: string } {
  return { stdout: stdout.slice(0, MOST_OUTPUT), stderr: stderr.slice(0, MOST_OUTPUT) };
}
