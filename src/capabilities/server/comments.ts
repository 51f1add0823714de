// Capability `comments`: comments on the items of the embedding app, kept by its server.

import type { Capability } from '../capability.ts';
import { sentence } from '../sentences.ts';
import { defineRelayed, type RelayedOptions } from './relayed.ts';

/**
 * Comments by a relay, which decides on which items, and in whose name.
 * @throws {ClocheError} OPTION_INVALID when the relay is not valid
 */
export function comments(options: RelayedOptions = {}): Capability {
  return defineRelayed(
    {
      name: 'comments',
      risk: 'medium',
      summary: sentence(
        'comments',
        'Write comments, in the name of any user whom the server of this site lets it write for.',
      ),
      needsServer: sentence('commentsServer', 'Only a server can keep comments, and this site has none for that.'),
    },
    options,
  );
}
