// Capability `scm`: branches and links in the repositories of the embedding app. Its functions are in `dialects/windshift/functions/scm.ts`.

import type { Capability } from '../capability.ts';
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
      summary: 'Create branches, and link them to items, in the repositories that the server of this site lets it use.',
      needsServer: 'Only a server can reach repositories, and this site has named none: see the option `relay`.',
      functions: {
        scm_create_branch: async () => (await import('../../dialects/windshift/functions/scm.ts')).createBranch,
        scm_create_item_link: async () => (await import('../../dialects/windshift/functions/scm.ts')).createItemLink,
      },
    },
    options,
  );
}
