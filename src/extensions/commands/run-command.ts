// Runs a command of a plugin by its name. Comes with the first that is run.

import { ClocheError, messageOf } from '../../errors.ts';
import { checkArguments } from '../../manifest/command-arguments.ts';
import type { Command } from '../../manifest/contributions.ts';
import { currentChain, onBehalfOf } from '../../runtime/calls/call-chain.ts';
import { CALL_KEYS, type CallOptions, checkedCall } from '../../runtime/calls/call-options.ts';
import { givenOptions, type KeysOf, oneOf } from '../../util/given-options.ts';
import { shown } from '../../util/text/shown.ts';
import { fromUtf8 } from '../../util/text/utf8.ts';
import type { ExtensionContext, ManagedPlugin } from '../context.ts';

/**
 * What becomes of a command whose plugin is to be started for it: nothing more; it is run later; it is waited for; or, the default,
 * it is waited for where its manifest says that it returns something.
 */
export const LOAD_BEHAVIOURS = ['dont-run', 'async-run', 'wait-and-run', 'async-or-wait'] as const;
export type LoadBehaviour = (typeof LOAD_BEHAVIOURS)[number];

export interface RunOptions extends CallOptions {
  /** @default 'async-or-wait' */
  load?: LoadBehaviour;
}

const KEYS: KeysOf<RunOptions> = { load: true, ...CALL_KEYS };

export async function runCommand(
  context: ExtensionContext,
  name: string,
  args = '',
  given?: RunOptions,
): Promise<string> {
  const { load = 'async-or-wait', ...options } = checkedCall(givenOptions<RunOptions>('`run`', given, KEYS));
  const behaviour = oneOf('load', load, LOAD_BEHAVIOURS);
  const chain = currentChain();
  if (typeof name !== 'string' || typeof args !== 'string') {
    throw new ClocheError('OPTION_INVALID', 'Expected the name of a command and its arguments to be strings');
  }
  const [id = '', own = ''] = splitAt(name, name.indexOf('.'));
  const plugin = context.host.get(id);
  const command = plugin?.active ? commandOf(plugin, own) : undefined;
  if (!plugin || !command) throw missing(name);
  checkArguments(command, args, name);
  context.ran(name, args);
  // What is returned without an `await` takes three turns instead of one.
  if (command.handler !== undefined) return await call(context, plugin, command, { args, options, chain, name });

  if (behaviour === 'dont-run') {
    await plugin.start(options.signal);
    return '';
  }
  const started = plugin.start(options.signal).then(() => {
    const defined = commandOf(plugin, own);
    if (defined?.handler === undefined) throw missing(name, `plugin ${shown(id)} was started, and does not define it`);
    checkArguments(defined, args, name);
    return call(context, plugin, defined, { args, options, chain, name });
  });
  if (behaviour === 'wait-and-run' || (behaviour === 'async-or-wait' && command.returnType !== '')) return started;
  // Nobody waits for it.
  started.catch((thrown: unknown) => context.say(id, 'error', `Command ${shown(name)}: ${messageOf(thrown)}`));
  return '';
}

interface Run {
  readonly name: string;
  readonly args: string;
  readonly options: CallOptions;
  readonly chain: ReturnType<typeof currentChain>;
}

async function call(
  { say }: ExtensionContext,
  plugin: ManagedPlugin,
  command: Command,
  { name, args, options, chain }: Run,
): Promise<string> {
  const { handler = '' } = command;
  const { handlers } = plugin.dialect;
  const input = handlers?.command?.(command, args) ?? { input: args };
  try {
    // Until it is first awaited it is known who waits for it.
    if ('input' in input) {
      return fromUtf8((await onBehalfOf(chain, () => plugin.call(handler, input.input, options))).bytes());
    }
    const [value] = await onBehalfOf(chain, () => plugin.callWith(handler, input.args, options));
    return value instanceof Uint8Array ? fromUtf8(value) : '';
  } catch (thrown) {
    if (handlers?.trapped === undefined || !(thrown instanceof ClocheError) || thrown.code !== 'TRAP') throw thrown;
    say(plugin.id, 'error', `Command ${shown(name)}: ${thrown.message}`);
    return handlers.trapped;
  }
}

/** What it has defined since it runs takes the place of what its manifest says, but for parameters that it leaves out. */
function commandOf({ contributed }: ManagedPlugin, name: string): Command | undefined {
  const [known, ...others] = contributed.commands.filter((command) => command.name === name);
  const last = others.at(-1) ?? known;
  return last && known && { ...last, params: last.params.length > 0 ? last.params : known.params };
}

function missing(name: string, why = 'no enabled plugin has it'): ClocheError {
  return new ClocheError('COMMAND_MISSING', `There is no command ${shown(name)}: ${why}`);
}

function splitAt(text: string, at: number): readonly string[] {
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
