// What an app offers to plugins of Nev, as capabilities: what Cloche implements of the interfaces itself, and what the app does.

import { type Capability, defineCapability } from '../../capabilities/capability.ts';
import type { HostCallContext, HostFunction } from '../../capabilities/host-function.ts';
import { nameScope } from '../../capabilities/scopes/name-scope.ts';
import type { AppCommand, EditorService, EditorSettings } from '../../capabilities/services.ts';
import { ClocheError } from '../../errors.ts';
import type { AbiArguments, AbiFunction, AbiValue } from '../../runtime/wire/abi/types.ts';
import { entriesOf, givenOptions } from '../../util/given-options.ts';
import { EDITOR, SETTINGS } from './functions/names.ts';
import { made } from './functions/typed.ts';
import { INTERFACES, type NevInterfaceTypes } from './interfaces.ts';
import { COMMANDS } from './permissions.ts';

type Implementation<F> = F extends { readonly params: infer P }
  ? (
      args: AbiArguments<P>,
      context: HostCallContext,
    ) => F extends { readonly result: infer R } ? AbiValue<R> | Promise<AbiValue<R>> : unknown
  : never;

/**
 * What an app implements of the interfaces `editor`, `text-editor`, `text-document`, `layout`, `render`, `process` and `vfs`, by
 * interface and function. A plugin that imports another function of them is refused by name.
 */
export type NevInterfaces = {
  readonly [I in keyof NevInterfaceTypes]?: {
    readonly [F in keyof NevInterfaceTypes[I]]?: Implementation<NevInterfaceTypes[I][F]>;
  };
};

export interface NevOptions {
  /** Commands of the app, which plugins run that are granted them by name. @default none */
  commands?: Readonly<Record<string, AppCommand>>;
  /** @default in memory, until the page is left */
  settings?: EditorSettings;
  /** @default none */
  interfaces?: NevInterfaces;
}

/** @throws {ClocheError} OPTION_INVALID */
export function nevCapabilities(given: NevOptions = {}): Capability[] {
  const options = givenOptions<NevOptions>('`nevCapabilities()`', given, {
    commands: true,
    settings: true,
    interfaces: true,
  });
  const editor: EditorService = {
    commands: checkedCommands(options.commands ?? {}),
    settings: options.settings ?? new Map<string, unknown>(),
  };
  return [
    defineCapability({
      name: EDITOR,
      summary: 'Take part in the editor: offer commands, hear and tell of events, and use its registers and timers.',
      risk: 'low',
      functions: {},
      services: { editor },
    }),
    defineCapability({
      name: COMMANDS,
      risk: 'high',
      askedBy: 'manifest',
      functions: {},
      scope: nameScope({
        example: 'open',
        sentence: (list) =>
          list ? `Run these commands of the editor: ${list.join(', ') || 'none'}.` : 'Run every command of the editor.',
      }),
    }),
    defineCapability({
      name: SETTINGS,
      summary: 'Read and change settings of the editor.',
      risk: 'medium',
      functions: {},
    }),
    ...implemented(options.interfaces ?? {}),
  ];
}

function checkedCommands(given: object): ReadonlyMap<string, AppCommand> {
  return new Map(
    entriesOf('commands', given).map(([name, run]) => {
      if (typeof run === 'function') return [name, run as AppCommand] as const;
      throw new ClocheError('OPTION_INVALID', `Expected \`commands.${name}\` to be a function`);
    }),
  );
}

/** One capability for each interface that has any function. */
function implemented(given: NevInterfaces): Capability[] {
  const known: Readonly<Record<string, Readonly<Record<string, AbiFunction>>>> = INTERFACES;
  return entriesOf('interfaces', given).map(([name, functions]) => {
    const types = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!types) {
      throw new ClocheError('OPTION_INVALID', `\`interfaces.${name}\` is none of ${Object.keys(known).join(', ')}`);
    }
    const own = entriesOf(`interfaces.${name}`, functions).map(([fn, call]): [string, HostFunction] => {
      const type = Object.hasOwn(types, fn) ? types[fn] : undefined;
      if (!type || typeof call !== 'function') {
        throw new ClocheError('OPTION_INVALID', `\`interfaces.${name}["${fn}"]\` is no function of that interface`);
      }
      return [fn, made(`nev:plugins/${name}`, type.params, type.result, call as Parameters<typeof made>[3])];
    });
    return defineCapability({
      name: `${EDITOR}-${name}`,
      namespace: `nev:plugins/${name}`,
      summary: `Use what the editor offers as \`${name}\`.`,
      functions: Object.fromEntries(own) as never,
    });
  });
}
