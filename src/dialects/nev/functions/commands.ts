// `nev:plugins/commands`: what a plugin can have done, and what it has others do.

import type { HostCallContext } from '../../../capabilities/host-function.ts';
import { decideBy, type NameRules } from '../../../capabilities/scopes/name-rules.ts';
import type { DialectFunction, EditorService, LiveContributions } from '../../../capabilities/services.ts';
import { ClocheError } from '../../../errors.ts';
import { liveContributions } from '../../../manifest/read-contributions.ts';
import type { AbiValue } from '../../../runtime/wire/abi/types.ts';
import { COMMANDS } from '../permissions.ts';
import { EDITOR } from './names.ts';
import { does, gives } from './typed.ts';

const INTERFACE = 'nev:plugins/commands';
const RESULT = { ok: 'string', err: ['not-allowed', 'not-found'] } as const;
const PARAMS = { list: { tuple: ['string', 'string'] } } as const;
/** Each is checked and listed in the page. */
const MOST_COMMANDS = 500;

export interface CommandsDeps {
  readonly editor: EditorService;
  readonly live: LiveContributions;
}

export function commandFunctions({ editor, live }: CommandsDeps): DialectFunction[] {
  /** What takes back each command that runs now, by plugin and name. */
  const defined = new Map<number, Map<string, () => void>>();

  const definedIn = ({ instance }: HostCallContext): Map<string, () => void> => {
    const own = defined.get(instance.id) ?? new Map<string, () => void>();
    if (defined.has(instance.id)) return own;
    defined.set(instance.id, own);
    instance.onEnd(() => {
      defined.delete(instance.id);
      for (const takeBack of own.values()) takeBack();
    });
    return own;
  };

  return [
    {
      name: 'define-command',
      capability: EDITOR,
      ...does(
        INTERFACE,
        ['string', 'bool', 'string', PARAMS, 'string', 'string', 'u32', 'u32'],
        ([name, isActive, docs, params, returnType, _context, fun, data], context) => {
          const own = definedIn(context);
          if (!own.has(name) && own.size >= MOST_COMMANDS) {
            throw new ClocheError('QUOTA_EXCEEDED', `a plugin has at most ${MOST_COMMANDS} commands`);
          }
          const command = {
            name,
            description: docs.slice(0, 2_000),
            params: params.map(([param, type]) => ({ name: param, type })),
            returnType,
            handler: 'handle_command',
            callback: `${fun} ${data}${isActive ? ' active' : ''}`,
          };
          const takeBack = live.add(context.plugin.id, liveContributions({ commands: [command] }));
          own.get(name)?.();
          own.set(name, takeBack);
        },
      ),
    },
    {
      name: 'run-command',
      capability: COMMANDS,
      ...gives(
        INTERFACE,
        ['string', 'string'],
        RESULT,
        async ([name, args], context): Promise<AbiValue<typeof RESULT>> => {
          if (!mayRun(name, context)) return { err: 'not-allowed' };
          const own = editor.commands.get(name);
          if (own) return { ok: textOr(await own(args, context)) };
          // Made before anything is awaited: who waits for whom is known until then.
          const running = live.host.run(name, args, { signal: context.signal });
          try {
            return { ok: await running };
          } catch (thrown) {
            if (!(thrown instanceof ClocheError)) throw thrown;
            if (thrown.code !== 'COMMAND_MISSING') context.log('warn', `\`run-command\`: ${thrown.message}`);
            return { err: 'not-found' };
          }
        },
        // By its contract there is no third thing to say; the log has the cause.
        ({ code }): AbiValue<typeof RESULT> => ({ err: code === 'PERMISSION_DENIED' ? 'not-allowed' : 'not-found' }),
      ),
    },
    {
      name: 'exit-command-line',
      capability: EDITOR,
      ...does(INTERFACE, [], () => undefined),
    },
  ];
}

function textOr(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** By exactly the name, under the grant and the policy. One that other readers would trim is nobody's. */
export function mayRun(name: string, { grant, policy, decided }: HostCallContext): boolean {
  const isPlain = name !== '' && name.trim() === name && !/[\p{Cc}\p{Cs}\s]/u.test(name);
  return [grant, policy].every((scope) => {
    if (!isPlain) return false;
    if (scope === undefined) return true;
    const decision = decideBy(scope as NameRules, (entry) => entry === name);
    decided?.({ decidedBy: scope === grant ? 'grant' : 'policy', rule: decision.rule, entry: decision.entry });
    return decision.allowed;
  });
}
