// Capability `commands`: programs on the server.

import { visibleText } from '../../util/text/visible-text.ts';
import type { Capability } from '../capability.ts';
import { listScope } from '../list-scope.ts';
import { defineRelayed, type RelayedOptions } from './relayed.ts';

/** What can be granted of `commands`. */
export interface CommandsScope {
  /** Names of commands, exactly as plugins give them. @default any that the relay allows */
  readonly allow?: readonly string[];
}

/**
 * Runs commands by a relay. Scope: `{ allow?: string[] }`. A command is never sent twice, also when nobody knows whether
 * it ran.
 * @throws {ClocheError} OPTION_INVALID when the relay is not valid
 */
export function commands(options: RelayedOptions = {}): Capability {
  return defineRelayed(
    {
      name: 'commands',
      risk: 'high',
      scope: listScope({
        key: 'allow',
        example: 'make',
        entry: (text) => (text === '' ? undefined : text),
        sentence: (list) =>
          list
            ? `Run these commands on the server of this site: ${list.map((name) => visibleText(name, 100)).join(', ') || 'none'}.`
            : 'Run every command that the server of this site allows it.',
      }),
      needsServer: 'Only a server can run commands, and this site has named none: see the option `relay`.',
    },
    options,
  );
}
