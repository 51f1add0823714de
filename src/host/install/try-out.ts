// A plugin is started before it takes a place: what cannot start takes none.

import { messageOf } from '../../errors.ts';
import type { LogWriter } from '../../extensions/context.ts';
import type { Introspection } from '../../manifest/dialect.ts';
import { checkRequests } from '../../permissions/describe-requests.ts';
import { alreadyInstalled } from '../../registry/already-installed.ts';
import { DESCRIBING } from '../../runtime/calls/running-call.ts';
import { isSame } from '../../util/same-data.ts';
import type { HostContext } from '../host-context.ts';
import type { Plugin } from '../plugin.ts';

type TrialContext = Pick<HostContext, 'say' | 'pool'>;

/** Starts a new plugin, and lets it say of itself what its manifest does not. One that cannot start is closed again. */
export async function tryOut(plugin: Plugin, context: TrialContext, signal: AbortSignal | undefined): Promise<void> {
  try {
    await plugin.inspect(signal);
    // Imports are known now, and with them all that the plugin asks for. Whatever is granted: a scope that shows only
    // when somebody looks at it would be in the way of all who look.
    checkRequests(plugin.current.effective.question);
    await plugin.start(signal);
    const { code, rules } = plugin.current.linkedDialect;
    for (const notice of rules.notices?.(plugin.manifest) ?? []) context.say(plugin.id, 'warn', notice);
    const completed = await code.complete?.(plugin.manifest, introspection(plugin, context, signal));
    if (!completed) return;
    const guest = code.guest(plugin.manifest, plugin.grants);
    // Its id was settled before: grants and data belong to that.
    plugin.current.describe({ ...completed, id: plugin.id });
    // It runs under the name that it had before, after which its folders are called.
    if (!isSame(guest, code.guest(plugin.manifest, plugin.grants))) await plugin.reset();
  } catch (thrown) {
    await plugin.close();
    throw thrown;
  }
}

export function introspection(
  plugin: Plugin,
  { say, pool }: TrialContext,
  signal: AbortSignal | undefined,
): Introspection {
  const options = { context: DESCRIBING, ...(signal && { signal }) };
  return {
    ask: (name, input) =>
      asked(plugin, name, say, signal, async () => (await plugin.call(name, input, options)).bytes()),
    askWith: (name, args) => asked(plugin, name, say, signal, () => plugin.callWith(name, args, options)),
    exports: async () => (await plugin.exports()).map(({ name }) => name),
    imports: () => plugin.imports(),
    canWait: pool.environment.hostCalls !== 'none',
    note: (text) => say(plugin.id, 'warn', text),
  };
}

/** What a plugin says of itself. It may have nothing to say, and is none the worse for that. */
async function asked<T>(
  plugin: Plugin,
  name: string,
  say: LogWriter,
  signal: AbortSignal | undefined,
  call: () => Promise<T>,
): Promise<T | undefined> {
  if (!(await plugin.exports()).some((exported) => exported.name === name)) return undefined;
  try {
    return await call();
  } catch (thrown) {
    if (signal?.aborted) throw thrown;
    say(plugin.id, 'warn', `\`${name}\` failed, so what it would have said is missing: ${messageOf(thrown)}`);
    return undefined;
  }
}

/** Runs `work` for what `trial` has shown to start, unless another plugin has taken the place since; else ends it. */
export async function inPlaceOf<T>(
  before: Plugin | undefined,
  trial: Plugin,
  { plugins }: Pick<HostContext, 'plugins'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    if (plugins.get(trial.id) !== before) throw alreadyInstalled(trial.id);
    return await work();
  } catch (thrown) {
    await trial.close();
    throw thrown;
  }
}
