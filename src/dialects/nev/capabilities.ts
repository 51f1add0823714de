// What an app offers to plugins of Nev, as capabilities: what Cloche implements of the interfaces itself, and what the app does.

import { type Capability, defineCapability } from '../../capabilities/capability.ts';
import type { HostCallContext, HostFunction } from '../../capabilities/host-function.ts';
import { nameScope } from '../../capabilities/scopes/name-scope.ts';
import { sentence } from '../../capabilities/sentences.ts';
import type { ApiVersion, AppCommand, EditorService, EditorSettings } from '../../capabilities/services.ts';
import { ClocheError } from '../../errors.ts';
import type { AbiArguments, AbiFunction, AbiValue } from '../../runtime/wire/abi/types.ts';
import { entriesOf, givenOptions } from '../../util/given-options.ts';
import { API_VERSIONS } from './api-version.ts';
import { type AppFunction, checkedCommand, forApp, ofBuffer } from './app-functions.ts';
import { EDITOR, interfaceName, SETTINGS } from './functions/names.ts';
import { made } from './functions/typed.ts';
import { INTERFACES, type NevInterfaceTypes, OF_BUFFERS } from './interfaces.ts';
import { COMMANDS } from './permissions.ts';

type Implementation<F> = F extends { readonly params: infer P }
  ? (
      args: AbiArguments<P>,
      context: HostCallContext,
    ) => F extends { readonly result: infer R } ? AbiValue<R> | Promise<AbiValue<R>> : unknown
  : never;

/**
 * What an app implements of the interfaces `editor`, `text-editor`, `text-document`, `layout`, `render`, `process` and `channel`,
 * by interface and function. A plugin that imports another function of them is refused by name.
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
  /** For plugins of every version. @default none */
  interfaces?: NevInterfaces;
  /** The versions that are served, 0 and 1; each may have interfaces of its own, before those for all. @default both, for good */
  apiVersions?: Readonly<Partial<Record<0 | 1, NevApiVersion>>>;
}

export interface NevApiVersion extends ApiVersion {
  /** @default those for every version */
  readonly interfaces?: NevInterfaces;
}

/** @throws {ClocheError} OPTION_INVALID */
export function nevCapabilities(given: NevOptions = {}): Capability[] {
  const options = givenOptions<NevOptions>('`nevCapabilities()`', given, {
    commands: true,
    settings: true,
    interfaces: true,
    apiVersions: true,
  });
  const versions = checkedVersions(options.apiVersions);
  const editor: EditorService = {
    commands: checkedCommands(options.commands ?? {}),
    settings: options.settings ?? new Map<string, unknown>(),
    ...(versions && { apiVersions: versions }),
  };
  return [
    defineCapability({
      name: EDITOR,
      summary: sentence(
        'editor',
        'Take part in the editor: offer commands, hear and tell of events, and use its registers and timers.',
      ),
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
          list
            ? list.length > 0
              ? sentence('editorCommands', 'Run these commands of the editor: {names}.', { names: list })
              : sentence('noEditorCommand', 'Run these commands of the editor: none.')
            : sentence('everyEditorCommand', 'Run every command of the editor.'),
      }),
    }),
    defineCapability({
      name: SETTINGS,
      summary: sentence('editorSettings', 'Read and change settings of the editor.'),
      risk: 'medium',
      functions: {},
    }),
    ...[...(versions ?? [])].flatMap(([version, { interfaces = {} }]) => implemented(editor, interfaces, version)),
    ...implemented(editor, options.interfaces ?? {}),
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

function checkedVersions(given: NevOptions['apiVersions']): ReadonlyMap<number, NevApiVersion> | undefined {
  if (given === undefined) return undefined;
  const versions = entriesOf('apiVersions', given).map(([version, value]): [number, NevApiVersion] => {
    const path = `apiVersions.${version}`;
    if (!API_VERSIONS.map(String).includes(version)) {
      throw new ClocheError('OPTION_INVALID', `\`${path}\` is none of ${API_VERSIONS.join(' and ')}`);
    }
    const keys = { deprecated: true, until: true, interfaces: true } as const;
    const own = givenOptions<NevApiVersion>(`\`${path}\``, value as NevApiVersion, keys);
    for (const key of ['deprecated', 'until'] as const) {
      if (own[key] === undefined || typeof own[key] === 'string') continue;
      throw new ClocheError('OPTION_INVALID', `Expected \`${path}.${key}\` to be text`);
    }
    return [Number(version), own];
  });
  if (versions.length === 0) throw new ClocheError('OPTION_INVALID', 'Expected `apiVersions` to name a version');
  return new Map(versions);
}

/** One capability for each interface that has any function. */
function implemented(editor: EditorService, given: NevInterfaces, version?: number): Capability[] {
  const known: Readonly<Record<string, Readonly<Record<string, AbiFunction>>>> = INTERFACES;
  return entriesOf('interfaces', given).map(([name, functions]) => {
    const types = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!types) {
      throw new ClocheError('OPTION_INVALID', `\`interfaces.${name}\` is none of ${Object.keys(known).join(', ')}`);
    }
    const namespace = `nev:plugins/${name}`;
    const own = entriesOf(`interfaces.${name}`, functions).flatMap(([fn, call]): [string, HostFunction][] => {
      const type = Object.hasOwn(types, fn) ? types[fn] : undefined;
      if (!type || typeof call !== 'function') {
        throw new ClocheError('OPTION_INVALID', `\`interfaces.${name}["${fn}"]\` is no function of that interface`);
      }
      const { params, result } = type;
      const run =
        name === 'text-editor' && fn === 'command' ? checkedCommand(call as AppFunction) : (call as AppFunction);
      const itself: [string, HostFunction] = [fn, made(namespace, params, result, forApp(editor, type, run))];
      if (fn !== 'create-texture' && fn !== 'update-texture') return [itself];
      const other = OF_BUFFERS[fn];
      return [itself, [other.name, made(namespace, other.params, other.result, ofBuffer(editor, other, run))]];
    });
    return defineCapability({
      name: interfaceName(name, version),
      namespace,
      summary: `Use what the editor offers as \`${name}\`.`,
      functions: Object.fromEntries(own) as never,
    });
  });
}
