// Capability `commands`: programs on the server.

import type { Capability } from '../capability.ts';
import type { NameRules } from '../scopes/name-rules.ts';
import { nameScope } from '../scopes/name-scope.ts';
import { sentence } from '../sentences.ts';
import { defineRelayed, type RelayedOptions } from './relayed.ts';

/** What can be granted of `commands`: names of commands, exactly as plugins give them. */
export type CommandsScope = NameRules;

/** Asked about by `{ name }`. */
export const commandsScope = nameScope({
  example: 'make',
  sentence: (list) =>
    list
      ? list.length > 0
        ? sentence('commands', 'Run these commands on the server of this site: {names}.', { names: list })
        : sentence('noCommand', 'Run these commands on the server of this site: none.')
      : sentence('everyCommand', 'Run every command that the server of this site allows it.'),
});

/**
 * Runs commands by a relay. Scope: {@link CommandsScope}. A command is never sent twice, also when nobody knows whether
 * it ran.
 * @throws {ClocheError} OPTION_INVALID when the relay is not valid
 */
export function commands(options: RelayedOptions = {}): Capability {
  return defineRelayed(
    {
      name: 'commands',
      risk: 'high',
      scope: commandsScope,
      needsServer: sentence('commandsServer', 'Only a server can run commands, and this site has none for that.'),
    },
    options,
  );
}
