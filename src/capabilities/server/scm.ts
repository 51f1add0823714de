// Capability `scm`: branches and links in the repositories of the embedding app.

import type { Capability } from '../capability.ts';
import { sentence } from '../sentences.ts';
import { defineRelayed, type RelayedOptions } from './relayed.ts';

/**
 * Branches and links by a relay, which decides in which repositories.
 * @throws {ClocheError} OPTION_INVALID when the relay is not valid
 */
export function scm(options: RelayedOptions = {}): Capability {
  return defineRelayed(
    {
      name: 'scm',
      risk: 'medium',
      summary: sentence(
        'scm',
        'Create branches, and link them to items, in the repositories that the server of this site lets it use.',
      ),
      needsServer: sentence('scmServer', 'Only a server can reach repositories, and this site has none for that.'),
    },
    options,
  );
}
