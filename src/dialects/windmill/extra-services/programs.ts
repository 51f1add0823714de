// Programs of a server, by the relay as commands of other dialects: a list of arguments, and never a shell. They work on files of the
// server; what a plugin keeps in the page does not get there.

import type { HostCallContext } from '../../../capabilities/host-function.ts';
import { checkAllowed } from '../../../capabilities/scopes/check-allowed.ts';
import { commandsScope } from '../../../capabilities/server/commands.ts';
import type { RelayService } from '../../../capabilities/services.ts';
import { ClocheError, messageOf } from '../../../errors.ts';
import { claimsOf } from '../../../manifest/claims.ts';
import { type JsonValue, memberOf } from '../../../util/json/json-value.ts';
import type { Answer, ImportedCall } from '../imports/import.ts';

type Command = readonly [name: string, ...args: unknown[]];

const FAILED = 'Failed run shell command';
/** Of what a program writes. */
const MOST_OUTPUT = 1 << 20;

export class Programs {
  readonly #service: RelayService | undefined;

  constructor(service: RelayService | undefined) {
    this.#service = service;
  }

  /** What it has written, without line ends. */
  async output(command: Command, context: HostCallContext): Promise<Answer<string>> {
    const output = await this.#run(command, context);
    return output === undefined ? { err: FAILED } : { ok: output.replace(/[\r\n]/g, '') };
  }

  /** Whatever comes of it, as the contract has it: why it failed is in the log. */
  async ignored(command: Command, context: HostCallContext): Promise<Answer<null>> {
    await this.#run(command, context);
    return { ok: null };
  }

  /** The password is no argument, which others on the server could read, but a variable. */
  async encrypt([input, output, password]: readonly unknown[], context: HostCallContext): Promise<Answer<null>> {
    const files = ['-in', input, '-out', output];
    const command: Command = [
      'openssl',
      'enc',
      '-aes-256-cbc',
      '-e',
      ...files,
      '-pass',
      'env:AES_PASSWORD',
      '-md',
      'md5',
    ];
    const done = await this.#run(command, context, { AES_PASSWORD: password });
    return done === undefined ? { err: `Failed encrypt file: ${FAILED}` } : { ok: null };
  }

  /** Undefined where it failed; why is in the log. @throws {ClocheError} PERMISSION_DENIED, NEEDS_SERVER */
  async #run([name, ...args]: Command, context: HostCallContext, env?: object): Promise<string | undefined> {
    const own = context.under?.('commands');
    if (!own) {
      const message = `It runs \`${name}\`, and plugin "${context.plugin.id}" was not granted the capability \`commands\``;
      throw new ClocheError('PERMISSION_DENIED', message, { needs: { commands: { allow: [name] } } });
    }
    checkAllowed(
      'commands',
      commandsScope,
      own,
      { name },
      `\`${name}\` was not granted to plugin "${context.plugin.id}"`,
    );
    const { relay, needsServer } = this.#service ?? {};
    if (!relay) throw new ClocheError('NEEDS_SERVER', needsServer ?? 'Only a server can run programs');
    const { plugin, signal, remainingMs } = context;
    const read = (result: JsonValue): { output: string } | { error: string } | undefined => readAnswer(result);
    try {
      const answer = await relay.call({
        capability: 'commands',
        fn: 'cli_exec',
        plugin,
        claims: claimsOf(context.context),
        args: JSON.stringify({ command: name, args, ...(env && { env }) }),
        read,
        once: true,
        signal,
        remainingMs,
      });
      if ('output' in answer) return answer.output;
      context.log('warn', `\`${name}\` failed: ${answer.error}`);
    } catch (thrown) {
      context.log('warn', `\`${name}\` could not be run: ${messageOf(thrown)}`);
    }
    return undefined;
  }
}

/** As the relay answers `cli_exec`; undefined for another form. */
function readAnswer(result: JsonValue): { output: string } | { error: string } | undefined {
  const text = (key: string): string | undefined => {
    const value = memberOf(result, key);
    return value?.kind === 'string' ? value.text : undefined;
  };
  const status = text('status');
  const code = memberOf(result, 'exit_code');
  if (status === 'ok') {
    const isDone = code === undefined || (code.kind === 'number' && Number(code.text) === 0);
    if (isDone) return { output: (text('stdout') ?? '').slice(0, MOST_OUTPUT) };
    return { error: (text('stderr') ?? 'it ended with an error').slice(0, 1_000) };
  }
  return status === 'error' ? { error: (text('error') ?? 'no reason given').slice(0, 1_000) } : undefined;
}

/** What `documents` and `cli-service` both offer, under the same names. */
export function eciesPrograms(programs: Programs) {
  return {
    'run-shell-command-generate-ecies-key-pair': ([jar, publicPem, privatePem], context) =>
      programs.ignored(['java', '-jar', jar, 'create-keys', publicPem, privatePem], context),
    'encrypt-file': ([input, output, password], context) => programs.encrypt([input, output, password], context),
    'run-shell-command-ecies-encrypt-string': ([jar, pem, password], context) =>
      programs.output(['java', '-jar', jar, 'encrypt', pem, password], context),
    'run-shell-command-ecies-sign-data': ([jar, pem, data], context) =>
      programs.output(['java', '-jar', jar, 'sign', pem, data], context),
  } satisfies Record<string, ImportedCall>;
}
